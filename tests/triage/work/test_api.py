from typing import Any

import pytest

from shared.events import (
    TicketCompleted,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
)
from shared.testing import AGENT, AUDITOR, CHEN, NOON, WANG, World
from tests.triage.builders import CRASH, TICKET, opened
from tests.triage.scene import VERIFICATION, ask, claimed, post


async def test_a_stale_if_match_is_refused(world: World) -> None:
    await claimed(world)
    seen = await ask(world, CHEN, "GET", f"/v1/tickets/{TICKET}/work")
    tag = seen.headers["etag"]
    path = f"/v1/tickets/{TICKET}/work/notes"
    first = await post(world, CHEN, path, {"text": "看过日志"}, **{"If-Match": tag})
    assert first.status_code == 201
    assert first.headers["etag"] != tag
    stale = await post(world, CHEN, path, {"text": "再看一次"}, **{"If-Match": tag})
    assert stale.status_code == 412


async def test_an_unknown_ticket_is_not_found(world: World) -> None:
    assert (await ask(world, CHEN, "GET", "/v1/tickets/TK-2026-000404/work")).status_code == 404
    assert (await ask(world, WANG, "GET", "/v1/tickets/TK-2026-000404/work")).status_code == 403


async def test_a_work_item_shows_its_status_and_both_languages(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    shown = (await ask(world, AUDITOR, "GET", f"/v1/tickets/{TICKET}/work")).json()
    assert (shown["work"], shown["channel"]) == ("queued", "online")
    assert all(reason["en"] and reason["zh"] for reason in shown["reasons"])


async def test_a_third_party_is_brought_in_and_answers(world: World) -> None:
    await claimed(world)
    path = f"/v1/tickets/{TICKET}/work/third-parties"
    body = {"party": "数据库厂商", "reason": "连接数异常"}
    assert (await post(world, CHEN, path, body)).status_code == 201
    assert (await post(world, CHEN, path, body)).status_code == 409
    answer = {"party": "数据库厂商", "answer": "升级驱动"}
    done = await post(world, CHEN, f"{path}/answer", answer)
    assert done.json()["third_parties"][0]["answer"] == "升级驱动"
    assert (await post(world, CHEN, f"{path}/answer", answer)).status_code == 404
    assert len(world.published(TriageThirdPartyEngaged)) == len(world.published(TriageThirdPartyAnswered)) == 1


async def test_a_note_sent_twice_is_written_once(world: World) -> None:
    await claimed(world)
    for _ in range(2):
        answer = await post(world, CHEN, f"/v1/tickets/{TICKET}/work/notes", {"text": "已联系客户"})
    assert [entry["text"] for entry in answer.json()["worklog"] if entry["did"] == "noted"] == ["已联系客户"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("remote-sessions", {"tool": "ToDesk", "purpose": "x"}),
        ("log-analyses", {"text": "x"}),
        ("third-parties", {"party": "厂商", "reason": "x"}),
        ("solutions", {"solution": "x"}),
        ("verifications", {**VERIFICATION, "passed": True}),
        ("notes", {"text": "x"}),
        ("release", {"reason": "x"}),
        ("classification", {"category": "data", "priority": "high", "reason": "x"}),
    ],
)
async def test_nothing_is_done_on_a_completed_ticket(world: World, path: str, body: dict[str, Any]) -> None:
    await claimed(world)
    assert (await post(world, AGENT, f"/v1/tickets/{TICKET}/work/{path}", body)).status_code == 403
    await world.publish(
        TicketCompleted(subject=TICKET, time=world.now(), problem=CRASH, customer="u-wang", opened_at=NOON)
    )
    refused = await post(world, CHEN, f"/v1/tickets/{TICKET}/work/{path}", body)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:bihuan:problem:closed")
