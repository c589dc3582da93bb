"""The log of what was sent: complete before anything leaves its document, and forgotten after a day."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.mongo import Database
from shared.outbox import Outgoing, Sent
from shared.sent import KEPT_FOR, SentEvents
from shared.testing import Servers
from tests.shared.bus.harness import linked
from tests.shared.bus.losing import ME, LossyBus, lossy_bus


@pytest.fixture(params=["motor", "pymongo"])
async def harness(request: pytest.FixtureRequest, servers: Servers) -> AsyncIterator[LossyBus]:
    async with lossy_bus(replace(servers, driver=request.param)) as harness:
        yield harness


async def test_what_is_sent_is_in_the_log_before_it_leaves_its_document(harness: LossyBus) -> None:
    await harness.tell("N-1", "N-2")
    notes = harness.world.runtimes["store"].stores[0]
    assert await harness.logged() == []
    await notes.change("N-1", lambda note: note.write("again"), ME)
    [doc] = [doc async for doc in harness.world.runtimes["store"].database["note"].find({"_id": "N-1"})]
    assert len(doc["_outbox"]) == 2
    await harness.world.settle()
    await harness.clear()
    assert await harness.logged() == await harness.told()
    assert len(await harness.logged()) == 3
    docs = [doc async for doc in harness.world.runtimes["store"].database["note"].find({})]
    assert [doc["_outbox"] for doc in docs] == [[], []]


async def test_what_the_log_could_not_take_stays_in_its_document(
    harness: LossyBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = harness.world.runtimes["store"].sender

    async def away(_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(sender, "_log", away)
        await harness.tell("N-1")
        with pytest.raises(ConnectionError):
            await sender.clear()
    [doc] = [doc async for doc in harness.world.runtimes["store"].database["note"].find({})]
    assert len(doc["_outbox"]) == 1
    await sender.clear()
    assert len(await harness.logged()) == 1


async def test_two_who_clear_at_once_do_not_stumble_over_each_other(
    harness: LossyBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = harness.world.runtimes["store"].sender
    log, second, asked = sender._log, asyncio.Event(), 0
    assert log

    async def together(sent: Sequence[Sent]) -> None:
        nonlocal asked
        asked += 1
        if asked > 1:
            second.set()
        await second.wait()
        await log(sent)

    monkeypatch.setattr(sender, "_log", together)
    await harness.tell("N-1")
    await asyncio.gather(sender.clear(), sender.clear())
    [doc] = [doc async for doc in harness.world.runtimes["store"].database["note"].find({})]
    assert doc["_outbox"] == []
    assert len(await harness.logged()) == 1


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_a_log_bears_doubles_and_forgets_what_is_old(servers: Servers, driver: str) -> None:
    database = Database.open(servers.mongo_url, f"t{uuid4().hex[:10]}", driver)
    log = SentEvents(database)
    await log.ensure_indexes()
    events = [Outgoing.of(linked(f"T-{i}")) for i in range(3)]
    await log.add([(events[0], 7), (events[1], 5)])
    await log.add([(events[0], 9), (events[2], 6)])
    assert [sequence async for _, sequence in log.sequences()] == [5, 6, 7]
    await log.move({events[1].id: 11})
    assert await log.newest() == (events[1].id, 11)
    assert await log.load([events[1].id, events[0].id]) == [events[0], events[1]]
    assert await log.remove_expired() == 0
    long_ago = {"$set": {"at": datetime.now(UTC) - KEPT_FOR - timedelta(seconds=1)}}
    await database["sent"].update_one({"_id": events[0].id}, long_ago)
    await log.set_stream_created("2026-03-02")
    assert await log.remove_expired() == 1
    assert await log.load([event.id for event in events]) == [events[2], events[1]]
    assert await log.stream_created() == "2026-03-02"
    await database.drop()
    await database.close()
