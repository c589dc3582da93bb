"""A person at the console, in a real browser. What the browser complains about is a fault of ours."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from deploy.build_console import CONSOLE

AXE = CONSOLE / "node_modules" / "axe-core" / "axe.min.js"
WATCH = "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.blockedURI))"
NOT_OURS = "net::ERR_NETWORK_CHANGED"  # an interface of the machine came or went
# Replies go out at once, but in tests of taking them back.
AT_ONCE = (
    "try { localStorage['bihuan-settings'] ??= JSON.stringify({undoSends: false}) } catch { /* no page of ours */ }"
)
PATIENCE = 30_000  # ms, for what comes when it comes
CLOSED_WITHIN = 60  # seconds
Language = Literal["zh-CN", "en-GB"]
Theme = Literal["light", "dark"]
expect.set_options(timeout=PATIENCE)


@dataclass
class Screens:
    """`expected`: statuses of answers that a test provokes, which browsers write into their console."""

    url: str
    browser: Browser
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    forgiven: set[str] = field(default_factory=set)
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def open(
        self,
        who: str,
        path: str,
        language: Language = "zh-CN",
        theme: Theme = "light",
        width: int = 1440,
        height: int = 900,
        holds: bool = False,
    ) -> Page:
        """Sign in as this person, by the one click that it takes, and be where the address says."""
        context = await self.context(language, theme, width, height, holds)
        page = await context.new_page()
        await page.goto(f"{self.url}/console{path}")
        await page.locator(f'a[href*="as={who}"]').click()
        await expect(page.locator("nav.rail")).to_be_visible()
        return page

    async def context(
        self,
        language: Language = "zh-CN",
        theme: Theme = "light",
        width: int = 1440,
        height: int = 900,
        holds: bool = False,
    ) -> BrowserContext:
        """`holds`: whether replies wait a moment before they go out, as they do for people."""
        context = await self.browser.new_context(
            locale=language,
            color_scheme=theme,
            viewport={"width": width, "height": height},
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",  # no colour is measured half way to the next
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        await context.add_init_script(WATCH)
        if not holds:
            await context.add_init_script(AT_ONCE)
        self._contexts.append(context)
        return context

    def forgive(self, *words: str) -> None:
        """What a test makes browsers say, such as `net::ERR_FAILED` where it cuts a line; also what they say later."""
        self.forgiven.update(words)

    async def close(self) -> None:
        """Raises TimeoutError: what a test that ran out of time was doing may never end."""
        async with asyncio.timeout(CLOSED_WITHIN):
            for context in self._contexts:
                await context.close()
        self.faults[:] = [one for one in self.faults if not any(words in one for words in self.forgiven)]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or NOT_OURS in message.text:
            return
        status = re.search(r"responded with a status of (\d{3})", message.text)
        if status is None or int(status[1]) not in self.expected:
            self.faults.append(f"{message.type}: {message.text}")


async def violations(page: Page) -> list[str]:
    """What axe finds that is serious or critical (WCAG 2.2, A and AA)."""
    await page.wait_for_load_state()
    await page.evaluate(AXE.read_text("utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found: list[dict[str, Any]] = await page.evaluate(
        "async tags => (await axe.run(document, {runOnly: tags})).violations", tags
    )
    return [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary'][:300]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


async def width_of(page: Page) -> int:
    """Of all that is there; more than the window's means scrolling sideways."""
    await page.wait_for_load_state()
    width: int = await page.evaluate("document.documentElement.scrollWidth")
    return width
