"""Calls over HTTP: those that a telephone system told of, and those that people wrote down."""

from typing import Any

import pytest

from services.intake.channels.accounts import Account
from shared.events import CallChanged
from shared.testing import ADMIN, AGENT, AUDITOR, CHEN, WANG, World
from tests.intake.channels.test_hotline import HOTLINE, state, tell
from tests.intake.scene import opened

NUMBER = "+8613800138000"
NEW: dict[str, Any] = {"number": "138 0013 8000", "began_at": "2026-03-02T11:50:00+08:00", "notes": "导出又崩溃了"}


@pytest.fixture
def pbx(world: World) -> World:
    world.apps["intake"].state.service.channels.accounts["pbx"] = Account("pbx", "", HOTLINE)
    return world


async def listed(world: World, **query: str) -> list[dict[str, Any]]:
    async with world.as_(AGENT, "intake") as agent:
        answer = await agent.get("/v1/calls", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_call_is_told_of_while_it_rings_and_kept_as_it_went_on(pbx: World) -> None:
    assert await tell(pbx, state("ringing", agent="8001")) == 200
    await pbx.settle()
    [rings] = pbx.published(CallChanged)
    assert (rings.state, rings.number, rings.agent) == ("ringing", NUMBER, "8001")
    await tell(pbx, state("ended", ended_at="2026-03-02T12:07:00+08:00", recording_url="https://pbx.example/r/1"))
    await tell(pbx, state("answered", answered_at="2026-03-02T12:01:00+08:00"))
    [call] = await listed(pbx)
    assert (call["state"], call["number"], call["agent"]) == ("ended", NUMBER, "8001")
    assert call["answered_at"] == "2026-03-02T04:01:00Z"
    assert call["ended_at"] == "2026-03-02T04:07:00Z"
    assert call["recording_url"] == "https://pbx.example/r/1"


async def test_a_missed_call_is_on_the_ticket_that_it_became(pbx: World) -> None:
    await tell(pbx, state("missed", "long" * 100))
    await pbx.pass_time(seconds=8)
    [call] = await listed(pbx)
    assert call["state"] == "missed"
    assert call["ticket"].startswith("TK-")
    assert await listed(pbx, ticket=call["ticket"]) == [call]


async def test_a_call_of_ours_that_nobody_answers_is_no_request(pbx: World) -> None:
    away = state("missed", direction="outbound", **{"from": "400-820-8820", "to": "138 0013 8000"})
    assert await tell(pbx, away) == 200
    await pbx.pass_time(minutes=2)
    [call] = await listed(pbx)
    assert (call["outbound"], call["number"], call["ticket"]) == (True, NUMBER, "")


async def test_what_a_system_tells_is_never_more_than_text(pbx: World) -> None:
    hurtful = state("ringing", "c\ud800\x00" * 200, agent="<b>\u202e" * 500, recording_url="javascript:alert(1)")
    assert await tell(pbx, hurtful) == 200
    [call] = await listed(pbx)
    assert len(call["agent"]) <= 200
    assert call["recording_url"] == ""


async def test_whoever_takes_a_call_writes_it_down_once_and_puts_it_on_its_ticket(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(AGENT, "intake") as agent:
        twice = [await agent.post("/v1/calls", json=NEW) for _ in range(2)]
        call = twice[0].json()
        assert [one.status_code for one in twice] == [201, 201]
        assert (call["number"], call["agent"], call["state"]) == (NUMBER, AGENT.sub, "answered")
        put = await agent.put(f"/v1/calls/{call['id']}/ticket", json={"ticket": number})
        assert put.json()["ticket"] == number
        assert (await agent.put(f"/v1/calls/{call['id']}/ticket", json={"ticket": "TK-2026-999999"})).status_code == 404
        assert (await agent.get(f"/v1/calls/{call['id']}")).json()["notes"] == NEW["notes"]
    assert [one["id"] for one in await listed(world, number="13800138000")] == [call["id"]]
    assert await listed(world, number="+8613800138001") == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "anonymous"}, "body.number"),
        ({"ended_at": "2026-03-02T11:49:00+08:00"}, "body.ended_at"),
        ({"region": "cn"}, "body.region"),
    ],
)
async def test_what_cannot_be_is_refused_and_named(world: World, wrong: dict[str, str], field: str) -> None:
    async with world.as_(AGENT, "intake") as agent:
        answer = await agent.post("/v1/calls", json={**NEW, **wrong})
    assert answer.status_code == 422
    assert field in answer.text
    assert await listed(world) == []


async def test_calls_are_for_the_desk_alone(world: World) -> None:
    for person, may_read, may_record in ((WANG, 403, 403), (ADMIN, 403, 403), (AUDITOR, 200, 403), (CHEN, 200, 201)):
        async with world.as_(person, "intake") as client:
            assert (await client.get("/v1/calls")).status_code == may_read
            assert (await client.post("/v1/calls", json=NEW)).status_code == may_record
