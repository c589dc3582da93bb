"""Logs that a customer attached are analysed where they lie."""

import gzip
from collections.abc import AsyncIterator

import pytest
from httpx2 import Response

from services.intake.app import create_app as intake
from services.triage.app import create_app as triage
from shared.events import TriageLogAnalysed
from shared.testing import AGENT, CHEN, LIU, WANG, Person, Servers, World, running

TRACE = "java.lang.IllegalStateException: no pool {}\n\tat com.acme.{}.create(Order.java:12)\n"
NOISE = "2026-03-02 12:00:01 INFO 一切正常\n" * 200


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, intake, triage) as world:
        yield world


async def analysed(world: World, number: str, who: Person, **body: object) -> Response:
    async with world.as_(who, "triage") as engineer:
        answer = await engineer.post(f"/v1/tickets/{number}/work/log-analyses", json=body)
    await world.settle()
    return answer


async def test_a_log_is_analysed_where_it_lies(world: World) -> None:
    repeated = TRACE.format("", "Order") * 200 + NOISE * 40
    long = (repeated + TRACE.format("late", "Late")).encode()
    packed = gzip.compress((NOISE + TRACE.format("", "Packed")).encode())
    files: list[str] = []
    async with world.as_(WANG, "intake") as wang:
        body = {"title": "导出失败", "description": "点击导出后失败"}
        number = (await wang.post("/v1/tickets", json=body)).json()["ticket"]
        for name, content in (("app.log", long), ("old.log.gz", packed), ("a.bin", b"\0\1")):
            answer = await wang.post(f"/v1/tickets/{number}/attachments", files={"file": (name, content)})
            files.append(answer.json()["attachments"][-1]["id"])
    await world.settle()
    async with world.as_(CHEN, "triage") as chen:
        assert (await chen.post("/v1/queue/claims", json={"ticket": number, "reason": "日志"})).status_code == 200
    await world.settle()

    answer = await analysed(world, number, CHEN, attachments=files[:2], root_cause="连接池过小")
    assert answer.status_code == 201, answer.text
    [one] = world.published(TriageLogAnalysed)
    assert one.attachment == "app.log, old.log.gz"
    assert len(one.fingerprints) == 3  # also the one behind two hundred others
    assert [(file["name"], file["complete"]) for file in answer.json()["files"]] == [
        ("app.log", True),
        ("old.log.gz", True),
    ]
    assert (await analysed(world, number, CHEN, attachments=files[2:])).status_code == 422
    assert (await analysed(world, number, CHEN, attachments=["nothing"])).status_code == 404
    assert (await analysed(world, number, CHEN)).status_code == 422
    assert (await analysed(world, number, LIU, attachments=files[:1])).status_code == 403
    assert (await analysed(world, number, AGENT, attachments=files[:1])).status_code == 403
    await world.stop("intake")
    triage_now = world.apps["triage"].state.service
    object.__setattr__(triage_now.diagnosis.logs, "within", 0.05)
    assert (await analysed(world, number, CHEN, attachments=files[:1])).status_code == 503
