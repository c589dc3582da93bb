"""Logs that are read in the background: asked for, finished, begun again, given up."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.triage.diagnosis import attached_logs
from services.triage.log_jobs.domain import LEASE, MOST_TRIES, JobState, LogJob
from services.triage.log_jobs.handlers import LogJobHandlers
from services.triage.log_jobs.store import LogJobs
from services.triage.work.values import TRIAGE_ORIGIN
from shared.bus import Bus
from shared.domain import Unavailable
from shared.events import TriageLogAnalysed
from shared.events.intake_files import LogPiece, LogState, ReadLog
from shared.terms import Text
from shared.testing import AGENT, CHEN, LIU, Person, World
from tests.triage.builders import TICKET
from tests.triage.scene import ask, claimed, post, triage

PATH = f"/v1/tickets/{TICKET}/work/log-analysis-jobs"
LINES = [
    "12:00:01 ERROR ORA-01653\n",
    "java.lang.IllegalStateException: no pool\n\tat com.acme.Order.create(Order.java:12)\n",
]
MINUTES = timedelta(minutes=1)


async def read_log(asked: ReadLog) -> LogPiece:
    """As intake answers: one file of two pieces, and one that is no text."""
    if asked.attachment == "f-2":
        return LogPiece(state=LogState.NOT_TEXT, name="a.png")
    following = None if asked.start else len(LINES[0])
    return LogPiece(state=LogState.READ, name="app.log", text=LINES[bool(asked.start)], next=following)


@pytest.fixture
async def files(world: World) -> AsyncIterator[Bus]:
    bus = Bus(world.servers.nats_url, "files", world.prefix)
    bus.answers("intake.read_log", ReadLog, read_log)
    await bus.start()
    yield bus
    await bus.stop()


async def begun(world: World, who: Person = CHEN, **body: Any) -> dict[str, Any]:
    answer = await post(world, who, PATH, {"attachments": ["f-1"], **body})
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{PATH}/{found['id']}"
    return found


async def over(world: World, job: str) -> dict[str, Any]:
    """When it is; it is due at once."""
    await triage(world).log_jobs.fire([job])
    await triage(world).log_jobs.idle()
    await world.settle()
    found: dict[str, Any] = (await ask(world, CHEN, "GET", f"{PATH}/{job}")).json()
    return found


async def test_a_log_is_read_in_the_background_once(world: World, files: Bus) -> None:
    await claimed(world)
    job = (await begun(world, root_cause="连接池过小"))["id"]
    assert (await begun(world, root_cause="连接池过小"))["id"] == job
    here, service = world.runtimes["triage"], triage(world)
    replica = LogJobHandlers(LogJobs(here.database, here.sender, world.now), service.diagnosis, world.now)
    await replica.fire([job])
    await over(world, job)
    await replica.idle()
    found = await over(world, job)
    assert (found["state"], found["characters"]) == ("finished", sum(map(len, LINES)))
    assert [one["name"] for one in found["result"]["files"]] == ["app.log"]
    assert found["result"]["traces"][0]["type"] == "java.lang.IllegalStateException"
    await world.settle()
    [told] = world.published(TriageLogAnalysed)
    assert told.root_cause == "连接池过小"
    work = (await ask(world, CHEN, "GET", f"/v1/tickets/{TICKET}/work")).json()
    assert [one["id"] for one in work["log_analyses"]] == [found["result"]["analysis"]]


async def test_why_it_failed_stands_in_both_languages(world: World, files: Bus) -> None:
    await claimed(world)
    found = await over(world, (await begun(world, attachments=["f-2"]))["id"])
    assert (found["state"], found["why"]) == ("failed", {"en": "a.png is no text", "zh": "a.png 不是文本文件"})


async def test_only_who_works_on_the_ticket_asks_for_it(world: World) -> None:
    await claimed(world)
    refused = [(await post(world, who, PATH, {"attachments": ["f-1"]})).status_code for who in (LIU, AGENT)]
    assert refused == [403, 403]
    assert (await post(world, CHEN, PATH, {"attachments": ["other"]})).status_code == 422
    assert (await post(world, CHEN, PATH, {"attachments": []})).status_code == 422
    job = (await begun(world))["id"]
    assert (
        await ask(world, CHEN, "GET", f"/v1/tickets/TK-2026-000009/work/log-analysis-jobs/{job}")
    ).status_code == 404


async def test_what_a_dead_process_began_is_begun_again(world: World, files: Bus) -> None:
    await claimed(world)
    job = (await begun(world))["id"]
    store = triage(world).log_jobs.store
    await store.change(job, partial(LogJob.begin, run="dead", now=world.now()), TRIAGE_ORIGIN)
    assert (await over(world, job))["state"] == "running"
    world.time += LEASE
    assert (await over(world, job))["state"] == "finished"
    late = await store.change(job, partial(LogJob.fail, run="dead", why=Text("x", "x"), now=world.now()), TRIAGE_ORIGIN)
    assert late.state is JobState.FINISHED


async def test_what_intake_does_not_answer_is_asked_for_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads files here."""

    async def away(*_: object) -> LogPiece:
        raise Unavailable("intake is away", "受理服务暂时不可用")

    monkeypatch.setattr(attached_logs.AttachedLogs, "_piece", away)
    await claimed(world)
    job = (await begun(world))["id"]
    states = []
    for _ in range(MOST_TRIES):
        states.append((await over(world, job))["state"])
        world.time += MINUTES
    assert states == ["queued"] * (MOST_TRIES - 1) + ["failed"]
    assert (await begun(world))["state"] == "queued"


async def test_nobody_waits_for_a_long_one(world: World, files: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached_logs, "MOST_AT_ONCE", 40)
    await claimed(world)
    answer = await post(world, CHEN, f"/v1/tickets/{TICKET}/work/log-analyses", {"attachments": ["f-1"]})
    assert (answer.status_code, answer.json()["title"]) == (422, "The log is too long to be read while you wait")
    assert (await over(world, (await begun(world))["id"]))["state"] == "finished"


async def test_what_was_found_is_forgotten_after_a_week(world: World, files: Bus) -> None:
    await claimed(world)
    job = (await begun(world))["id"]
    await over(world, job)
    world.time += timedelta(days=8)
    await triage(world).log_jobs.store.remove_expired()
    assert (await ask(world, CHEN, "GET", f"{PATH}/{job}")).status_code == 404
