"""Records as staff keep them."""

from collections.abc import Mapping
from typing import Any

from shared.testing import LEAD, Person, World

HUADONG = {"name": "华东贸易有限公司", "aliases": ["华东贸易"], "domains": ["huadong.example"]}


async def ask(
    world: World,
    method: str,
    path: str,
    body: Any = None,
    status: int = 200,
    who: Person = LEAD,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    async with world.as_(who, "intake") as client:
        answer = await client.request(method, path, json=body, headers=dict(headers or {}))
    assert answer.status_code == status, answer.text
    await world.settle()
    found: dict[str, Any] = answer.json()
    return found


async def company(world: World, **facts: Any) -> dict[str, Any]:
    return await ask(world, "POST", "/v1/companies", {**HUADONG, **facts}, 201)


async def contact(world: World, name: str = "王敏", **facts: Any) -> dict[str, Any]:
    return await ask(world, "POST", "/v1/contacts", {"name": name, **facts}, 201)
