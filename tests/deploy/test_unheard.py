"""What a service has not handled when its projections are built again is handled, and told, when it runs again."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from services.intake.app import create_app as intake
from services.triage.app import create_app as triage
from shared.bus import Bus
from shared.bus.dead_letters import DeadLetters
from shared.bus.deferred_queue import DeferredQueue
from shared.bus.delivery import Delivery
from shared.bus.standing import Busy, Standing, standing
from shared.deferred import DeferredEvents
from shared.events import Event, TriageDiagnosed
from shared.mongo import Database
from shared.testing import WANG, Servers, World, running
from tests.deploy.command.conftest import apart
from tests.journeys.desk import COMPLETE, Desk

KILLED, HELD, DEAD, NEVER = "killed", "held", "dead", "never"


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, intake, triage) as world:
        yield world


async def opened(world: World, *which: str) -> dict[str, str]:
    desk = Desk(world)
    return {one: await desk.open(COMPLETE | {"title": f"It crashes: {one}"}) for one in which}


async def given_out(world: World, tickets: dict[str, str]) -> None:
    """As by a replica that was killed: one of them it had in work, one it had put off, one was a dead letter."""
    database = Database.open(world.servers.mongo_url, f"{world.prefix}_triage", world.servers.driver)
    bus = Bus(world.servers.nats_url, "triage", world.prefix)
    await bus.connect()
    kept, dead = DeferredEvents(database), DeadLetters(bus.link)
    feed = await bus.link.js.pull_subscribe_bind("triage", bus.names.stream)
    for _ in range((await feed.consumer_info()).num_pending or 0):
        [raw] = await feed.fetch(1)
        event, delivery = Event.from_wire(raw.data), Delivery(raw, bus.link)
        if event.subject == tickets[HELD]:
            waiting = DeferredQueue.kept(event.subject, delivery, event.id, 1)
            await kept.put(event.subject, [waiting], time.time(), held=True)
        elif event.subject == tickets[DEAD]:
            await dead.add_delivery(delivery, "it failed", 7)
        if event.subject != tickets[KILLED]:
            await raw.ack()
    await feed.unsubscribe()
    await bus.stop()
    await database.close()


def diagnosed(world: World, tickets: dict[str, str]) -> set[str]:
    told = {event.subject for event in world.published(TriageDiagnosed)}
    return {name for name, number in tickets.items() if number in told}


async def test_what_was_given_out_put_off_or_set_aside_is_not_heard_in_silence(servers: Servers, world: World) -> None:
    before = await opened(world, "before")
    await world.stop("triage")
    tickets = await opened(world, KILLED, HELD, DEAD)
    await given_out(world, tickets)
    tickets |= await opened(world, NEVER)
    done = await apart(servers, world.prefix, "rebuild", "triage", "--json")
    assert (done.status, done.err) == (0, "")
    assert (done.json["documents"]["workitem"], done.json["dead"], done.json["left"]) == (1, 1, [])
    assert done.json["to_come"] >= 3
    await world.start(triage)
    await world.settle()
    assert diagnosed(world, before | tickets) == {"before", KILLED, HELD, NEVER}
    bus = world.runtimes["triage"].bus
    letters = await bus.dead_letters()
    assert [tickets[DEAD] in one.body for one in letters] == [True]
    for one in letters:
        await bus.replay(one.sequence)
    await world.settle()
    assert diagnosed(world, tickets) == {KILLED, HELD, DEAD, NEVER}


async def test_a_dead_letter_that_was_given_again_is_still_to_come(servers: Servers, world: World) -> None:
    """It comes behind everything else, and is about something that lies far before."""
    await world.stop("triage")
    tickets = await opened(world, KILLED, HELD, DEAD)
    await given_out(world, tickets)
    bus = world.runtimes["intake"].bus
    for letter in await bus.dead_letters(service="triage"):
        await bus.replay(letter.sequence)
    said = await apart(servers, world.prefix, "rebuild", "triage")
    assert (said.status, "left to triage, which has not handled them yet" in said.out) == (0, True)
    assert "dead letters" not in said.out
    await world.start(triage)
    await world.settle()
    assert diagnosed(world, tickets) == {KILLED, HELD, DEAD}


async def test_what_a_replica_works_on_is_not_taken_from_it(servers: Servers, world: World) -> None:
    """It asks for nothing more, and says that it works; then it is killed."""
    bus = world.runtimes["triage"].bus
    await bus.stop_receiving()
    async with world.as_(WANG, "intake") as client:
        await client.post("/v1/tickets", json=COMPLETE)
    await world.runtimes["intake"].sender.clear()
    feed = await bus.link.js.pull_subscribe_bind("triage", bus.names.stream)
    [raw] = await feed.fetch(1, timeout=10)
    asking = Bus(servers.nats_url, "triage", world.prefix)
    await asking.connect()

    async def work() -> None:
        while True:
            await raw.in_progress()
            await asyncio.sleep(bus.limits.ack_wait / 10)

    working = asyncio.create_task(work())
    with pytest.raises(Busy):
        await standing(asking.link, "triage")
    working.cancel()
    place = await standing(asking.link, "triage")
    assert place
    assert raw.metadata.sequence.stream in place.handed_back
    await feed.unsubscribe()
    await asking.stop()


def test_what_is_to_come_is_what_the_service_hears() -> None:
    place = Standing(3, 7, frozenset({5}), ("t.ticket.>",))
    heard = [number for number in range(1, 10) if place.is_to_come(number, "t.ticket.opened.v1")]
    assert heard == [5, 8, 9]
    assert not place.is_to_come(8, "t.triage.diagnosed.v1")
    assert Standing(3, 7, frozenset(), ()).is_to_come(8, "t.triage.diagnosed.v1")
