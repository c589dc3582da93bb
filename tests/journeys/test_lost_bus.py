"""The bus loses everything that it kept, while two of five services had not heard it yet."""

import asyncio
from collections import Counter

import nats.errors
import pytest
from nats.js.errors import NotFoundError

from deploy.services import SERVICES
from shared.testing import LEAD, World
from tests.journeys.desk import COMPLETE, NO_ORDERS, Desk
from tests.servers import app_factory

APPS = {name: app_factory(name) for name in SERVICES}
TICKETS = 6
WITHIN = 40.0


async def lose(world: World) -> None:
    """When everybody has looked at it lately."""
    assert world._bus
    for bus in (world._bus, *(runtime.bus for runtime in world.runtimes.values())):
        assert await bus.ready()
    for name in (world._bus.names.stream, world._bus.names.dead_stream):
        await world._bus.link.js.delete_stream(name)


async def mended(world: World) -> None:
    assert world._bus
    names = world._bus.names
    async with asyncio.timeout(WITHIN):
        while True:
            await asyncio.sleep(0.1)
            try:
                made = (await world._bus.link.api(f"STREAM.INFO.{names.stream}"))["created"]
                for name in world.runtimes:
                    await world._bus.link.api(f"CONSUMER.INFO.{names.stream}.{name.partition('.')[0]}")
            except (NotFoundError, nats.errors.Error):
                continue
            if all(one.bus.resender.is_complete(made) for one in world.runtimes.values()):
                break
    await world.settle(WITHIN)


async def told(desk: Desk) -> Counter[tuple[str, str, str]]:
    page = await desk.do(LEAD, "GET", "notify", "/v1/notifications?limit=100")
    return Counter((one["ticket"], one["template"], one["recipient"]) for one in page["items"])


@pytest.mark.timeout(150)
@pytest.mark.parametrize("restarted", [False, True])
async def test_a_bus_that_lost_everything_is_told_it_again_and_nobody_is_mailed_twice(
    world: World, desk: Desk, restarted: bool
) -> None:
    for create_app in APPS.values():
        await world.start(create_app, ".2")
    numbers = [await desk.open({**(NO_ORDERS if i % 3 == 0 else COMPLETE), "steps": str(i)}) for i in range(TICKETS)]
    for name in ("triage", "triage.2", "sla", "sla.2"):
        await world.stop(name)
    for i in range(TICKETS):
        numbers.append(await desk.open({**COMPLETE, "description": f"闪退 {i}", "steps": str(i)}))
    before = await told(desk)
    for runtime in world.runtimes.values():
        await runtime.sender.clear()
    if restarted:
        for name in list(world.runtimes):
            await world.stop(name)
    await lose(world)
    for name in APPS:
        for replica in ("", ".2"):
            if name + replica not in world.runtimes:
                await world.start(APPS[name], replica)
    await mended(world)
    await world.pass_time(seconds=1)
    after = await told(desk)
    assert before - after == Counter()
    assert set(after.values()) == {1}
    for number in numbers:
        ticket, work = await desk.ticket(number), await desk.work(number)
        clocks = await desk.do(LEAD, "GET", "sla", f"/v1/tickets/{number}/clocks")
        assert (work["ticket"], work["open"]) == (number, ticket["completed_at"] is None)
        assert {one["clock"] for one in clocks["clocks"]} >= {"response", "resolution"}
    for name in APPS:
        assert await world.runtimes[name].bus.dead_letters() == []
