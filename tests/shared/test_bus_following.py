"""Reading the stream along."""

import asyncio

import pytest

from shared.bus import ONLY, Gone
from tests.shared.street import Street, linked


async def test_following_begins_behind_a_sequence_or_now(street: Street) -> None:
    bus = await street.bus("triage")
    await street.publish(*(linked(f"T-{i}") for i in range(1, 5)))
    behind, new = bus.follow(2), bus.follow(None)
    found = [await anext(behind) for _ in range(2)]
    waiting = asyncio.create_task(anext(new))
    await asyncio.sleep(0.2)
    await street.publish(linked("T-5"))
    found += [await anext(behind), await waiting]
    await behind.aclose()
    await new.aclose()
    assert [(one[0], one[1].subject) for one in found if one] == [(3, "T-3"), (4, "T-4"), (5, "T-5"), (5, "T-5")]


async def test_following_leaves_out_replays_what_is_no_event_and_what_is_not_known_here(street: Street) -> None:
    bus = await street.bus("triage")
    await street.publish(linked("T-1"))
    await street.publish_raw("ticket.linked", b"rubbish")
    newer = linked("T-1").to_wire().replace(b"linked.v1", b"linked.v2")
    await street.publish_raw("ticket.linked", newer)
    await street.publish_raw("ticket.linked", linked("T-1").to_wire(), **{ONLY: "triage"})
    await street.publish(linked("T-2"))
    feed = bus.follow(0)
    found = [await anext(feed) for _ in range(2)]
    await feed.aclose()
    assert [one[1].subject for one in found if one] == ["T-1", "T-2"]


async def test_following_what_is_no_longer_kept_is_gone(street: Street) -> None:
    bus = await street.bus("triage")
    await street.publish(*(linked(f"T-{i}") for i in range(6)))
    await street.js.purge_stream(bus.names.stream, seq=4)
    with pytest.raises(Gone):
        await anext(bus.follow(1))
    with pytest.raises(Gone):
        await anext(bus.follow(99))
    feed = bus.follow(3)
    first = await anext(feed)
    await feed.aclose()
    assert first
    assert first[0] == 4
