"""Memory at rest (proportional set size): of each service, and of all together with servers and gateway."""

import asyncio

from tests.bench.desk import Desk
from tests.bench.processes import pss_mib


async def at_rest(desk: Desk) -> None:
    await asyncio.sleep(3 if desk.quick else 8)
    look(desk, "rest_mib")


async def after_load(desk: Desk) -> None:
    await desk.rest()
    look(desk, "rest_after_load_mib")


def look(desk: Desk, name: str) -> None:
    each = {part: pss_mib(kept.pid) for part, kept in desk.stack.processes.items()}
    for service in desk.stack.options.services:
        desk.figures.add(f"{name}_{service}", each[service], "MiB")
    rest = {part: mib for part, mib in each.items() if part not in desk.stack.options.services}
    note = ", ".join(f"{part} {mib:.0f}" for part, mib in rest.items())
    desk.figures.add(name, sum(each.values()), "MiB", note=f"with {note}")
