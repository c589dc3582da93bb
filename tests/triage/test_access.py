"""Who may ask for what: rights come before versions."""

from typing import Any

import pytest

from shared.events import TriageReleased
from shared.testing import CHEN, LIU, WANG, World
from tests.triage.builders import TICKET
from tests.triage.scene import VERIFICATION, claimed, post


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("remote-sessions", {"tool": "ToDesk", "purpose": "x"}),
        ("remote-sessions/s1/end", {"recording": "r-1"}),
        ("log-analyses", {"text": "x"}),
        ("third-parties", {"party": "厂商", "reason": "x"}),
        ("third-parties/answer", {"party": "厂商", "answer": "x"}),
        ("solutions", {"solution": "x"}),
        ("verifications", {**VERIFICATION, "passed": True}),
        ("steps", {"step": "x", "result": "x"}),
        ("knowledge-searches", {"query": "x"}),
        ("deep-analyses", {"features": "x"}),
        ("notes", {"text": "x"}),
        ("release", {"reason": "x"}),
        ("classification", {"category": "data", "priority": "high", "reason": "x"}),
    ],
)
async def test_what_is_not_theirs_is_refused_before_versions_are_compared(
    world: World, path: str, body: dict[str, Any]
) -> None:
    await claimed(world)
    guess = {"If-Match": '"9999"'}
    assert (await post(world, CHEN, f"/v1/tickets/{TICKET}/work/{path}", body, **guess)).status_code == 412
    foreign = await post(world, LIU, f"/v1/tickets/{TICKET}/work/{path}", body, **guess)
    assert (foreign.status_code, foreign.json()["type"]) == (403, "urn:bihuan:problem:not-assignee")
    requester = [
        await post(world, WANG, f"/v1/tickets/{number}/work/{path}", body, **guess) for number in (TICKET, "TK-0")
    ]
    assert [(answer.status_code, answer.json()["detail"]) for answer in requester] == [
        (403, requester[0].json()["detail"])
    ] * 2


async def test_a_repeated_release_is_answered_although_it_is_theirs_no_more(world: World) -> None:
    await claimed(world)
    path, key = f"/v1/tickets/{TICKET}/work/release", {"Idempotency-Key": "k-9"}
    answers = [await post(world, CHEN, path, {"reason": "下班"}, **key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (await post(world, CHEN, path, {"reason": "下班"})).status_code == 403
    assert len(world.published(TriageReleased)) == 1
