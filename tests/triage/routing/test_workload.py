"""Who holds what: with two replicas, and after a crash between any two writes."""

import asyncio
from functools import partial
from typing import Any

from services.triage.routing import assignment
from services.triage.routing.domain import Engineer, Reservation
from services.triage.settings import TriageSettings
from services.triage.work.domain import WorkItem
from services.triage.work.values import TRIAGE, TRIAGE_ORIGIN
from shared.domain import Origin
from shared.events import Event, TriageAssigned, TriageReleased
from shared.testing import World
from tests.triage.builders import BY_LEAD, TICKET, completed, with_room
from tests.triage.routing.replicas import arrive, enter, given_to, keep, replica
from tests.triage.scene import held_by, triage


async def test_claims_and_releases_in_quick_turns_on_two_replicas_leave_nothing_behind(world: World) -> None:
    chen = await enter(world)
    numbers = await arrive(world, 6)
    here, there = triage(world), replica(world)
    lead = Origin("l-qian")

    async def pass_around(ticket: str) -> None:
        for n in range(4):
            one, other = (here, there) if n % 2 else (there, here)
            await one.claims.claim(ticket, chen, "test", Origin("e-chen"))
            await other.routing.release(ticket, "x", BY_LEAD, lead)

    await asyncio.gather(*(pass_around(ticket) for ticket in numbers))
    await world.settle()
    assert await held_by(world) == await given_to(world) == []
    assert len(world.published(TriageAssigned)) == len(world.published(TriageReleased)) == 24


async def test_what_is_told_late_and_again_changes_nothing(world: World) -> None:
    chen = await enter(world)
    await arrive(world, 1)
    service = triage(world)
    for _ in range(2):
        await service.claims.claim(TICKET, chen, "", Origin("e-chen"))
        await service.routing.release(TICKET, "x", BY_LEAD, Origin("l-qian"))
    await world.settle()
    told: list[Any] = [*world.published(TriageAssigned), *world.published(TriageReleased)]
    for event in told:
        await replica(world).routing.workload.hear(event)
    assert await held_by(world) == []


async def test_a_reservation_that_is_never_fulfilled_expires(world: World) -> None:
    await enter(world)
    await arrive(world, 1)
    service = triage(world)
    for ticket in (TICKET, "TK-2026-000404"):
        reservation = Reservation(ticket=ticket, version=2, at=world.now(), made_by="x")
        await service.engineers.store.change("e-chen", partial(keep, reservation), TRIAGE_ORIGIN)
    assert await service.routing.workload.reconcile() == 0  # it may be on its way
    await world.pass_time(seconds=TriageSettings().reservation_seconds + 1)
    assert await service.routing.workload.reconcile() + len(await held_by(world)) == 0, "by time, without being asked"


async def test_a_ticket_that_was_given_and_not_counted_is_counted(world: World) -> None:
    await enter(world)
    await arrive(world, 1)
    service = triage(world)

    def give(item: WorkItem) -> list[Event]:
        return assignment.assign(item, with_room(Engineer(id="e-chen", name="陈宇"), item), "x", TRIAGE, world.now())

    await service.work.store.change(TICKET, give, Origin("l-qian"))
    await world.settle()
    assert await held_by(world) == [TICKET], "by what was told of it"
    await service.engineers.store.change("e-chen", lambda one: one.forget(TICKET), TRIAGE_ORIGIN)
    await world.pass_time(seconds=TriageSettings().reconcile_seconds + 1)
    assert await held_by(world) == [TICKET], "by time"


async def test_a_ticket_that_ended_and_is_still_counted_is_released(world: World) -> None:
    chen = await enter(world)
    await arrive(world, 1)
    service = triage(world)
    await service.claims.claim(TICKET, chen, "", Origin("e-chen"))
    await world.publish(completed(6))
    reservation = Reservation(ticket=TICKET, version=3, at=world.now(), made_by="x")
    await service.engineers.store.change("e-chen", partial(keep, reservation), TRIAGE_ORIGIN)
    assert await service.routing.workload.reconcile() == 1
    assert (await held_by(world), await service.routing.workload.reconcile()) == ([], 0)


async def test_a_count_is_right_also_when_a_work_item_was_built_again(world: World) -> None:
    """Its version may then be lower than the one that was let go."""
    chen = await enter(world)
    await arrive(world, 1)
    service = triage(world)
    await service.claims.claim(TICKET, chen, "", Origin("e-chen"))
    await service.engineers.store.change("e-chen", lambda one: one.release(TICKET, 99), TRIAGE_ORIGIN)
    assert await service.routing.workload.reconcile() == 1
    assert await held_by(world) == [TICKET]
