"""Saved views of a running intake: who has them, how many tickets they find, and their bounds."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.intake.saved_views.domain import MOST_OWN
from services.intake.saved_views.views import MAX_SEARCH_BYTES
from shared.store.handled import REMEMBERED_FOR
from shared.testing import ADMIN, AGENT, CHEN, LEAD, WANG, Person, World
from tests.intake.scene import opened, to_verification

VIEW = {"name_zh": "待处理工单", "name_en": "Pending tickets", "search": {"status": "pending", "sort": "oldest"}}


async def ask(
    world: World, who: Person, method: str, path: str = "", body: Any = None, expect: int = 200, **headers: str
) -> Any:
    await world.apps["intake"].state.service.search.follower.refresh()
    async with world.as_(who, "intake", **headers) as client:
        answer = await client.request(method, f"/v1/views{path}", json=body)
    assert answer.status_code == expect, answer.text
    return answer.json() if answer.content else None


async def create(world: World, who: Person, expect: int = 201, key: str = "", **more: Any) -> Any:
    body = {**VIEW, **more}
    if key:
        return await ask(world, who, "POST", "", body, expect, **{"Idempotency-Key": key})
    return await ask(world, who, "POST", "", body, expect)


async def names(world: World, who: Person) -> list[tuple[str, int | None]]:
    return [(one["name_en"], one["count"]) for one in (await ask(world, who, "GET"))["items"]]


async def test_own_views_are_ones_own_and_the_teams_are_everybodys(world: World) -> None:
    await opened(world)
    own = await create(world, AGENT)
    assert (own["count"], own["shared"], own["owner"], own["search"]) == (1, False, "a-lin", VIEW["search"])
    world.time += timedelta(seconds=1)
    await create(world, LEAD, name_en="Team", shared=True)
    assert await names(world, AGENT) == [("Pending tickets", 1), ("Team", 1)]
    assert await names(world, CHEN) == [("Team", 1)]
    assert await names(world, ADMIN) == [("Team", None)]
    for method, body in (("GET", None), ("PATCH", {"name_en": "x"}), ("DELETE", None)):
        for who in (CHEN, LEAD, ADMIN):
            await ask(world, who, method, f"/{own['id']}", body, 404)
    for method in ("GET", "POST"):
        await ask(world, WANG, method, "", VIEW if method == "POST" else None, 403)


async def test_what_it_looks_for_is_a_body_of_the_search(world: World) -> None:
    number = (await opened(world))["ticket"]
    view = await create(world, AGENT)
    async with world.as_(AGENT, "intake") as client:
        found = (await client.post("/v1/ticket-searches", json=view["search"])).json()
    assert ([one["ticket"] for one in found["items"]], found["total"]) == ([number], view["count"])


async def test_me_is_whoever_asks(world: World) -> None:
    await to_verification(world, (await opened(world))["ticket"])
    await create(world, LEAD, name_en="Mine", shared=True, search={"assignee": "me"})
    assert await names(world, Person("e-liu", ("engineer",))) == [("Mine", 1)]
    assert await names(world, CHEN) == [("Mine", 0)]


async def test_only_leads_and_admins_change_what_is_the_teams(world: World) -> None:
    await create(world, AGENT, 403, shared=True)
    own = f"/{(await create(world, AGENT))['id']}"
    await ask(world, AGENT, "PATCH", own, {"shared": True}, 403)
    team = f"/{(await create(world, ADMIN, shared=True))['id']}"
    for method, body in (("PATCH", {"name_en": "x"}), ("PATCH", {"shared": False}), ("DELETE", None)):
        await ask(world, AGENT, method, team, body, 403)
    mine = await ask(world, LEAD, "PATCH", team, {"shared": False, "name_en": "Of the lead"})
    assert (mine["shared"], mine["name_en"], mine["name_zh"]) == (False, "Of the lead", VIEW["name_zh"])
    await ask(world, AGENT, "GET", team, expect=404)
    await ask(world, LEAD, "PATCH", team, {"shared": True})
    assert (await ask(world, AGENT, "GET", team))["shared"] is True


async def test_whoever_saw_another_version_is_refused(world: World) -> None:
    path = f"/{(await create(world, AGENT))['id']}"
    await ask(world, AGENT, "PATCH", path, {"search": {"text": "导出"}}, 200, **{"If-Match": '"1"'})
    await ask(world, AGENT, "PATCH", path, {"name_en": "x"}, 412, **{"If-Match": '"1"'})
    await ask(world, AGENT, "DELETE", path, None, 412, **{"If-Match": '"1"'})
    assert (await ask(world, AGENT, "GET", path))["search"] == {"text": "导出"}
    await ask(world, AGENT, "DELETE", path, None, 200, **{"If-Match": '"2"'})


async def test_each_request_counts_once(world: World) -> None:
    one, other = await asyncio.gather(*(create(world, AGENT, key="k") for _ in range(2)))
    assert one["id"] == other["id"]
    await create(world, AGENT, 422, key="k", name_en="Other")
    assert (await create(world, LEAD, key="k"))["id"] != one["id"]
    path = f"/{one['id']}"
    for _ in range(2):
        await ask(world, AGENT, "DELETE", path, None, 200, **{"Idempotency-Key": "gone"})
    await ask(world, AGENT, "DELETE", path, None, 404)
    await ask(world, AGENT, "DELETE", path, None, 404, **{"Idempotency-Key": "other"})
    await ask(world, AGENT, "GET", path, expect=404)
    await create(world, AGENT, 404, key="k")
    assert await names(world, AGENT) == []


async def test_what_was_removed_is_nobodys_and_at_last_nothing(world: World) -> None:
    path = (await create(world, AGENT))["id"]
    await ask(world, AGENT, "DELETE", f"/{path}", None, 200)
    store = world.apps["intake"].state.service.saved_views.kept.store
    left = await store.get(path)
    assert (left.owner, left.name_zh, left.search) == ("", "", {})
    await world.pass_time(seconds=(REMEMBERED_FOR + timedelta(days=1)).total_seconds())
    assert await store.remove_expired() == 1
    assert await store.find(path) is None


async def test_their_number_and_their_size_are_bounded(world: World) -> None:
    for n in range(MOST_OWN):
        await create(world, AGENT, key=f"{n}")
    refused = await create(world, AGENT, 409)
    assert refused["code"] == "limit-reached"
    await create(world, AGENT, key="0")
    lead = f"/{(await create(world, LEAD))['id']}"
    for path in (lead, "/V-none"):
        await ask(world, AGENT, "PATCH", path, {"shared": False}, 404)
    team = f"/{(await create(world, LEAD, shared=True))['id']}"
    assert (await ask(world, LEAD, "PATCH", team, {"shared": False}))["shared"] is False
    page = await ask(world, AGENT, "GET", "?limit=30")
    rest = await ask(world, AGENT, "GET", f"?limit=30&after={page['next']}")
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (30, MOST_OWN - 30, None)
    long = {name: "导" * 200 for name in ("text", "contact", "company", "product", "product_version", "module")}
    assert len(str(long).encode()) < MAX_SEARCH_BYTES
    await create(world, LEAD, search=long, name_en="Long")
    await create(world, LEAD, 422, search={**long, "assignee": "界" * 255})


@pytest.mark.parametrize(
    "body",
    [
        {"search": {}},
        {"name_zh": " ", "search": {}},
        {"name_zh": "x"},
        {"name_zh": "x", "search": {"after": "x"}},
        {"name_zh": "x", "search": {"status": "lost"}},
        {"name_zh": "x", "search": {"stauts": "pending"}},
    ],
)
async def test_what_is_no_view_is_refused(world: World, body: Any) -> None:
    await ask(world, AGENT, "POST", "", body, 422)
    assert await names(world, AGENT) == []
    kept = await create(world, AGENT, name_zh="")
    await ask(world, AGENT, "PATCH", f"/{kept['id']}", {"name_en": ""}, 422)
    await ask(world, AGENT, "PATCH", f"/{kept['id']}", {}, 422)
    assert await ask(world, AGENT, "GET", f"/{kept['id']}") == kept


async def test_of_what_a_newer_version_knows_nothing_is_counted(world: World) -> None:
    view = await create(world, AGENT)
    store = world.apps["intake"].state.service.saved_views.kept.store
    await store._docs.update_one({"_id": view["id"]}, {"$set": {"search": {"mood": "angry"}}})
    assert await names(world, AGENT) == [("Pending tickets", None)]
    await create(world, LEAD, name_en="Nothing", shared=True, search={"text": "!!!"})
    assert await names(world, LEAD) == [("Nothing", 0)]
