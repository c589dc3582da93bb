"""Imports, from the first part to the last."""

import json
from typing import Any

from shared.testing import LEAD, Person, World


async def ask(
    world: World, method: str, path: str, body: Any = None, who: Person = LEAD, status: int = 0, service: str = "intake"
) -> dict[str, Any]:
    async with world.as_(who, service, **{"Accept-Language": "en"}) as client:
        answer = await client.request(method, f"/v1/ticket-imports{path}", json=body)
    assert answer.status_code == status if status else answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def begun(world: World, *parts: dict[str, Any], **fields: Any) -> tuple[str, list[dict[str, Any]]]:
    """The id of an import with these parts, and what was said of each."""
    known = {"source": "old", "format": "jsonl", "zone": "Asia/Shanghai"}
    id: str = (await ask(world, "POST", "", {**known, **fields}))["id"]
    answers = [await ask(world, "PUT", f"/{id}/parts/{n}", part) for n, part in enumerate(parts, start=1)]
    return id, answers


async def finished(world: World, id: str, parts: int = 1, with_links: int = 0) -> dict[str, Any]:
    """The report; so many of the parts have links."""
    await ask(world, "POST", f"/{id}/start", {"parts": parts})
    for _ in range(parts + with_links + 1):
        await world.pass_time(seconds=1)
    report = await ask(world, "GET", f"/{id}")
    assert report["state"] == "finished"
    return report


def row(id: str, **fields: Any) -> dict[str, Any]:
    known = {
        "external_id": id,
        "number": f"N{id}",
        "title": f"导出失败 {id}",
        "description": "点导出后报错",
        "state": "closed",
        "company": "华东贸易有限公司",
        "contact_name": "王敏",
        "contact_email": "wang@huadong.example",
        "opened_at": "2019-12-31T17:00:00Z",
        "closed_at": "2020-01-02T17:00:00Z",
    }
    return {**known, **fields}


def lines(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"text": "\n".join(json.dumps(one) for one in rows)}


def outcomes(part: dict[str, Any]) -> list[str]:
    return [one["outcome"] for one in part["rows"]]
