"""Who gets in and who sees what: somebody else's ticket looks like none at all, on every route and version."""

import pytest

from shared.terms import Role
from shared.testing import AGENT, LIU, VIEWER, WANG, ZHAO, Person, World
from tests.contracts.requests import Operation, operations
from tests.contracts.test_access import about, request, what_it_says
from tests.intake.scene import CRASH, opened, to_verification

NOWHERE = "TK-2026-999999"
STRANGERS = [
    ZHAO,
    Person("u-1", ("company_viewer",), "North Securities"),
    Person("u-1", ("requester", "company_viewer")),
    Person("u-1", ("requester", "admin"), "North Securities"),
]
BOTH = Person("u-both", ("requester", "agent"), "华东贸易有限公司", "周兼")


def routes(world: World) -> list[Operation]:
    """All that there are on one ticket, each with a body that it takes."""
    return [
        one
        for one in operations("intake", world.apps["intake"])
        if one.is_about_a_ticket and one.path.startswith("/v1/")
    ]


@pytest.mark.parametrize("who", STRANGERS, ids=lambda who: "+".join(who.roles))
async def test_on_every_route_a_foreign_ticket_is_answered_like_none(world: World, who: Person) -> None:
    number = (await opened(world))["ticket"]
    await to_verification(world, number)
    found = routes(world)
    assert len(found) >= 35
    wrong = []
    for route in found:
        for version in ("", '"1"', '"4"', '"9999"', "*"):
            headers = {"If-Match": version} if version else {}
            foreign, nowhere = [
                what_it_says(await request(world, who, route, about(one), **headers), one) for one in (number, NOWHERE)
            ]
            if foreign != nowhere or foreign[0] not in (403, 404):
                wrong.append(f"{route.name} If-Match {version}: {foreign}, {nowhere}")
    assert wrong == []


@pytest.mark.parametrize("role", [role.value for role in Role])
async def test_no_role_by_itself_makes_a_route_fail(world: World, role: str) -> None:
    number = (await opened(world))["ticket"]
    wrong = []
    for route in routes(world):
        answer = await request(world, Person("x-1", (role,)), route, about(number), **{"If-Match": '"9999"'})
        lacks_an_id = role == "service" and route.path.endswith("/messages")  # as machines must; this one does not
        if answer.status_code not in ((422,) if lacks_an_id else (200, 201, 403, 404, 412)):
            wrong.append(f"{route.name}: {answer.status_code} {answer.text}")
    assert wrong == []


async def test_without_a_valid_token_nobody_gets_in(world: World) -> None:
    expired = world.servers.token("u-wang", "requester", lifetime=-60)
    forged = world.token(WANG)[:-8] + "AAAAAAAA"
    async with world.as_(None, "intake") as nobody:
        for token in ("", "Basic x", f"Bearer {expired}", f"Bearer {forged}", "Bearer nonsense"):
            answer = await nobody.get("/v1/tickets", headers={"Authorization": token} if token else {})
            assert answer.status_code == 401, token
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_stranger_sees_no_ticket_and_the_company_sees_its_own(world: World) -> None:
    number = (await opened(world))["ticket"]
    for person, status in ((WANG, 200), (VIEWER, 200), (ZHAO, 404), (LIU, 200)):
        async with world.as_(person, "intake") as client:
            assert (await client.get(f"/v1/tickets/{number}")).status_code == status, person
            listed = (await client.get("/v1/tickets")).json()["items"]
            assert len(listed) == (1 if status == 200 else 0)
    async with world.as_(ZHAO, "intake") as zhao:
        assert (await zhao.post(f"/v1/tickets/{number}/messages", json={"text": "hi"})).status_code == 404


async def test_who_has_no_company_sees_no_others_without_one(world: World) -> None:
    alone, viewer = Person("u-alone", ("requester",), "", "Al"), Person("u-view", ("company_viewer",), "")
    async with world.as_(alone, "intake") as client:
        number = (await client.post("/v1/tickets", json=CRASH)).json()["ticket"]
    async with world.as_(viewer, "intake") as client:
        assert (await client.get("/v1/tickets")).json()["items"] == []
        assert (await client.get(f"/v1/tickets/{number}")).status_code == 404


async def test_a_wrong_role_and_an_unknown_ticket_are_refused(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(VIEWER, "intake") as viewer:
        assert (await viewer.post(f"/v1/tickets/{number}/messages", json={"text": "x"})).status_code == 403
    async with world.as_(LIU, "intake") as liu:
        assert (await liu.post(f"/v1/tickets/{number}/completion")).status_code == 403
        assert (await liu.get("/v1/tickets/TK-2026-999999")).status_code == 404


async def test_a_stale_if_match_is_refused(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(WANG, "intake") as wang:
        seen = (await wang.get(f"/v1/tickets/{number}")).headers["etag"]
        first = await wang.patch(f"/v1/tickets/{number}", json={"module": "报表"}, headers={"If-Match": seen})
        second = await wang.patch(f"/v1/tickets/{number}", json={"module": "打印"}, headers={"If-Match": seen})
        third = await wang.patch(f"/v1/tickets/{number}", json={"module": "打印"}, headers={"If-Match": "yesterday"})
    assert (first.status_code, second.status_code, third.status_code) == (200, 412, 422)


async def test_who_is_both_is_the_customer_on_their_own_ticket_and_staff_on_anothers(world: World) -> None:
    theirs = (await opened(world, BOTH))["ticket"]
    wangs = (await opened(world))["ticket"]
    async with world.as_(BOTH, "intake") as both:
        for number, by_staff in ((theirs, False), (wangs, True)):
            answer = await both.post(f"/v1/tickets/{number}/messages", json={"text": "有进展吗？"})
            assert answer.json()["messages"][0]["by_staff"] is by_staff
            note = await both.post(f"/v1/tickets/{number}/messages", json={"text": "备注", "internal": True})
            assert (note.status_code, note.json()["messages"][-1]["internal"]) == (201, True)
        await to_verification(world, theirs)
        await to_verification(world, wangs)
        mine = await both.post(f"/v1/tickets/{theirs}/verification", json={"accepted": True})
        anothers = await both.post(f"/v1/tickets/{wangs}/verification", json={"accepted": True})
    assert (mine.status_code, anothers.status_code) == (200, 403)


async def test_who_is_both_opens_a_ticket_for_themselves_or_for_a_customer(world: World) -> None:
    body = {"title": "导出崩溃", "description": "导出时崩溃"}
    async with world.as_(BOTH, "intake") as both:
        own = (await both.post("/v1/tickets", json=body)).json()
        anothers = (await both.post("/v1/tickets", json={**body, "customer": {"name": "孙强"}})).json()
    assert (own["contact"]["sub"], own["taken_by"]) == ("u-both", "channel:online")
    assert (anothers["contact"]["name"], anothers["taken_by"]) == ("孙强", "u-both")


async def test_who_takes_the_call_is_not_their_own_customer(world: World) -> None:
    """Else an agent would get the customer's links by naming their own address."""
    lin = AGENT.__class__("a-lin", ("agent",), name="林芳", email="lin@desk.example")
    body = {"title": "导出崩溃", "description": "导出时崩溃"}
    async with world.as_(lin, "intake") as agent:
        for customer in ({"name": "王", "email": "Lin@Desk.example"}, {"name": "王", "sub": "a-lin"}):
            assert (await agent.post("/v1/tickets", json={**body, "customer": customer})).status_code == 403


async def test_customers_do_not_see_what_the_desk_verified_for_itself(world: World) -> None:
    number = (await opened(world))["ticket"]
    await to_verification(world, number)
    async with world.as_(WANG, "intake") as wang:
        [round] = (await wang.get(f"/v1/tickets/{number}")).json()["rounds"]
    async with world.as_(LIU, "intake") as liu:
        [whole] = (await liu.get(f"/v1/tickets/{number}")).json()["rounds"]
    assert (round["solution"], round["round"], round["accepted"]) == ("补丁", 1, None)
    for name in ("steps", "result", "root_cause", "verified_by", "verified_at", "article"):
        assert not round[name]
    assert (whole["steps"], whole["result"], whole["verified_by"]) == ("导出", "通过", "e-liu")
    async with world.as_(ZHAO, "intake") as zhao:
        assert (await zhao.get(f"/v1/tickets/{number}")).status_code == 404
