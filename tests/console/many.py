"""Ten thousand rows of a queue, as the desk would tell of them: to open as many tickets would take too long."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Route

ROWS, PAGE = 10_000, 100
PRIORITIES = ("normal", "high", "urgent")


def row(number: int, change: int = 0) -> dict[str, Any]:
    """After so many changes to it."""
    return {
        "ticket": f"TK-2026-{number:06}",
        "title": f"第 {number} 张工单",
        "customer": "华东贸易有限公司",
        "company": "华东贸易有限公司",
        "category": "function",
        "priority": PRIORITIES[change % 3],
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


async def pages(route: Route, change: int = 0, first: int = 0) -> None:
    """The page that is asked for, of rows from `first` on: each tenth was changed so often."""
    begin = int(parse_qs(urlsplit(route.request.url).query).get("after", [str(first)])[0])
    end = min(begin + PAGE, ROWS)
    items = [row(n, change if n % 10 == 0 else 0) for n in range(begin, end)]
    body = {"items": items, "next": str(end) if end < ROWS else None}
    await route.fulfill(status=200, content_type="application/json", body=json.dumps(body))
