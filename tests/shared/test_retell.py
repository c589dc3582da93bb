"""The storage of the bus is lost, or put back as it was, while services keep their databases: on real servers."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import nats.errors
import pytest

from shared.bus import Bus, Gone
from shared.events import Event, TicketLinked
from shared.mongo import Database
from shared.outbox import Outgoing
from shared.sent import KEPT_FOR, SentEvents
from shared.testing import Servers, running
from tests.shared.losing import ME, WITHIN, OwnBus, Street, a_street, read_all, until_open
from tests.shared.street import linked, until, until_quiet
from tests.shared.test_store import Notes, create_app, opened


@pytest.fixture(params=["motor", "pymongo"])
async def street(request: pytest.FixtureRequest, servers: Servers) -> AsyncIterator[Street]:
    async with a_street(replace(servers, driver=request.param)) as street:
        yield street


# ---- the log ------------------------------------------------------------------------------------


async def test_what_is_sent_is_in_the_log_before_it_leaves_its_document(street: Street) -> None:
    await street.tell("N-1", "N-2")
    notes = street.world.runtimes["shared"].stores[0]
    assert await street.logged() == []
    await notes.change("N-1", lambda note: note.write("again"), ME)
    [doc] = [doc async for doc in street.world.runtimes["shared"].database["note"].find({"_id": "N-1"})]
    assert len(doc["_outbox"]) == 2
    await street.world.settle()
    await street.clear()
    assert await street.logged() == await street.told()
    assert len(await street.logged()) == 3
    docs = [doc async for doc in street.world.runtimes["shared"].database["note"].find({})]
    assert [doc["_outbox"] for doc in docs] == [[], []]


async def test_what_the_log_could_not_take_stays_in_its_document(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = street.world.runtimes["shared"].sender

    async def away(_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(sender, "_log", away)
        await street.tell("N-1")
        with pytest.raises(ConnectionError):
            await sender.clear()
    [doc] = [doc async for doc in street.world.runtimes["shared"].database["note"].find({})]
    assert len(doc["_outbox"]) == 1
    await sender.clear()
    assert len(await street.logged()) == 1


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_a_log_bears_doubles_and_forgets_by_itself(servers: Servers, driver: str) -> None:
    database = Database.open(servers.mongo_url, f"t{uuid4().hex[:10]}", driver)
    log = SentEvents(database)
    await log.ensure_indexes()
    events = [Outgoing.of(linked(f"T-{i}")) for i in range(3)]
    await log.add([(events[0], 7), (events[1], 5)])
    await log.add([(events[0], 9), (events[2], 6)])
    assert [place async for _, place in log.places()] == [5, 6, 7]
    await log.move({events[1].id: 11})
    assert await log.newest() == (events[1].id, 11)
    assert await log.load([events[1].id, events[0].id]) == [events[0], events[1]]
    ages = [one.get("expireAfterSeconds") for one in (await database["sent"].index_information()).values()]
    assert KEPT_FOR.total_seconds() in ages
    await database.drop()
    await database.close()


# ---- the stream is lost -------------------------------------------------------------------------


@pytest.mark.parametrize("replicas", [1, 2])
async def test_what_nobody_had_heard_of_a_lost_stream_is_told_again(servers: Servers, replicas: int) -> None:
    async with a_street(servers, replicas) as street:
        await street.listen()
        await street.tell("N-1", "N-2")
        await street.until_heard("N-1", "N-2")
        await street.listen_no_more()
        names = list(street.world.runtimes)
        for i in range(60):
            await street.tell(f"M-{i}", by=names[i % replicas])
        await street.clear()
        await street.tell("L-1", by=names[-1])  # not in the log yet
        before = await street.told()
        await street.lose()
        await street.mended()
        after = await street.told()
        assert sorted(id for _, id in after) == sorted(id for _, id in before)
        assert min(after)[0] > max(before)[0]
        assert [id for _, id in after if id != before[-1][1]] == [id for _, id in before[:-1]]
        await street.clear()
        assert await street.logged() == after
        await street.listen()
        await street.until_heard("N-1", "L-1", *(f"M-{i}" for i in range(60)))


async def test_what_was_lost_while_nobody_ran_is_told_again_by_the_next_start(servers: Servers) -> None:
    async with a_street(servers) as street:
        await street.tell("N-1", "N-2")
        before = await street.told()
        await street.world.stop("shared")
        await street.lose()
        await street.bus.setup.ensure([])  # by somebody who has nothing to tell
        await street.bus.publish(Outgoing.of(linked("T-1")))
        await street.world.start(create_app)
        await street.mended()
        assert {id for _, id in await street.told()} > {id for _, id in before}


async def test_a_telling_that_ends_in_the_middle_is_begun_again(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_street(servers) as street:
        await street.tell(*(f"N-{i}" for i in range(120)))
        await street.clear()
        before = await street.told()
        moves = 0

        async def killed(self: SentEvents, places: Any, move: Callable[..., Any] = SentEvents.move) -> None:
            nonlocal moves
            moves += 1
            if moves == 2:
                raise ConnectionError
            await move(self, places)

        monkeypatch.setattr(SentEvents, "move", killed)
        await street.lose()
        await street.mended()
        assert moves > 2
        assert [id for _, id in await street.told()] == [id for _, id in before]
        assert await street.logged() == await street.told()
        assert any("the bus had lost" in one.getMessage() for one in caplog.records)


async def test_a_start_goes_on_with_a_telling_that_was_killed(servers: Servers) -> None:
    async with a_street(servers) as street:
        await street.tell("N-1", "N-2")
        await street.clear()
        await street.world.stop("shared")
        before = [id for _, id in await street.told()]
        await street.lose()
        await street.bus.setup.ensure([])
        database = Database.open(servers.mongo_url, f"{street.world.prefix}_shared", servers.driver)
        killed = SentEvents(database)
        await killed.set_stream("")
        [first] = await killed.load(before[:1])
        await killed.move({first.id: await street.bus.publish(first)})
        await database.close()
        await street.world.start(create_app)
        await street.mended()
        assert [id for _, id in await street.told()] == before


async def test_what_is_no_longer_kept_was_not_lost(servers: Servers) -> None:
    async with a_street(servers) as street:
        await street.tell("N-1", "N-2", "N-3")
        await street.clear()
        places = [place for place, _ in await street.told()]
        await street.bus.link.js.purge_stream(street.stream, seq=places[-1])
        retell = street.world.runtimes["shared"].bus.retell
        await retell.look()
        assert retell.idle
        await street.bus.link.js.purge_stream(street.stream)
        await retell.look()
        assert retell.idle


async def test_a_service_that_is_built_again_keeps_nothing_of_what_it_does_not_tell(servers: Servers) -> None:
    async with running(servers, create_app) as world:
        runtime = world.runtimes["shared"]
        notes = runtime.stores[0]
        assert isinstance(notes, Notes)
        notes.silent = True
        await notes.add(*opened("N-1"), ME)
        await runtime.sender.clear()
        assert await runtime.database["sent"].count_documents({"sequence": {"$gt": 0}}) == 0


async def test_who_reads_along_is_told_that_the_stream_is_another(servers: Servers) -> None:
    async with a_street(servers) as street:
        await street.tell("N-1")
        street.bus.limits = replace(street.bus.limits, silence=0.5)
        feed = street.bus.follow(0)
        first = await anext(feed)
        assert first
        await street.lose()
        await street.mended()
        with pytest.raises(Gone):
            await read(feed)
        with pytest.raises(Gone):
            await anext(street.bus.follow(first[0]))


async def read(feed: Any) -> None:
    async with asyncio.timeout(WITHIN):
        async for found in feed:
            assert found is None or isinstance(found[1], Event)


# ---- the stream is as it was some time ago ------------------------------------------------------


@pytest.fixture
def own_bus(tmp_path: Path) -> Iterator[OwnBus]:
    bus = OwnBus(tmp_path)
    bus.start()
    yield bus
    bus.stop()


async def test_what_a_restored_stream_does_not_have_is_told_again(servers: Servers, own_bus: OwnBus) -> None:
    """Its storage is from before the second half was told; others have told something since it is back."""
    own = replace(servers, nats_url=f"nats://127.0.0.1:{own_bus.port}")
    old = own_bus.folder / "old"
    async with a_street(own, replicas=2) as street:
        await street.listen()
        await street.tell("N-1", "N-2")
        await street.until_heard("N-1", "N-2")
        await street.clear()
        own_bus.stop()
        shutil.copytree(own_bus.storage, old)
        own_bus.start()
        await until_open(street)
        await street.tell("M-1", "M-2", by="shared")
        await street.tell("M-3", by="shared.2")
        await street.until_heard("M-1", "M-2", "M-3")
        await street.clear()
        before = await street.told()
        await street.listen_no_more()
        own_bus.stop()
        shutil.rmtree(own_bus.storage)
        shutil.copytree(old, own_bus.storage)
        own_bus.start()
        raw = await nats.connect(own.nats_url)
        for i in range(4):  # as many as were lost, and one more
            await raw.jetstream().publish(f"{street.world.prefix}.ticket.linked.v1", linked(f"T-{i}").to_wire())
        await raw.close()
        await until_open(street)
        street.heard.clear()
        await street.listen()
        await street.until_heard("M-1", "M-2", "M-3", "T-3")
        assert {id for _, id in before} <= {id for _, id in await read_all(street)}


async def test_an_answer_to_a_bus_that_was_away_meanwhile_is_not_given(servers: Servers, own_bus: OwnBus) -> None:
    """In its place may be another event by now; so this one comes again, and the store knows it."""
    gate, heard = asyncio.Event(), []

    async def hear(event: TicketLinked) -> None:
        heard.append(event.subject)
        await gate.wait()

    own = replace(servers, nats_url=f"nats://127.0.0.1:{own_bus.port}")
    async with a_street(own) as street:
        ears = Bus(own.nats_url, "ears", street.world.prefix)
        ears.on(TicketLinked, hear)
        await ears.start()
        await street.tell("N-1")
        await until(lambda: heard == ["N-1"])
        connection = ears.link.connection
        own_bus.stop()
        own_bus.start()
        await until(lambda: ears.link.connection != connection and ears.is_open(), WITHIN)
        gate.set()
        await until(lambda: heard == ["N-1", "N-1"], WITHIN)
        await until_quiet(ears)
        await ears.stop_receiving()
        await ears.stop()
