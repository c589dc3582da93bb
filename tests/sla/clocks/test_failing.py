"""Clocks that cannot be read hold up no others."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from shared.events import SlaBreached
from shared.outbox import Outgoing
from shared.terms import Priority
from shared.testing import NOON, World
from shared.timer import AT_ONCE
from tests.sla.builders import diagnosed, opened

BAD = [f"TK-2026-1{n:05d}" for n in range(AT_ONCE + 50)]
GOOD = [f"TK-2026-2{n:05d}" for n in range(50)]


async def open_all(world: World, tickets: list[str], at: datetime) -> None:
    assert world._bus
    urgent = diagnosed(Priority.URGENT, at)
    events = [opened(at, ticket) for ticket in tickets] + [
        urgent.model_copy(update={"subject": ticket, "id": f"d{ticket}"}) for ticket in tickets
    ]
    await asyncio.gather(*(world._bus.publish(Outgoing.of(event)) for event in events))
    await world.settle()


def breached(world: World) -> set[str]:
    return {event.subject for event in world.published(SlaBreached)}


async def test_many_that_cannot_be_read_starve_none_and_are_tried_again(world: World) -> None:
    docs: Any = world.apps["sla"].state.service.clocks.store._docs
    await open_all(world, BAD, NOON)
    world.time += timedelta(minutes=1)
    await open_all(world, GOOD, world.time)
    whole = {doc["_id"]: doc["clocks"] async for doc in docs.find({"_id": {"$in": BAD}}, {"clocks": 1})}
    await docs.update_many({"_id": {"$in": BAD}}, {"$set": {"clocks": "broken"}})

    await world.pass_time(hours=2)
    assert breached(world) == {*GOOD}
    for ticket, clocks in whole.items():
        await docs.update_one({"_id": ticket}, {"$set": {"clocks": clocks}})
    await world.pass_time(seconds=1)
    assert breached(world) == {*GOOD}  # not before they have waited
    await world.pass_time(seconds=1)
    assert breached(world) == {*GOOD, *BAD}
