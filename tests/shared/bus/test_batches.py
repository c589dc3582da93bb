"""Events that are handled many at once, on a real server."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from shared.bus import Bus
from shared.events import Event, TicketLinked, TicketPlanAgreed
from shared.testing import NOON
from tests.shared.bus.harness import WAITS, BusHarness, linked, until, until_idle

Many = Callable[[Sequence[Event]], Awaitable[None]]


class Book:
    """Keeps what it is given, unless it fails."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.poison = ""
        self.failures = 0  # of the next calls

    async def keep(self, events: Sequence[Event]) -> None:
        self.failures -= 1
        if self.failures >= 0 or self.poison in {one.id for one in events}:
            raise RuntimeError("not today")
        self.calls.append([one.id for one in events])

    @property
    def kept(self) -> Counter[str]:
        return Counter(id for call in self.calls for id in call)


async def keeping(harness: BusHarness, book: Book, handle: Any = None, **limits: Any) -> Bus:
    bus = harness.make("intake", **limits)
    bus.on_batch([TicketLinked], book.keep)
    if handle:
        bus.on(TicketPlanAgreed, handle)
    return await harness.start(bus)


def plan(ticket: str) -> TicketPlanAgreed:
    return TicketPlanAgreed(subject=ticket, time=NOON, plan="p")


async def test_what_is_there_is_handled_in_few_calls_each_event_once(harness: BusHarness) -> None:
    book = Book()
    bus = await keeping(harness, book, at_once=1)
    await bus.link.stop_receiving()
    await harness.publish(*(linked(f"T-{i % 3}", id=f"e-{i}") for i in range(100)))
    again = await keeping(harness, book, at_once=1)
    await until_idle(again, within=30)
    assert book.kept == Counter(f"e-{i}" for i in range(100))
    assert len(book.calls) < 100
    assert max(map(len, book.calls)) > 1


async def test_they_wait_for_no_place_and_hold_up_nobody(harness: BusHarness) -> None:
    book, heard, go_on = Book(), list[str](), asyncio.Event()

    async def handle(event: TicketPlanAgreed) -> None:
        heard.append(event.subject)
        await go_on.wait()

    bus = await keeping(harness, book, handle, at_once=1)
    await harness.publish(plan("T-1"))
    await until(lambda: heard)
    await harness.publish(*(linked("T-1", id=f"e-{i}") for i in range(5)))
    await until(lambda: len(book.kept) == 5)  # behind it, about the same ticket, with the only place taken
    go_on.set()
    await until_idle(bus)
    assert heard == ["T-1"]


async def test_when_a_call_fails_each_event_comes_again_for_itself(harness: BusHarness) -> None:
    book = Book()
    book.failures = 1
    bus = await keeping(harness, book, ack_wait=0.5)
    await harness.publish(*(linked(f"T-{i}", id=f"e-{i}") for i in range(8)))
    await until(lambda: len(book.kept) == 8)
    await until_idle(bus)
    assert book.kept == Counter(f"e-{i}" for i in range(8))
    assert await bus.dead_letters() == []


async def test_one_that_always_fails_is_a_dead_letter_and_the_others_are_kept(harness: BusHarness) -> None:
    book = Book()
    book.poison = "e-3"
    bus = await keeping(harness, book, ack_wait=0.5)
    await harness.publish(*(linked(f"T-{i}", id=f"e-{i}") for i in range(8)))
    await until(lambda: len(book.kept) == 7)
    await until_idle(bus, within=30)
    [dead] = await bus.dead_letters()
    assert "not today" in dead.error
    assert dead.tries == len(WAITS) + 1
    assert book.kept == Counter(f"e-{i}" for i in range(8) if i != 3)

    book.poison = ""
    await bus.replay(dead.sequence)
    await until(lambda: "e-3" in book.kept)


async def test_who_stops_handles_what_is_here(harness: BusHarness) -> None:
    book = Book()
    bus = await keeping(harness, book)
    await harness.publish(linked("T-1", id="e-1"))
    await until(lambda: not bus.idle or book.calls)
    await bus.stop_receiving()
    assert book.kept == Counter({"e-1": 1})
    assert bus.idle


async def test_what_a_replica_had_in_its_hands_when_it_went_comes_to_another(harness: BusHarness) -> None:
    book, begun = Book(), asyncio.Event()

    async def never_ends(_: Sequence[Event]) -> None:
        begun.set()
        await asyncio.Event().wait()

    lost = harness.make("intake", ack_wait=1.0)
    lost.on_batch([TicketLinked], never_ends)
    await harness.start(lost)
    await harness.publish(*(linked(f"T-{i}", id=f"e-{i}") for i in range(4)))
    await begun.wait()
    await lost.link.close()
    other = await keeping(harness, book, ack_wait=1.0)
    await until(lambda: len(book.kept) == 4, within=30)
    await until_idle(other)
    assert book.kept == Counter(f"e-{i}" for i in range(4))


async def test_those_with_a_handler_of_their_own_are_handled_by_it_first_in_their_order(harness: BusHarness) -> None:
    book, heard, fails = Book(), list[str](), {"e-2"}

    async def handle(event: TicketLinked) -> None:
        assert event.id not in book.kept
        if event.id in fails:
            fails.remove(event.id)
            raise RuntimeError("not yet")
        heard.append(event.id)

    bus = harness.make("intake")
    bus.on_batch([TicketLinked], book.keep)
    bus.on(TicketLinked, handle)
    await harness.start(bus)
    await harness.publish(*(linked("T-1", id=f"e-{i}") for i in range(6)))
    await until(lambda: len(book.kept) == 6)
    await until_idle(bus)
    assert heard == [f"e-{i}" for i in range(6)]
    assert book.kept == Counter(heard)


async def test_one_that_cannot_be_handled_first_is_kept_all_the_same(harness: BusHarness) -> None:
    book = Book()

    async def handle(_: TicketLinked) -> None:
        raise RuntimeError("never")

    bus = harness.make("intake")
    bus.on_batch([TicketLinked], book.keep)
    bus.on(TicketLinked, handle)
    await harness.start(bus)
    await harness.publish(linked("T-1", id="e-1"))
    await until_idle(bus, within=30)
    [dead] = await bus.dead_letters()
    assert "never" in dead.error
    assert "e-1" in book.kept
    assert len(book.calls) < dead.tries


async def test_when_the_call_fails_they_come_again_and_their_own_handler_hears_them_once_more(
    harness: BusHarness,
) -> None:
    book, heard = Book(), list[str]()
    book.failures = 1

    async def handle(event: TicketLinked) -> None:
        heard.append(event.id)

    bus = harness.make("intake", ack_wait=0.5)
    bus.on_batch([TicketLinked], book.keep)
    bus.on(TicketLinked, handle)
    await harness.start(bus)
    await harness.publish(linked("T-1", id="e-1"))
    await until(lambda: book.kept)
    await until_idle(bus)
    assert heard == ["e-1", "e-1"]
    assert book.kept == Counter({"e-1": 1})
