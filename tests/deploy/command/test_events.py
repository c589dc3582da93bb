"""The stream is shown, and a part of it heard again by one service."""

import json
from collections.abc import AsyncIterator, Callable

import pytest

from deploy.command.events import wanted
from services.intake.app import create_app as intake
from services.kb.app import create_app as kb
from services.sla.app import create_app as sla
from services.triage.app import create_app as triage
from shared.events import TicketOpened, TicketReopened
from shared.testing import NOON, Servers, World, running
from tests.deploy.command.conftest import Call, apart
from tests.deploy.test_rebuild import has_stopped, kept
from tests.journeys.desk import COMPLETE, Desk


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, intake, triage, sla, kb) as world:
        desk = Desk(world)
        await desk.opens()
        await desk.claim(await desk.open(COMPLETE))
        await desk.open(COMPLETE | {"title": "another"})
        yield world


@pytest.fixture
def call(here: Callable[[Servers, str], Call], servers: Servers, world: World) -> Call:
    return here(servers, world.prefix)


@pytest.mark.parametrize(
    ("kind", "fits"), [("", True), ("ticket.reopened", True), ("ticket.*", True), ("sla.*", False)]
)
def test_a_kind_is_named_whole_or_by_its_maker(kind: str, fits: bool) -> None:
    event = TicketReopened(subject="TK-1", time=NOON, reason="again", round=2)
    assert wanted(event, kind, "") is fits
    assert wanted(event, kind, "TK-2") is False


async def test_the_newest_are_shown_as_they_came(call: Call, world: World) -> None:
    shown = await call("events", "tail", "--no-follow", "--json", "--kind", "ticket.opened", "--last", "100000")
    rows = [json.loads(line) for line in shown.out.splitlines()]
    assert [row["id"] for row in rows] == [event.id for event in world.published(TicketOpened)]
    assert "data" not in rows[0]
    behind = await call("events", "tail", "--no-follow", "--json", "--data", "--after", str(rows[0]["sequence"]))
    told = [json.loads(line)["event"] for line in behind.out.splitlines()]
    assert rows[0]["id"] not in {one["id"] for one in told}
    assert {one["type"] for one in told} >= {"bihuan.ticket.opened.v1", "bihuan.triage.diagnosed.v1"}


async def test_a_sequence_that_is_not_there_is_said(call: Call) -> None:
    lost = await call("events", "tail", "--after", "999999")
    assert (lost.status, "not in the stream" in lost.err) == (1, True)


async def test_what_a_service_has_lost_it_hears_again_and_nobody_hears_of_it(servers: Servers, world: World) -> None:
    before, told = await kept(world, "sla"), {event.id for event in world.events}
    newest = str(await world.runtimes["sla"].bus.newest())
    runs = await apart(servers, world.prefix, "events", "replay", "sla", "--after", "0", "--until", newest)
    assert (runs.status, runs.err) == (1, "sla runs: stop all its replicas first.\n")
    await has_stopped(world, "sla")
    lost = next(iter(before["ticketclocks"]))
    await world.runtimes["sla"].database["ticketclocks"].delete_one({"_id": lost})
    finished = (await apart(servers, world.prefix, "bus", "show", "--json")).json["consumers"]
    until = next(str(one["done_to"]) for one in finished if one["service"] == "sla")
    for _ in range(2):
        again = await apart(
            servers, world.prefix, "events", "replay", "sla", "--after", "0", "--until", until, "--json"
        )
        assert (again.status, again.err) == (0, "")
        assert again.json[0]["left"] == []
        after = await kept(world, "sla")
        assert after["ticketclocks"].keys() == before["ticketclocks"].keys()
        assert after["ticketclocks"][lost] == before["ticketclocks"][lost]
    await world.runtimes["intake"].sender.clear()
    assert {event.id for event in world.events} == told


async def test_what_a_service_has_not_finished_is_left_to_it(servers: Servers, world: World) -> None:
    await has_stopped(world, "kb")
    await world.runtimes["intake"].sender.clear()
    newest = str(await world.runtimes["intake"].bus.newest())
    refused = await apart(servers, world.prefix, "events", "replay", "kb", "--after", "0", "--until", newest)
    assert (refused.status, "hears what is behind it when it runs" in refused.err) == (1, True)
    nothing = await apart(servers, world.prefix, "events", "replay", "kb", "--after", "5", "--until", "2")
    assert (nothing.status, "is no part of it" in nothing.err) == (1, True)
