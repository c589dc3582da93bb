"""The customers' pages in a browser that runs no script: on a telephone, in both languages and themes, and with
words that never end, readable for everybody and without scrolling sideways."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from playwright.async_api import Browser

from services.intake.app import create_app
from shared.testing import NOON, WANG, Servers, World, running
from tests.console.screen import violations, width_of
from tests.intake.links.test_pages import link
from tests.intake.portal.browser import browser as customer
from tests.intake.portal.browser import key_of, post
from tests.intake.scene import asked, opened, say, to_verification

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]
NARROW = 360  # CSS pixels, a small telephone
ENDLESS = "https://example.com/" + "a" * 160


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


async def pages(world: World, language: str) -> dict[str, httpx2.Response]:
    """Each page in the states in which people meet it."""
    number, waiting = await asked(world), (await opened(world, title=ENDLESS, description=ENDLESS))["ticket"]
    rated = (await opened(world, title="打印机没有反应"))["ticket"]
    await to_verification(world, rated)
    await say(world, rated, "verification", accepted=True)
    links = {
        "judge": link(number, "accept_solution"),
        "rate": link(rated, "give_feedback"),
        "consent": link(number, "give_consent"),
        "over": link(rated, "accept_solution"),
        "forged": f"{link(number, 'accept_solution')[:-3]}xxx",
        "expired": link(number, "accept_solution", at=NOON - timedelta(days=8)),
    }
    async with customer(world, WANG, **{"Accept-Language": language}) as wang:
        found = {name: await wang.get(path, params={"lang": language[:2]}) for name, path in links.items()}
        found["list"] = await wang.get("/portal")
        found["new"] = await wang.get("/portal/new")
        found["wrong"] = await post(
            wang, "/portal/new", key=key_of(found["new"]), step="send", title="", description=""
        )
        said: dict[str, str] = {"title": ENDLESS, "description": ENDLESS}
        found["check"] = await post(wang, "/portal/new", key=key_of(found["new"]), step="check", **said)
        for name, ticket in (("verification", number), ("questions", waiting), ("feedback", rated)):
            found[name] = await wang.get(f"/portal/tickets/{ticket}")
        found["none"] = await wang.get("/portal/tickets/TK-2026-999999")
        found["answered"] = await wang.post(links["rate"], data={"satisfaction": "satisfied", "comment": ""})
        found["again"] = await wang.get(links["rate"], params={"lang": language[:2]})
    return found


async def looked_at(browser: Browser, found: dict[str, httpx2.Response], **options: Any) -> dict[str, Any]:
    """What is wrong with them, by their names. axe itself is a script: it looks at them in a second browser."""
    wrong: dict[str, Any] = {}
    for runs_scripts in (False, True):
        context = await browser.new_context(
            viewport={"width": NARROW, "height": 640}, java_script_enabled=runs_scripts, **options
        )
        page = await context.new_page()
        for name, answer in found.items():
            await page.set_content(answer.text)
            if (width := await width_of(page)) != NARROW:
                wrong[f"{name}, wide"] = width
            if runs_scripts and (troubles := await violations(page)):
                wrong[name] = troubles
        await context.close()
    return wrong


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_customers_pages_are_readable_on_a_telephone_without_script(
    world: World, browser: Browser, language: str
) -> None:
    found = await pages(world, language)
    statuses = {name: answer.status_code for name, answer in found.items()}
    others = {"over": 409, "forged": 404, "expired": 410, "wrong": 422, "none": 404, "again": 409}
    assert statuses == {name: others.get(name, 200) for name in found}
    assert all(f'lang="{language[:2]}' in answer.text for answer in found.values())
    wrong = await looked_at(browser, found, color_scheme="light")
    wrong |= {f"{name}, dark": one for name, one in (await looked_at(browser, found, color_scheme="dark")).items()}
    assert wrong == {}
