"""Reading the stream along."""

import asyncio

import pytest

from shared.bus import TARGET_SERVICE, OffsetExpired
from shared.domain import Unavailable
from shared.events import Contact, Problem, TicketOpened
from shared.terms import Channel
from shared.testing import NOON
from tests.shared.bus.harness import BusHarness, linked


async def test_following_begins_behind_a_sequence_or_now(harness: BusHarness) -> None:
    bus = await harness.bus("triage")
    await harness.publish(*(linked(f"T-{i}") for i in range(1, 5)))
    behind, new = bus.follow(2), bus.follow(None)
    found = [await anext(behind) for _ in range(2)]
    waiting = asyncio.create_task(anext(new))
    while not waiting.done():  # nothing says when it has begun to follow
        await harness.publish(linked("T-5"))
        await asyncio.wait([waiting], timeout=0.2)
    found.append(await anext(behind))
    first = await waiting
    await behind.aclose()
    await new.aclose()
    assert [(one[0], one[1].subject) for one in found if one] == [(3, "T-3"), (4, "T-4"), (5, "T-5")]
    assert first
    assert first[0] >= 5


async def test_following_leaves_out_replays_what_is_no_event_and_what_is_not_known_here(harness: BusHarness) -> None:
    bus = await harness.bus("triage")
    await harness.publish(linked("T-1"))
    await harness.publish_raw("ticket.linked", b"rubbish")
    newer = linked("T-1").to_wire().replace(b"linked.v1", b"linked.v2")
    await harness.publish_raw("ticket.linked", newer)
    await harness.publish_raw("ticket.linked", linked("T-1").to_wire(), **{TARGET_SERVICE: "triage"})
    await harness.publish(linked("T-2"))
    feed = bus.follow(0)
    found = [await anext(feed) for _ in range(2)]
    await feed.aclose()
    assert [one[1].subject for one in found if one] == ["T-1", "T-2"]


async def test_following_what_is_no_longer_kept_is_gone(harness: BusHarness) -> None:
    bus = await harness.bus("triage")
    await harness.publish(*(linked(f"T-{i}") for i in range(6)))
    await harness.js.purge_stream(bus.names.stream, seq=4)
    with pytest.raises(OffsetExpired):
        await anext(bus.follow(1))
    with pytest.raises(OffsetExpired):
        await anext(bus.follow(99))
    feed = bus.follow(3)
    first = await anext(feed)
    await feed.aclose()
    assert first
    assert first[0] == 4


def opened(place: int) -> TicketOpened:
    about = Problem(title="x", description="x"), Contact(name="x"), Channel.ONLINE
    known = dict(zip(("problem", "contact", "channel"), about, strict=True))
    return TicketOpened(subject=f"T-{place}", time=NOON, customer="C-1", taken_by="x", **known)


@pytest.mark.parametrize(("between", "least", "most"), [(0, 20, 20), (1, 20, 60), (6, 20, 60)])
async def test_the_latest_of_a_kind_are_found_however_much_else_is_between_them(
    harness: BusHarness, between: int, least: int, most: int
) -> None:
    bus = await harness.bus("triage")
    for place in range(60):
        await harness.publish(opened(place), *(linked(f"T-{place}") for _ in range(between)))
    await harness.publish_raw("ticket.opened", b"rubbish")
    found = [event.subject for event in await bus.latest(TicketOpened, 20, 5)]
    assert least <= len(found) + 1 <= most + 1
    assert found == [f"T-{place}" for place in range(60)][-len(found) :]
    info = await harness.js.consumers_info(bus.names.stream)
    assert info == []


async def test_the_latest_are_all_where_there_are_fewer(harness: BusHarness) -> None:
    bus = await harness.bus("triage")
    assert await bus.latest(TicketOpened, 20, 5) == []
    await harness.publish(*(linked(f"T-{i}") for i in range(50)))
    assert await bus.latest(TicketOpened, 20, 5) == []
    await harness.publish(*(opened(place) for place in range(4)), linked("T-5"))
    await harness.js.purge_stream(bus.names.stream, seq=52)
    assert [event.subject for event in await bus.latest(TicketOpened, 20, 5)] == ["T-1", "T-2", "T-3"]


async def test_the_latest_are_not_known_without_a_stream(harness: BusHarness) -> None:
    bus = await harness.bus("triage")
    await harness.publish(opened(1))
    await harness.js.delete_stream(bus.names.stream)
    with pytest.raises(Unavailable):
        await bus.latest(TicketOpened, 20, 5)
    await bus.setup.ensure(())
