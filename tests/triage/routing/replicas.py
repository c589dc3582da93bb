"""Two replicas of triage, engineers and tickets for them."""

from dataclasses import replace
from typing import Any

from services.triage.app import Triage
from services.triage.routing.claims import ClaimHandlers
from services.triage.routing.dispatch import DispatchHandlers
from services.triage.routing.domain import Engineer, Reservation
from services.triage.routing.engineers import EngineerHandlers
from services.triage.routing.handlers import RoutingHandlers
from services.triage.routing.store import Engineers
from services.triage.routing.urgent import UrgentHandlers
from services.triage.routing.workload import Workload
from services.triage.work.store import WorkItems
from shared.domain import Origin
from shared.events import Event
from shared.testing import World
from tests.triage.builders import CRASH, opened
from tests.triage.scene import triage


def replica(world: World) -> Triage:
    """Another process of triage over the same database, as far as requests go."""
    here, service = world.runtimes["triage"], triage(world)
    work = replace(service.work, store=WorkItems(here.database, here.sender, world.now))
    engineers = Engineers(here.database, here.sender, world.now)
    workload = Workload(work, engineers, service.routing.workload.reservation_lasts, world.now)
    urgent = UrgentHandlers(work, workload, service.teams, world.now)
    dispatch = DispatchHandlers(work, workload, service.teams, world.now)
    routing = RoutingHandlers(work, engineers, workload, urgent, dispatch, service.teams, world.now)
    claims = ClaimHandlers(work, routing)
    return replace(service, work=work, routing=routing, claims=claims, engineers=EngineerHandlers(engineers, routing))


async def enter(world: World, sub: str = "e-chen", capacity: int = 10, **more: Any) -> Engineer:
    one = Engineer(id=sub, name=sub, capacity=capacity, **{"available": True, **more})
    return await triage(world).engineers.store.add(one, [], Origin("test"))


def keep(reservation: Reservation, one: Engineer) -> list[Event]:
    return one.reserve(reservation, urgent=True)


async def given_to(world: World, sub: str = "e-chen") -> list[str]:
    return sorted(await triage(world).work.store.held_by(sub))


async def arrive(world: World, count: int) -> list[str]:
    numbers = [f"TK-2026-{n:06d}" for n in range(1, count + 1)]
    for number in numbers:
        await world.publish(opened(number, CRASH))
    return numbers
