"""The storage of the bus is lost, or put back as it was, while services keep their databases: on real servers."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import nats.errors
import pytest

from shared.bus import Bus, OffsetExpired
from shared.events import Event, TicketLinked
from shared.mongo import Database
from shared.outbox import Outgoing
from shared.sent import SentEvents
from shared.testing import Servers, running
from tests.shared.bus.harness import linked, until, until_idle
from tests.shared.bus.losing import ME, WITHIN, OwnBus, lossy_bus, read_all, until_open
from tests.shared.store.notes import Notes, create_app, opened

# ---- the stream is lost -------------------------------------------------------------------------


@pytest.mark.parametrize("replicas", [1, 2])
async def test_what_nobody_had_heard_of_a_lost_stream_is_told_again(servers: Servers, replicas: int) -> None:
    async with lossy_bus(servers, replicas) as harness:
        await harness.listen()
        await harness.tell("N-1", "N-2")
        await harness.until_heard("N-1", "N-2")
        await harness.listen_no_more()
        names = list(harness.world.runtimes)
        for i in range(60):
            await harness.tell(f"M-{i}", by=names[i % replicas])
        await harness.clear()
        await harness.tell("L-1", by=names[-1])  # not in the log yet
        before = await harness.told()
        await harness.lose()
        await harness.mended()
        after = await harness.told()
        assert sorted(id for _, id in after) == sorted(id for _, id in before)
        assert min(after)[0] > max(before)[0]
        assert [id for _, id in after if id != before[-1][1]] == [id for _, id in before[:-1]]
        await harness.clear()
        assert await harness.logged() == after
        await harness.listen()
        await harness.until_heard("N-1", "L-1", *(f"M-{i}" for i in range(60)))


async def test_what_was_lost_while_nobody_ran_is_told_again_by_the_next_start(servers: Servers) -> None:
    async with lossy_bus(servers) as harness:
        await harness.tell("N-1", "N-2")
        before = await harness.told()
        await harness.world.stop("store")
        await harness.lose()
        await harness.bus.setup.ensure([])  # by somebody who has nothing to tell
        await harness.bus.publish(Outgoing.of(linked("T-1")))
        await harness.world.start(create_app)
        await harness.mended()
        assert {id for _, id in await harness.told()} > {id for _, id in before}


async def test_a_telling_that_ends_in_the_middle_is_begun_again(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with lossy_bus(servers) as harness:
        await harness.tell(*(f"N-{i}" for i in range(120)))
        await harness.clear()
        before = await harness.told()
        moves = 0

        async def killed(self: SentEvents, places: Any, move: Callable[..., Any] = SentEvents.move) -> None:
            nonlocal moves
            moves += 1
            if moves == 2:
                raise ConnectionError
            await move(self, places)

        monkeypatch.setattr(SentEvents, "move", killed)
        await harness.lose()
        await harness.mended()
        assert moves > 2
        assert [id for _, id in await harness.told()] == [id for _, id in before]
        assert await harness.logged() == await harness.told()
        assert any("the bus had lost" in one.getMessage() for one in caplog.records)


async def test_a_start_goes_on_with_a_telling_that_was_killed(servers: Servers) -> None:
    async with lossy_bus(servers) as harness:
        await harness.tell("N-1", "N-2")
        await harness.clear()
        await harness.world.stop("store")
        before = [id for _, id in await harness.told()]
        await harness.lose()
        await harness.bus.setup.ensure([])
        database = Database.open(servers.mongo_url, f"{harness.world.prefix}_store", servers.driver)
        killed = SentEvents(database)
        await killed.set_stream_created("")
        [first] = await killed.load(before[:1])
        await killed.move({first.id: await harness.bus.publish(first)})
        await database.close()
        await harness.world.start(create_app)
        await harness.mended()
        assert [id for _, id in await harness.told()] == before


async def test_what_is_no_longer_kept_was_not_lost(servers: Servers) -> None:
    async with lossy_bus(servers) as harness:
        await harness.tell("N-1", "N-2", "N-3")
        await harness.clear()
        places = [place for place, _ in await harness.told()]
        await harness.bus.link.js.purge_stream(harness.stream, seq=places[-1])
        resender = harness.world.runtimes["store"].bus.resender
        await resender.check()
        assert resender.idle
        await harness.bus.link.js.purge_stream(harness.stream)
        await resender.check()
        assert resender.idle


async def test_a_service_that_is_built_again_keeps_nothing_of_what_it_does_not_tell(servers: Servers) -> None:
    async with running(servers, create_app) as world:
        runtime = world.runtimes["store"]
        notes = runtime.stores[0]
        assert isinstance(notes, Notes)
        notes.silent = True
        await notes.add(*opened("N-1"), ME)
        await runtime.sender.clear()
        assert await runtime.database["sent"].count_documents({"sequence": {"$gt": 0}}) == 0


async def test_who_reads_along_is_told_that_the_stream_is_another(servers: Servers) -> None:
    async with lossy_bus(servers) as harness:
        await harness.tell("N-1")
        harness.bus.limits = replace(harness.bus.limits, idle_timeout=0.5)
        feed = harness.bus.follow(0)
        first = await anext(feed)
        assert first
        await harness.lose()
        await harness.mended()
        with pytest.raises(OffsetExpired):
            await read(feed)
        with pytest.raises(OffsetExpired):
            await anext(harness.bus.follow(first[0]))


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
    async with lossy_bus(own, replicas=2) as harness:
        await harness.listen()
        await harness.tell("N-1", "N-2")
        await harness.until_heard("N-1", "N-2")
        await harness.clear()
        own_bus.stop()
        shutil.copytree(own_bus.storage, old)
        own_bus.start()
        await until_open(harness)
        await harness.tell("M-1", "M-2", by="store")
        await harness.tell("M-3", by="store.2")
        await harness.until_heard("M-1", "M-2", "M-3")
        await harness.clear()
        before = await harness.told()
        await harness.listen_no_more()
        own_bus.stop()
        shutil.rmtree(own_bus.storage)
        shutil.copytree(old, own_bus.storage)
        own_bus.start()
        raw = await nats.connect(own.nats_url)
        for i in range(4):  # as many as were lost, and one more
            await raw.jetstream().publish(f"{harness.world.prefix}.ticket.linked.v1", linked(f"T-{i}").to_wire())
        await raw.close()
        await until_open(harness)
        harness.heard.clear()
        await harness.listen()
        await harness.until_heard("M-1", "M-2", "M-3", "T-3")
        assert {id for _, id in before} <= {id for _, id in await read_all(harness)}


async def test_an_answer_to_a_bus_that_was_away_meanwhile_is_not_given(servers: Servers, own_bus: OwnBus) -> None:
    """In its place may be another event by now; so this one comes again, and the store knows it."""
    gate, heard = asyncio.Event(), []

    async def hear(event: TicketLinked) -> None:
        heard.append(event.subject)
        await gate.wait()

    own = replace(servers, nats_url=f"nats://127.0.0.1:{own_bus.port}")
    async with lossy_bus(own) as harness:
        probe = Bus(own.nats_url, "probe", harness.world.prefix)
        probe.on(TicketLinked, hear)
        await probe.start()
        await harness.tell("N-1")
        await until(lambda: heard == ["N-1"])
        connection = probe.link.connection
        own_bus.stop()
        own_bus.start()
        await until(lambda: probe.link.connection != connection and probe.is_open(), WITHIN)
        gate.set()
        await until(lambda: heard == ["N-1", "N-1"], WITHIN)
        await until_idle(probe)
        assert heard == ["N-1", "N-1"]
        await probe.stop_receiving()
        await probe.stop()
