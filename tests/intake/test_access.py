"""Who gets in and who sees what: somebody else's ticket looks like none at all, on every route and version."""

from typing import Any

import pytest

from shared.terms import Role
from shared.testing import AGENT, LIU, VIEWER, WANG, ZHAO, Person, World
from tests.intake.scene import CRASH, opened, to_verification

NOWHERE = "TK-2026-999999"
BODIES: dict[str, Any] = {
    "": {"module": "报表"},
    "/answers": {"answers": {"module": "报表"}},
    "/messages": {"text": "hi"},
    "/consents": {"scope": "remote", "words": "同意", "given_by": "王"},
    "/verification": {"accepted": True},
    "/feedback": {"satisfaction": "satisfied"},
    "/call-back": {"cause": "沟通慢"},
    "/second-plan": {"plan": "x"},
    "/second-plan/result": {"result": "x"},
    "/reopening": {"reason": "x"},
    "/links": {"action": "give_consent"},
    "/phone-verifications": {"accepted": True, "given_by": "王", "phone": "13800138000", "words": "好"},
}
STRANGERS = [
    ZHAO,
    Person("u-1", ("company_viewer",), "North Securities"),
    Person("u-1", ("requester", "company_viewer")),
    Person("u-1", ("requester", "admin"), "North Securities"),
]
BOTH = Person("u-both", ("requester", "agent"), "华东贸易有限公司", "周兼")


def routes(world: World) -> list[tuple[str, str]]:
    """Method and path behind the number, of all that there are on one ticket."""
    paths = world.apps["intake"].openapi()["paths"]
    return [
        (method.upper(), path.removeprefix("/v1/tickets/{number}"))
        for path, item in paths.items()
        if path.startswith("/v1/tickets/{ticket}")
        for method in item
    ]


async def ask(world: World, who: Person, method: str, number: str, path: str, version: str) -> tuple[int, str]:
    """Status and problem, with the number taken out."""
    headers = {"If-Match": version} if version else {}
    for name in ("{attachment}", "{consent}", "{verification}"):
        path = path.replace(name, "x1")
    body: dict[str, Any] = {"files": {"file": ("a.log", b"x")}} if path == "/attachments" else {}
    if path in BODIES and method != "GET":
        body = {"json": BODIES[path]}
    async with world.as_(who, "intake", **headers) as client:
        answer = await client.request(method, f"/v1/tickets/{number}{path}", **body)
    problem = {name: value for name, value in answer.json().items() if name != "instance"}
    return answer.status_code, str(problem).replace(number, "?")


@pytest.mark.parametrize("who", STRANGERS, ids=lambda who: "+".join(who.roles))
async def test_on_every_route_a_foreign_ticket_is_answered_like_none(world: World, who: Person) -> None:
    number = (await opened(world))["ticket"]
    await to_verification(world, number)
    found = routes(world)
    assert len(found) >= 18
    for method, path in found:
        for version in ("", '"1"', '"4"', '"9999"', "*"):
            foreign = await ask(world, who, method, number, path, version)
            nowhere = await ask(world, who, method, NOWHERE, path, version)
            assert foreign == nowhere, f"{method} {path} If-Match {version}"
            assert foreign[0] in (403, 404), f"{method} {path}"


@pytest.mark.parametrize("role", [role.value for role in Role])
async def test_no_role_by_itself_makes_a_route_fail(world: World, role: str) -> None:
    number = (await opened(world))["ticket"]
    for method, path in routes(world):
        status, _ = await ask(world, Person("x-1", (role,)), method, number, path, '"9999"')
        assert status in (200, 201, 403, 404, 412), f"{method} {path}: {status}"


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
