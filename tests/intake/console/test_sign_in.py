"""The console's sign-in: staff alone, a cookie that no script reads, and no write that another site sent."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest

from services.intake.portal.sign_in import place
from shared.http.caller import STAFF_SESSION
from shared.testing import AGENT, WANG, World
from tests.intake.portal.browser import browser
from tests.intake.provider import FakeProvider
from tests.intake.scene import opened

OURS = {"X-Bihuan": "1"}
VIEW = {"name_zh": "紧急", "search": {"priority": "urgent"}}


async def sign_in(client: httpx2.AsyncClient, to: str = "/console") -> httpx2.Response:
    begun = await client.get(f"/console/sign-in?to={to}")
    state = re.findall(r"state=([\w-]+)", begun.headers["location"])[0]
    return await client.get(f"/console/sign-in/done?code=abc&state={state}")


@pytest.fixture
async def agent(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(world, None) as client:
        client.cookies.set(STAFF_SESSION, world.token(AGENT))
        yield client


async def test_staff_sign_in_and_come_back_to_where_they_were(world: World, provider: FakeProvider) -> None:
    provider.token = world.token(AGENT)
    async with browser(world, None) as client:
        assert (await client.get("/console/session")).status_code == 204
        done = await sign_in(client, "/console/tickets/TK-2026-000001")
        assert (done.status_code, done.headers["location"]) == (303, "/console/tickets/TK-2026-000001")
        for part in ("HttpOnly", "SameSite=strict", "Path=/;"):
            assert part in done.headers["set-cookie"].partition(f"{STAFF_SESSION}=")[2].partition(", ")[0] + ";"
        who = (await client.get("/console/session")).json()
        assert (who["sub"], who["name"], who["roles"], who["language"]) == ("a-lin", "林芳", ["agent"], "zh")
        assert provider.asked[0]["redirect_uri"] == "http://desk.test/console/sign-in/done"
        assert (await client.post("/console/sign-out")).status_code == 403
        assert (await client.post("/console/sign-out", headers=OURS)).status_code == 204
        assert (await client.get("/console/session")).status_code == 204


async def test_a_customer_is_not_let_in(world: World, provider: FakeProvider) -> None:
    provider.token = world.token(WANG)
    async with browser(world, None) as client:
        done = await sign_in(client)
        assert (done.headers["location"], client.cookies.get(STAFF_SESSION)) == ("/console?sign_in=not_staff", None)


async def test_why_an_attempt_failed_is_said_and_nobody_is_let_in(world: World, provider: FakeProvider) -> None:
    async with browser(world, None) as client:
        stranger = await client.get("/console/sign-in/done?code=abc&state=x")
        assert stranger.headers["location"] == "/console?sign_in=failed"
        provider.status = 400
        assert (await sign_in(client)).headers["location"] == "/console?sign_in=failed"
        settings = world.apps["intake"].state.service.portal.provider.settings
        object.__setattr__(settings, "token_url", "http://127.0.0.1:9/token")
        assert (await sign_in(client)).headers["location"] == "/console?sign_in=unavailable"
        assert client.cookies.get(STAFF_SESSION) is None


async def test_where_signing_in_is_not_set_up_the_console_is_told(world: World) -> None:
    async with browser(world, None) as client:
        assert (await client.get("/console/sign-in")).headers["location"] == "/console?sign_in=not_set_up"


async def test_an_attempt_for_customers_is_none_for_staff(world: World, provider: FakeProvider) -> None:
    provider.token = world.token(AGENT)
    async with browser(world, None) as client:
        begun = await client.get("/portal/sign-in")
        state = re.findall(r"state=([\w-]+)", begun.headers["location"])[0]
        done = await client.get(f"/console/sign-in/done?code=abc&state={state}")
        assert (done.headers["location"], provider.asked) == ("/console?sign_in=failed", [])


async def test_the_cookie_reads_and_writes_from_our_own_pages_alone(world: World, agent: httpx2.AsyncClient) -> None:
    assert (await agent.get("/v1/tickets")).status_code == 200
    refused = await agent.post("/v1/views", json=VIEW)
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    assert (await agent.get("/v1/views")).json()["items"] == []
    assert (await agent.post("/v1/views", json=VIEW, headers=OURS)).status_code == 201


async def test_what_is_asked_for_many_tickets_is_asked_by_whoever_is_signed_in(
    world: World, agent: httpx2.AsyncClient
) -> None:
    ticket = (await opened(world))["ticket"]
    change = {"tickets": [{"ticket": ticket}], "change": {"action": "note", "body": {"text": "已知悉"}}}
    done = await agent.post("/v1/ticket-changes", json=change, headers=OURS)
    assert (done.status_code, done.json()["changed"]) == (200, 1)


async def test_a_token_in_the_header_comes_before_the_cookie(world: World, agent: httpx2.AsyncClient) -> None:
    assert (await agent.get("/v1/tickets", headers={"Authorization": "Bearer x"})).status_code == 401


@pytest.mark.parametrize(
    "to", ["https://evil.example", "//evil", "/console//x", "/consoles", "/portal", "/console/../v1"]
)
def test_after_signing_in_nobody_leaves_the_console(to: str) -> None:
    assert place(to, "/console") == "/console"
    assert place("/console/queue", "/console") == "/console/queue"
