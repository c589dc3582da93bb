"""Requests to sla, and bodies of some."""

from typing import Any

from services.sla.calendars.defaults import CN_WEEK
from shared.testing import LEAD, Person, World

WEEK = CN_WEEK.model_dump()
HUADONG: dict[str, Any] = {
    "company": "华东贸易有限公司",
    "targets": {"response": {"urgent": {"amount": 30, "unit": "working_hours"}}},
}


async def get(world: World, who: Person | None, path: str, **headers: str) -> Any:
    async with world.as_(who, "sla", **headers) as client:
        return await client.get(path)


async def put(world: World, who: Person | None, path: str, body: dict[str, Any], **headers: str) -> Any:
    async with world.as_(who, "sla", **headers) as client:
        return await client.put(path, json=body)


async def target_of(world: World, ticket: str, clock: str) -> int:
    clocks = (await get(world, LEAD, f"/v1/tickets/{ticket}/clocks")).json()["clocks"]
    return next(int(one["target_seconds"]) for one in clocks if one["clock"] == clock)
