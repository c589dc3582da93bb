"""What is written leaves for the bus, once and in its order, also after a crash."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import shared.outbox
from shared.domain import Origin
from shared.events import TicketLinked
from shared.testing import NOON, Servers, running
from tests.servers import SCRIPTS, free_port, process
from tests.shared.bus.harness import until
from tests.shared.store.notes import ME, Desk, create_app, opened, writing


async def test_events_go_out_in_the_order_of_the_writes_and_leave_the_document(desk: Desk) -> None:
    await desk.notes.add(*opened("N-1", "0"), ME)
    for i in range(1, 8):
        await desk.notes.change("N-1", writing(str(i)), ME)
    assert await desk.sent_words() == [str(i) for i in range(8)]
    document = await desk.document("N-1")
    assert document["_outbox"] == []
    assert "_unsent" not in document


async def test_what_is_told_later_has_a_later_place_whatever_the_clocks_say(desk: Desk) -> None:
    """All at one moment, by two processes and together with another document's."""
    other, _ = desk.elsewhere()
    await desk.notes.add(*opened("N-1", "0"), ME)
    await other.change("N-1", writing("1"), ME)
    await desk.notes.change("N-1", writing("2"), ME)
    await desk.notes.change_all(["N-1"], writing("3"), Origin.service("store"))
    assert await desk.sent_words() == ["0", "1", "2", "3"]
    told = desk.world.published(TicketLinked)
    assert [event.time for event in told] == [NOON] * 4
    assert [event.ordered_at - NOON for event in told] == [timedelta(milliseconds=n) for n in range(4)]


async def test_who_writes_many_clears_what_it_wrote_before(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else other replicas find it for so long that they take it for left behind."""
    monkeypatch.setattr(shared.outbox, "CLEAR_AFTER", 3600.0)
    monkeypatch.setattr(shared.outbox, "UNCLEARED", 40)
    notes, sender = desk.elsewhere()
    ids = [f"N-{n}" for n in range(120)]
    for id in ids:
        await notes.add(*opened(id, "0"), ME)
    await sender.start()
    await until(lambda: sender.idle)
    for start in range(0, len(ids), 20):
        await notes.change_all(ids[start : start + 20], writing("1"), ME)
        await until(lambda: sender.idle)
        assert await notes.unsent() <= 40 + 20
    await sender.stop()
    assert await notes.unsent() == 0


async def test_what_a_crash_left_between_write_and_publish_is_found_and_sent_once(desk: Desk) -> None:
    crashed, _ = desk.elsewhere()
    await crashed.add(*opened("N-1", "lost?"), ME)
    assert await desk.sent_words() == []
    assert await desk.runtime.sender.sweep(NOON - timedelta(seconds=1)) == 0
    assert await desk.runtime.sender.sweep(NOON) == 1
    assert await desk.sent_words() == ["lost?"]
    assert await desk.runtime.sender.sweep(NOON) == 0


async def test_a_start_takes_up_what_was_left_behind_a_moment_ago(desk: Desk) -> None:
    crashed, _ = desk.elsewhere()
    await crashed.add(*opened("N-1", "lost?"), ME)
    _, started = desk.elsewhere()
    await started.start()
    await started.stop()
    assert await desk.sent_words() == ["lost?"]


async def test_a_later_write_by_another_process_sends_what_was_left_behind_first(desk: Desk) -> None:
    crashed, _ = desk.elsewhere()
    await crashed.add(*opened("N-1", "left behind"), ME)
    await desk.notes.change("N-1", writing("later"), ME)
    assert await desk.sent_words() == ["left behind", "later"]


async def test_two_senders_that_find_the_same_left_over_send_it_once(desk: Desk) -> None:
    crashed, other = desk.elsewhere()
    await crashed.add(*opened("N-1", "once"), ME)
    await asyncio.gather(other.start(), desk.runtime.sender.sweep(NOON))
    words = await desk.sent_words()
    await other.stop()
    info = await desk.runtime.bus.link.js.stream_info(desk.runtime.bus.names.stream)
    assert (words, info.state.messages) == (["once"], 1)


async def test_a_clearing_that_comes_too_late_does_not_touch_a_newer_outbox(desk: Desk) -> None:
    slow, _ = desk.elsewhere()
    await slow.add(*opened("N-1", "one"), ME)
    first = (await desk.document("N-1"))["_unsent"]
    await slow.change("N-1", writing("two"), ME)
    await slow.clear_sent([first])
    assert len((await desk.document("N-1"))["_outbox"]) == 2


async def test_a_bus_that_is_down_keeps_events_until_it_is_back(servers: Servers, tmp_path: Path) -> None:
    port = free_port()
    command = [str(SCRIPTS / "nats-server"), "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(tmp_path / "js")]
    own = replace(servers, nats_url=f"nats://127.0.0.1:{port}")
    with ExitStack() as nats:
        nats.enter_context(process(command, port, tmp_path / "nats.log"))
        async with running(own, create_app) as world:
            desk = Desk(world)
            nats.close()
            await desk.notes.add(*opened("N-1", "0"), ME)
            await desk.notes.change("N-1", writing("1"), ME)
            assert len((await desk.document("N-1"))["_outbox"]) == 2
            nats.enter_context(process(command, port, tmp_path / "nats.log"))
            await world.settle(30)
            bus = desk.runtime.bus
            followed = [await anext(feed) for feed in [bus.follow(0)] for _ in range(2)]
            await desk.runtime.sender.clear()
            assert [one[1].to for one in followed if one and isinstance(one[1], TicketLinked)] == [["0"], ["1"]]
            assert (await desk.document("N-1"))["_outbox"] == []


async def test_the_index_over_outboxes_holds_only_what_is_left_over(desk: Desk) -> None:
    crashed, _ = desk.elsewhere()
    for i in range(10):
        await desk.notes.add(*opened(f"N-{i}"), ME)
    await desk.sent_words()
    for i in range(3):
        await crashed.add(*opened(f"C-{i}"), ME)
    indexes = await desk.runtime.database["note"].index_information()
    assert indexes["_unsent_1"]["sparse"]
    assert sorted(id for id, _, _ in await desk.notes.left_over(NOON, "", 100)) == ["C-0", "C-1", "C-2"]
    assert await desk.notes.count({"_unsent": {"$exists": True}}) == 3


async def test_a_sender_that_is_stopped_sends_and_clears_what_is_there(servers: Servers) -> None:
    async with running(servers, create_app) as world:
        desk = Desk(world)
        notes, sender = desk.elsewhere()
        await notes.add(*opened("N-1", "last words"), ME)
        await sender.start()
        await sender.stop()
        assert (await desk.document("N-1"))["_outbox"] == []
        assert await desk.sent_words() == ["last words"]
