"""The hotline: a call that nobody took becomes a ticket, once, by its number."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.intake.app import create_app
from services.intake.channels.accounts import Account
from services.intake.channels.adapter import BadSignature, Call
from shared.domain import Invalid
from shared.testing import LEAD, NOON, Servers, World, running
from tests.intake.channels.kit import HttpConformance
from tests.intake.channels.platforms import HotlinePlatform

PLATFORM = HotlinePlatform()
HOTLINE = PLATFORM.adapter


class TestHotline(HttpConformance):
    platform = PLATFORM


def seconds(ago: timedelta = timedelta(0)) -> str:
    return str(int((NOON - ago).timestamp()))


def call(body: bytes, timestamp: str = "", signature: str = "") -> Call:
    timestamp = timestamp or seconds()
    signed = signature or HOTLINE.signature("msg_1", timestamp, body)
    headers = {"webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": signed}
    return Call("POST", {}, headers, body, NOON)


def state(state: str, id: str = "c-1", **more: Any) -> bytes:
    return PLATFORM.state(state, id, **{"from": "138 0013 8000", "to": "400-820-8820", **more})


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        world.apps["intake"].state.service.channels.accounts["pbx"] = Account("pbx", "", HOTLINE)
        yield world


async def tell(world: World, body: bytes) -> int:
    timestamp = str(int(world.now().timestamp()))
    signature = HOTLINE.signature("m", timestamp, body)
    signed = {"webhook-id": "m", "webhook-timestamp": timestamp, "webhook-signature": signature}
    async with world.as_(None, "intake", **signed) as pbx:
        return (await pbx.post("/channels/pbx", content=body)).status_code


async def tickets(world: World) -> list[dict[str, Any]]:
    async with world.as_(LEAD, "intake") as lead:
        rows = (await lead.get("/v1/tickets")).json()["items"]
        return [(await lead.get(f"/v1/tickets/{row['ticket']}")).json() for row in rows]


def test_the_reference_signature() -> None:
    signature = HOTLINE.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_a_missed_call_becomes_a_ticket_to_be_called_back(world: World) -> None:
    for told in ("ringing", "missed", "missed", "ended"):
        assert await tell(world, state(told)) == 200
    await world.pass_time(seconds=8)
    [ticket] = await tickets(world)
    assert (ticket["channel"], ticket["contact"]["phone"]) == ("hotline", "+8613800138000")
    assert "+8613800138000" in ticket["problem"]["title"]
    assert ticket["problem"]["description"].endswith("400-820-8820")
    await world.pass_time(minutes=5)
    assert await tell(world, state("missed", "c-2")) == 200
    await world.pass_time(seconds=8)
    [ticket] = await tickets(world)
    assert len(ticket["messages"]) == 1


async def test_a_call_that_somebody_took_is_none(world: World) -> None:
    for told in ("ringing", "answered", "ended"):
        assert await tell(world, state(told)) == 200
    assert await tell(world, state("missed", **{"from": "anonymous"})) == 200
    await world.pass_time(minutes=2)
    assert await tickets(world) == []


@pytest.mark.parametrize("told", [("answered", "missed"), ("missed", "answered")])
async def test_a_call_that_rang_in_vain_for_one_and_was_taken_by_another_is_none(
    world: World, told: tuple[str, str]
) -> None:
    """Whichever is told first; another call that was missed is one all the same."""
    for one in told:
        assert await tell(world, state(one)) == 200
    await world.pass_time(minutes=1)
    assert await tickets(world) == []
    for id, one in (("c-2", "missed"), ("c-3", "missed"), ("c-3", "answered")):
        assert await tell(world, state(one, id)) == 200
    await world.pass_time(minutes=1)
    [ticket] = await tickets(world)
    assert ticket["problem"]["description"].count("+8613800138000") == 2  # in both languages, of one call
    async with world.as_(LEAD, "intake") as lead:
        calls = (await lead.get("/v1/calls")).json()["items"]
    assert [(one["state"], one["ticket"]) for one in calls if one["ticket"]] == [("missed", ticket["ticket"])]


@pytest.mark.parametrize(
    "wrong",
    [
        call(state("missed"), signature="v1,AAAA"),
        call(state("missed"), signature=" ".join(["v2,x"] * 5_000)),
        call(state("missed"), seconds(timedelta(minutes=6))),
        call(state("missed"), seconds(-timedelta(minutes=6))),
        call(state("missed"), "now"),
        Call("POST", {}, {}, state("missed"), NOON),
    ],
)
def test_what_others_have_signed_or_long_ago_is_refused(wrong: Call) -> None:
    with pytest.raises(BadSignature):
        HOTLINE.receive(wrong)


def test_one_of_several_signatures_is_enough() -> None:
    signed = f"v1,AAAA {HOTLINE.signature('msg_1', seconds(), state('missed'))}"
    assert HOTLINE.receive(call(state("missed"), signature=signed)).messages


@pytest.mark.parametrize("body", [b"", b"[]", state("gone"), state("missed", ""), b'{"call_id": "c", "state": 7}'])
def test_what_is_no_state_of_a_call_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        HOTLINE.receive(call(body))
