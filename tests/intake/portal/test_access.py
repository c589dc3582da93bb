"""Who gets in and who sees what, and what is refused that was not sent from our own pages."""

import pytest

from services.intake.portal.session import SESSION
from shared.testing import AGENT, AUDITOR, LIU, VIEWER, WANG, ZHAO, Person, World
from tests.intake.portal.browser import browser, post
from tests.intake.scene import CRASH, asked, opened, say

NOWHERE = "TK-2026-999999"
ACTS = {
    "messages": {"text": "x"},
    "answers": {"answer_module": "x"},
    "urges": {"comment": ""},
    "verification": {"accepted": "true"},
    "feedback": {"satisfaction": "satisfied"},
    "consents/c1/revocation": {"x": ""},
}
STRANGERS = [
    ZHAO,
    Person("u-1", ("company_viewer",), "North Securities"),
    Person("u-1", ("company_viewer",)),
    Person("u-1", ("requester", "agent", "lead"), "North Securities"),
]


@pytest.mark.parametrize("who", STRANGERS, ids=lambda who: "+".join(who.roles))
async def test_a_foreign_ticket_looks_like_none_also_to_staff_who_are_customers(world: World, who: Person) -> None:
    number = await asked(world)
    await say(world, number, "consents", scope="远程", words="同意")
    async with browser(world, who) as client:
        found = []
        for one in (number, NOWHERE):
            path = f"/portal/tickets/{one}"
            answers = [await client.get(path), await client.get(f"{path}/attachments/a1")]
            answers += [await post(client, f"{path}/{act}", **fields) for act, fields in ACTS.items()]
            found.append([(answer.status_code, answer.text.replace(one, "…")) for answer in answers])
        assert found[0] == found[1]
        assert {status for status, _ in found[0]} == {404}
        assert number not in (await client.get("/portal")).text


async def test_a_company_viewer_reads_and_urges_and_does_nothing_else(world: World) -> None:
    number = await asked(world)
    path = f"/portal/tickets/{number}"
    async with browser(world, VIEWER) as viewer:
        page = await viewer.get(path)
        assert (page.status_code, "补丁" in page.text) == (200, True)
        assert number in (await viewer.get("/portal")).text
        for act in ("messages", "answers", "verification", "feedback", "consents/c1/revocation"):
            assert f'action="{path}/{act}"' not in page.text
            assert (await post(viewer, f"{path}/{act}", **ACTS[act])).status_code == 403, act
    other = (await opened(world, title="打印机"))["ticket"]
    async with browser(world, VIEWER) as viewer:
        assert (await post(viewer, f"/portal/tickets/{other}/urges", comment="")).status_code == 303
        assert (await post(viewer, "/portal/new", step="send", **CRASH)).status_code == 303


@pytest.mark.parametrize("who", [AGENT, LIU, AUDITOR], ids=lambda who: who.sub)
async def test_staff_are_no_customers(world: World, who: Person) -> None:
    number = (await opened(world))["ticket"]
    async with browser(world, who) as client:
        for path in ("/portal", "/portal/new", f"/portal/tickets/{number}"):
            assert (await client.get(path)).status_code == 403
        assert (await post(client, f"/portal/tickets/{number}/messages", text="x")).status_code == 403


async def test_nobody_is_sent_to_sign_in_and_back(world: World) -> None:
    async with browser(world, None) as nobody:
        for path in ("/portal", "/portal/new", f"/portal/tickets/{NOWHERE}"):
            answer = await nobody.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, f"/portal/sign-in?to={path}")


@pytest.mark.parametrize("token", ["", "nonsense", "expired"])
async def test_what_was_filled_in_when_the_session_ended_is_kept(world: World, token: str) -> None:
    if token == "expired":
        token = world.servers.token("u-wang", "requester", lifetime=-60)
    async with browser(world, None) as nobody:
        nobody.cookies.set(SESSION, token)
        answer = await post(nobody, "/portal/new", step="send", **CRASH, product='"><b>')
    assert answer.status_code == 401
    assert f'value="{CRASH["title"]}"' in answer.text
    assert 'value="&#34;&gt;&lt;b&gt;"' in answer.text
    assert 'action="/portal/new"' in answer.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://desk.test.evil.example"])
async def test_a_form_of_another_site_changes_nothing(world: World, origin: str) -> None:
    number = (await opened(world))["ticket"]
    before = await world.runtimes["intake"].stores[0].get(number)
    async with browser(world, WANG, Origin=origin) as wang:
        for act, fields in ACTS.items():
            assert (await post(wang, f"/portal/tickets/{number}/{act}", **fields)).status_code == 403
        assert (await post(wang, "/portal/new", step="send", **CRASH)).status_code == 403
        assert (await post(wang, "/portal/sign-out")).status_code == 403
    assert await world.runtimes["intake"].stores[0].get(number) == before


async def test_a_cookie_opens_the_pages_alone_and_a_header_does_not(world: World) -> None:
    """Else another site could use the API in the name of whoever visits it."""
    async with browser(world, WANG) as wang:
        assert (await wang.get("/v1/tickets")).status_code == 401
    async with browser(world, None, Authorization=f"Bearer {world.token(WANG)}") as wang:
        assert (await wang.get("/portal")).status_code == 303


async def test_looking_changes_nothing(world: World) -> None:
    number = await asked(world)
    before = await world.runtimes["intake"].stores[0].get(number)
    async with browser(world, WANG) as wang:
        for method in ("GET", "HEAD"):
            for path in ("", "/new", f"/tickets/{number}", f"/tickets/{number}?done=urge"):
                assert (await wang.request(method, f"/portal{path}")).status_code == 200
        for act in ACTS:
            assert (await wang.get(f"/portal/tickets/{number}/{act}")).status_code == 405
    assert await world.runtimes["intake"].stores[0].get(number) == before
