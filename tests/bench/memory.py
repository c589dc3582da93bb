"""Memory at rest: of each service, and of all together with servers and gateway."""

import asyncio

from tests.bench.desk import Desk
from tests.bench.processes import pss_mb


async def at_rest(desk: Desk) -> None:
    await asyncio.sleep(3 if desk.quick else 8)
    look(desk, "rest_mb")


async def after_load(desk: Desk) -> None:
    await desk.rest()
    look(desk, "rest_after_load_mb")


def look(desk: Desk, name: str) -> None:
    each = {part: pss_mb(kept.pid) for part, kept in desk.stack.processes.items()}
    for service in desk.stack.options.services:
        desk.figures.add(f"{name}_{service}", each[service], "MB")
    rest = {part: mb for part, mb in each.items() if part not in desk.stack.options.services}
    note = ", ".join(f"{part} {mb:.0f}" for part, mb in rest.items())
    desk.figures.add(name, sum(each.values()), "MB", note=f"with {note}")
