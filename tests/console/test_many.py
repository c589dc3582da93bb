"""Ten thousand rows, of which the page holds those that are seen."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Route, expect

from tests.console.screen import Screens

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]
ROWS, MOST_NODES = 10_000, 120


def row(number: int) -> dict[str, Any]:
    return {
        "ticket": f"TK-2026-{number:06}",
        "title": f"第 {number} 张工单",
        "customer": "华东贸易有限公司",
        "company": "华东贸易有限公司",
        "category": "function",
        "priority": "normal",
        "queue": "function",
        "work": "queued",
        "assignee": "",
        "assignee_name": "",
        "due_at": None,
        "breached": False,
        "due_is_provisional": False,
        "consultation_due": False,
        "deep_analysis": False,
        "waiting_for": "none",
        "opened_at": "2026-03-02T04:00:00Z",
        "urges": 0,
        "disputed": False,
        "team": "",
    }


async def pages(route: Route) -> None:
    """What the desk would answer with so many tickets, which would take too long to open one by one."""
    begin = int(parse_qs(urlsplit(route.request.url).query).get("after", ["0"])[0])
    end = min(begin + 100, ROWS)
    body = {"items": [row(n) for n in range(begin, end)], "next": str(end) if end < ROWS else None}
    await route.fulfill(status=200, content_type="application/json", body=json.dumps(body))


async def test_of_many_rows_those_are_there_that_are_seen(screens: Screens) -> None:
    page = await screens.open("l-qian", "/knowledge")
    await page.route("**/v1/queue?*", pages)
    await page.get_by_role("link", name="队列").click()
    await expect(page.locator("[data-ticket=TK-2026-000000]")).to_be_visible()
    grid = page.locator(".rows")
    for last in (499, 999):
        while not await page.locator(f"[data-ticket=TK-2026-{last:06}]").count():
            await grid.evaluate("box => box.scrollTo({top: box.scrollHeight})")
            await page.evaluate("() => new Promise(requestAnimationFrame)")
        assert await page.locator(".rows [role=row]").count() <= MOST_NODES
        index = await page.locator(f"[data-ticket=TK-2026-{last:06}]").get_attribute("aria-rowindex")
        assert index == str(last + 2)  # the head is the first
    await expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "-1")  # more than is known
