"""Signing in: with a code that this browser asked for, and no other."""

import base64
import hashlib
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from services.intake.portal.session import ATTEMPT, SESSION
from services.intake.portal.sign_in import HOME, place
from shared.testing import WANG, World
from tests.intake.portal.browser import browser, post
from tests.intake.provider import FakeProvider


async def test_a_browser_signs_in_and_comes_back_to_where_it_was(world: World, provider: FakeProvider) -> None:
    async with browser(world, None) as wang:
        begun = await wang.get("/portal/sign-in?to=/portal/new")
        there = urlsplit(begun.headers["location"])
        asked = {name: value for name, [value] in parse_qs(there.query).items()}
        assert (begun.status_code, there.netloc, asked["tenant"]) == (303, "id.test", "1")
        assert asked["redirect_uri"] == "http://desk.test/portal/sign-in/done"
        done = await wang.get(f"/portal/sign-in/done?code=abc&state={asked['state']}&iss=https://id.test")
        assert (done.status_code, done.headers["location"]) == (303, "/portal/new")
        for part in ("HttpOnly", "SameSite=lax", "Path=/portal"):
            assert part in done.headers["set-cookie"]
        assert (await wang.get("/portal/new")).status_code == 200
        [sent] = provider.asked
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=")
        assert (sent["code"], challenge.decode()) == ("abc", asked["code_challenge"])
        again = await wang.get(f"/portal/sign-in/done?code=abc&state={asked['state']}")
        assert again.status_code == 401  # the attempt is over
        out = await post(wang, "/portal/sign-out")
        assert (out.status_code, wang.cookies.get(SESSION)) == (200, None)


@pytest.mark.parametrize(
    ("attempt", "state"), [("", "x"), ("nonsense", "x"), ("theirs", "another"), ("theirs", ""), ("late", "theirs")]
)
async def test_a_code_that_this_browser_did_not_ask_for_is_refused(
    world: World, provider: FakeProvider, attempt: str, state: str
) -> None:
    async with browser(world, None) as wang:
        begun = await wang.get("/portal/sign-in")
        known = re.findall(r"state=([\w-]+)", begun.headers["location"])[0]
        if attempt == "late":
            world.time += timedelta(minutes=11)
        elif attempt != "theirs":
            wang.cookies.clear()
            wang.cookies.set(ATTEMPT, attempt)
        answer = await wang.get(f"/portal/sign-in/done?code=abc&state={known if state == 'theirs' else state}")
    assert (answer.status_code, SESSION in answer.headers.get("set-cookie", "")) == (401, False)
    assert "/portal/sign-in" in answer.text
    assert provider.asked == []


@pytest.mark.parametrize(
    ("token", "status"),
    [("forged", 200), ("", 200), (None, 200), (["x"], 200), ("x" * 5000, 200), ("é", 200), ("good", 400)],
)
async def test_what_the_provider_refuses_or_did_not_sign_lets_nobody_in(
    world: World, provider: FakeProvider, token: object, status: int
) -> None:
    provider.token, provider.status = (world.token(WANG) if token == "good" else token), status
    async with browser(world, None) as wang:
        begun = await wang.get("/portal/sign-in")
        state = re.findall(r"state=([\w-]+)", begun.headers["location"])[0]
        answer = await wang.get(f"/portal/sign-in/done?code=abc&state={state}")
        assert (answer.status_code, wang.cookies.get(SESSION)) == (401, None)


async def test_a_provider_that_is_away_is_said_to_be(world: World, provider: FakeProvider) -> None:
    settings = world.apps["intake"].state.service.portal.provider.settings
    object.__setattr__(settings, "token_url", "http://127.0.0.1:9/token")
    async with browser(world, None) as wang:
        begun = await wang.get("/portal/sign-in")
        state = re.findall(r"state=([\w-]+)", begun.headers["location"])[0]
        assert (await wang.get(f"/portal/sign-in/done?code=abc&state={state}")).status_code == 503


async def test_where_signing_in_is_not_set_up_the_page_says_so(world: World) -> None:
    async with browser(world, None) as nobody:
        page = await nobody.get("/portal/sign-in")
        assert (page.status_code, "尚未开通登录" in page.text) == (200, True)
        assert (await nobody.get("/portal/sign-in/done?code=a&state=b")).status_code == 401


@pytest.mark.parametrize(
    "to", ["https://evil.example", "//evil.example", "/portal//evil", "/portal/../v1", "/v1/x", "/portal\n", ""]
)
def test_after_signing_in_nobody_goes_elsewhere(to: str) -> None:
    assert place(to) == HOME
    assert place("/portal/tickets/TK-2026-000001") == "/portal/tickets/TK-2026-000001"
