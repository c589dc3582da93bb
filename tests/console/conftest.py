"""One stack for all tests of the console, each with tickets of its own, and a browser that forgives nothing."""

import shutil
from collections.abc import AsyncIterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from deploy.local.availability import make_engineers_available
from deploy.local.options import Options
from deploy.local.stack import Stack
from tests.live.conftest import NO_LIMIT
from tests.live.desk import Desk

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.console.screen import Screens

# `make test-console` installs it; elsewhere these tests are not collected.
collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]
MUCH = 200
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """With limits for one machine that does what many would."""
    rates: dict[str, Any] = {"address_rate": NO_LIMIT, "caller_rate": NO_LIMIT, "company_rate": NO_LIMIT}
    env = {"BIHUAN_OUTBOUND_ALLOWED": '["127.0.0.0/8"]'}  # for receivers of webhooks that tests are
    async with Stack(Options(data_dir=tmp_path_factory.mktemp("console"), env=env, **rates)) as stack:
        await make_engineers_available(stack)
        async with Desk(stack) as desk:  # tests leave tickets with them
            for engineer in (await desk.do("lead", "GET", "v1/engineers"))["items"]:
                await desk.do("lead", "PATCH", f"v1/engineers/{engineer['id']}", {"capacity": MUCH})
        yield stack


@pytest.fixture(scope="session")
async def desk(stack: Stack) -> AsyncIterator[Desk]:
    async with Desk(stack) as desk:
        yield desk


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator["Browser"]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
async def screens(stack: Stack, browser: "Browser") -> AsyncIterator["Screens"]:
    from tests.console.screen import Screens

    screens = Screens(stack.url, browser)
    yield screens
    await screens.close()
    assert screens.faults == []
