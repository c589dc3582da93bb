"""The list of causes that a call-back chooses from."""

from typing import Any

from shared.events import TicketCalledBack
from shared.testing import ADMIN, AGENT, LEAD, WANG, World
from tests.intake.directory.scene import ask
from tests.intake.scene import asked, say

SLOW = {"name_zh": "响应太慢", "name_en": "Slow response"}


async def added(world: World, expect: int = 201, **names: str) -> Any:
    return await ask(world, "POST", "/v1/call-back-causes", {**SLOW, **names}, expect, who=ADMIN)


async def dissatisfied(world: World) -> str:
    number = await asked(world)
    await say(world, number, "verification", accepted=True)
    await say(world, number, "feedback", satisfaction="dissatisfied")
    return f"/v1/tickets/{number}/call-back"


async def test_administrators_keep_the_list_and_staff_read_it(world: World) -> None:
    slow = await added(world)
    other = await added(world, name_zh="态度不好", name_en="Unfriendly")
    listed = await ask(world, "GET", "/v1/call-back-causes", None, 200, who=AGENT)
    assert {one["id"] for one in listed["items"]} == {slow["id"], other["id"]}
    await added(world, 409, name_zh="慢", name_en="slow  RESPONSE")
    path = f"/v1/call-back-causes/{other['id']}"
    assert (await ask(world, "PATCH", path, {"name_zh": "响应太慢"}, 409, who=ADMIN))["status"] == 409
    await ask(world, "PATCH", path, {}, 422, who=ADMIN)
    for who, expect in ((LEAD, 403), (WANG, 403)):
        await ask(world, "POST", "/v1/call-back-causes", SLOW, expect, who=who)
    await ask(world, "GET", "/v1/call-back-causes", None, 403, who=WANG)


async def test_a_call_back_names_a_listed_cause_by_id_or_name(world: World) -> None:
    slow = await added(world)
    path = await dissatisfied(world)
    refused = await ask(world, "POST", path, {"cause": "别的"}, 422, who=AGENT)
    assert "Slow response" in str(refused)
    ticket = await ask(world, "POST", path, {"cause": "slow response", "notes": "等了三天"}, 200, who=AGENT)
    assert (ticket["call_back"]["cause"], ticket["call_back"]["listed_cause"]) == (
        "响应太慢 · Slow response",
        slow["id"],
    )
    [told] = world.published(TicketCalledBack)
    assert (told.cause_of_dissatisfaction, told.listed_cause) == ("响应太慢 · Slow response", slow["id"])


async def test_a_retired_cause_is_named_no_more_and_an_empty_list_binds_nobody(world: World) -> None:
    slow = await added(world)
    await ask(world, "PATCH", f"/v1/call-back-causes/{slow['id']}", {"active": False}, 200, who=ADMIN)
    active = await ask(world, "GET", "/v1/call-back-causes?active=true", None, 200, who=AGENT)
    assert active["items"] == []
    ticket = await ask(world, "POST", await dissatisfied(world), {"cause": "响应太慢"}, 200, who=AGENT)
    assert (ticket["call_back"]["cause"], ticket["call_back"]["listed_cause"]) == ("响应太慢", "")
