"""Builds a service's projections again from the stream, or lets it hear a part of the stream again, with its own
settings and by its own handlers.

The service must not run meanwhile. Nobody hears of it: no event, no mail, no clock goes off again. So what it has not
handled yet is not heard here either: it hears that when it runs, and tells what it leads to.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module

from deploy.local.words import LaunchError
from shared.bus.standing import Busy
from shared.rebuild import Clock, Rebuilt, Unheard, hear_range, rebuild
from shared.service import Runtime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def run(service: str, runtime: Runtime, clock: Clock) -> Rebuilt:
    """Raises LaunchError while the service runs somewhere, RuntimeError when it has not told all that it has to."""
    async with _alone(service, runtime) as unheard:
        return await rebuild(runtime, clock, unheard)


async def hear_again(service: str, runtime: Runtime, clock: Clock, after: int, until: int) -> Rebuilt:
    """What lies behind `after`, up to `until`, once more. What was heard is known by the events' ids, and changes
    nothing. Raises LaunchError also for events that the service was not given yet: it will hear them itself."""
    async with _alone(service, runtime) as unheard:
        oldest, newest = await runtime.bus.kept()
        if not oldest - 1 <= after <= until <= newest:
            raise LaunchError(
                f"The stream has {oldest} to {newest}: after {after} until {until} is no part of it.",
                f"事件流现有序号为 {oldest} 至 {newest}，所给范围（{after} 之后至 {until}）不在其中。",
            )
        place = unheard.place
        if place and until > place.delivered:
            raise LaunchError(
                f"{service} was given up to {place.delivered} of the stream, and hears what is behind it when it runs.",
                f"{service} 已收到至 {place.delivered}，其后的事件会在启动后自行处理。",
            )
        return await hear_range(runtime, clock, after, until, unheard)


@asynccontextmanager
async def _alone(service: str, runtime: Runtime) -> AsyncIterator[Unheard]:
    """What it has not handled, while it is wired and runs nowhere."""
    import_module(f"services.{service}.app").wire(runtime)
    await runtime.bus.connect()
    try:
        try:
            unheard = await Unheard.of(runtime)
        except Busy as error:
            raise LaunchError(
                f"{service} runs: stop all its replicas first.", f"{service} 正在运行，请先停止其全部副本。"
            ) from error
        yield unheard
    finally:
        await runtime.bus.stop()
        await runtime.database.close()
