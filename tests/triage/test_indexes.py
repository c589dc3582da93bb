"""How the database finds it."""

from services.triage.app import Triage
from shared.testing import World
from tests.triage.builders import opened, problem


async def test_every_list_is_found_by_an_index(world: World) -> None:
    service: Triage = world.apps["triage"].state.service
    work, engineers = service.work.store, service.engineers.store
    for number in range(1, 31):
        await world.publish(opened(f"TK-2026-0000{number:02}", problem("页面报错", f"第 {number} 次")))
    filters: list[dict[str, str]] = [
        {},
        {"queue": "function"},
        {"assignee": ""},
    ]
    plans = [await work.explain({**wanted, "pressing": {"$gte": "1", "$lte": "9"}}) for wanted in filters]
    plans += [
        await work.explain({**wanted, "due_key": {"$gte": "0", "$lte": "9"}}) for wanted in ({}, {"assignee": ""})
    ]
    plans.append(await engineers.explain({"level": "senior", "available": True}))
    assert all("COLLSCAN" not in str(plan) and "IXSCAN" in str(plan) for plan in plans)
