"""Each list says why it shows nothing: there is nothing, it could not be read, or one may not."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.console.screen import Language, Screens

pytestmark = [pytest.mark.console, pytest.mark.timeout(480)]
# Who sees the lists, where, and what they read.
LISTS = (
    ("l-qian", "/board", "alarms", "warnings", "clocks", "incidents"),
    ("l-qian", "/search", "ticket-searches", "views"),
    ("l-qian", "/incidents", "incidents"),
    ("l-qian", "/knowledge", "articles"),
    ("l-qian", "/knowledge?list=to_review", "article-reviews"),
    ("l-qian", "/reviews", "reviews", "improvements"),
    ("l-qian", "/training", "training-sessions"),
    ("admin", "/admin", "engineers"),
    ("admin", "/admin?tab=policies", "policies"),
    ("admin", "/admin?tab=calendars", "calendars"),
    ("admin", "/admin?tab=categories", "categories"),
    ("admin", "/admin?tab=forms", "ticket-forms"),
    ("admin", "/admin?tab=templates", "notification-templates"),
    ("admin", "/admin?tab=channels", "suspended-addresses", "remote-tools"),
    ("admin", "/admin?tab=deliveries", "notifications"),
    ("admin", "/admin?tab=webhooks", "webhooks"),
    ("admin", "/admin?tab=api_keys", "api-keys"),
    ("admin", "/admin?tab=dead_letters", "dead-letters"),
)
FAILED = {"zh-CN": ("未能读取。", "重试"), "en-GB": ("This could not be read.", "Try again")}
FORBIDDEN = {"zh-CN": "您没有权限查看此内容。", "en-GB": "You have no right to see this."}


class Answers:
    """What the desk answers to one address."""

    def __init__(self) -> None:
        self.status = 200

    async def give(self, route: Route) -> None:
        nothing: dict[str, Any] = {"items": [], "next": None, "total": 0, "complete": True}
        problem = {"type": "about:blank", "title": "", "status": self.status, "detail": "", "code": ""}
        json = nothing if self.status == 200 else problem
        await route.fulfill(status=self.status, json=json)


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_each_list_says_why_it_shows_nothing(screens: Screens, language: Language) -> None:
    screens.expected |= {403, 429}
    half = LISTS[::2] if language == "zh-CN" else LISTS[1::2]
    pages = {who: await screens.open(who, "", language) for who in ("l-qian", "admin")}
    for who, address, *reads in half:
        await say_why(pages[who], f"{screens.url}/console{address}", reads, language)


async def say_why(page: Page, address: str, reads: list[str], language: Language) -> None:
    failed, again = FAILED[language]
    answers = Answers()
    asked = re.compile(rf"/v1/({'|'.join(reads)})(\?|$)")
    await page.route(asked, answers.give)
    answers.status = 429
    await page.goto(address)
    alerts = page.locator("main [role=alert]", has_text=failed)
    await expect(alerts.get_by_role("button", name=again).nth(len(reads) - 1), address).to_be_visible()
    answers.status = 200
    # All at once: what happens at the desk meanwhile may have them read again by itself.
    await alerts.get_by_role("button", name=again).evaluate_all("all => all.forEach(one => one.click())")
    await expect(page.locator("main [role=alert]"), address).to_have_count(0)
    nothing = page.locator("main .empty, main p.muted:not([role=status])")
    await expect(nothing.nth(len(reads) - 1), address).not_to_be_empty()
    answers.status = 403
    await page.reload()
    await expect(page.get_by_text(FORBIDDEN[language]).nth(len(reads) - 1), address).to_be_visible()
    await page.unroute(asked)
