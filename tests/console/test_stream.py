"""The live stream: a break costs nothing, and one connection serves all tabs."""

import asyncio
import signal

import pytest
from playwright.async_api import Page, Route, expect

from deploy.local.stack import Stack
from tests.console.screen import Language, Screens
from tests.console.tickets import open_ticket
from tests.live.desk import Desk, eventually

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]
TICKETS, NOTES = 50, 3
COLUMNS = (".ticket", ".subject", ".priority", ".work", ".assignee")


async def shown(page: Page) -> list[list[str]]:
    """What stands in the rows, by ticket, without how long ago."""
    found: list[list[str]] = await page.locator(".rows [role=row]").evaluate_all(
        "(rows, columns) => rows.map(row => columns.map(one => row.querySelector(one).textContent)).sort()",
        list(COLUMNS),
    )
    return found


async def test_after_a_break_nothing_is_missed(desk: Desk, screens: Screens, stack: Stack) -> None:
    screens.expected |= {502, 503, 504}
    tickets = list(await asyncio.gather(*(open_ticket(desk, f"断流测试 {n}") for n in range(TICKETS))))
    page = await screens.open("l-qian", "/queue?find=断流测试&sort=oldest", height=2000)
    light = page.locator(".light")
    await expect(light).to_have_attribute("data-light", "live")
    await expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", str(TICKETS + 1))
    ticket_page = await page.context.new_page()
    await ticket_page.goto(f"{screens.url}/console/tickets/{tickets[0]}")
    await expect(ticket_page.locator(".conversation .problem")).to_be_visible()
    asked: list[str] = []
    page.context.on("request", lambda one: asked.append(one.url) if "/v1/events" in one.url else None)
    await stack.kill("notify", signal.SIGKILL, down=8)
    await expect(light).not_to_have_attribute("data-light", "live")
    await asyncio.gather(*(happens(desk, ticket) for ticket in tickets))
    await desk.do("e-chen", "POST", "v1/queue/claims", {"ticket": tickets[1], "reason": "由我处理"})
    await stack.ready("notify")
    await expect(light).to_have_attribute("data-light", "live")
    assert asked
    assert all("after=" in one for one in asked)  # from where it was cut off
    await expect(page.locator(f"[data-ticket={tickets[1]}] .assignee")).to_have_text("陈刚")
    for ticket in tickets[:5]:
        await expect(page.locator(f"[data-ticket={ticket}] .priority.high")).to_be_visible()
    await expect(ticket_page.locator(".said.internal")).to_have_count(NOTES)  # each once
    fresh = await page.context.new_page()
    await fresh.goto(page.url)
    await expect(fresh.get_by_role("grid")).to_have_attribute("aria-rowcount", str(TICKETS + 1))

    async def same() -> bool:
        return await shown(page) == await shown(fresh)

    assert await eventually(same)
    await fresh.goto(ticket_page.url)
    await expect(fresh.locator(".said.internal")).to_have_count(NOTES)
    told = await fresh.locator(".conversation .text").all_text_contents()
    await expect(ticket_page.locator(".conversation .text")).to_have_text(told)
    screens.forgive("net::ERR_")


async def happens(desk: Desk, ticket: str) -> None:
    """Four events, while nobody tells of them."""
    decided = {"category": "data", "priority": "high", "reason": "数据不一致"}
    await desk.do("l-qian", "POST", f"v1/tickets/{ticket}/work/classification", decided)
    for n in range(NOTES):
        await desk.do("a-lin", "POST", f"v1/tickets/{ticket}/messages", {"text": f"断流期间 {n}", "internal": True})


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_whose_place_in_the_stream_is_lost_reads_everything_anew(
    desk: Desk, screens: Screens, language: Language
) -> None:
    screens.expected.add(503)
    ticket = await open_ticket(desk, f"断点过期测试 {language}")
    page = await screens.open("l-qian", "/knowledge", language)
    asked: list[Route] = []
    waits = asyncio.Event()

    async def stream(route: Route) -> None:
        """Away at first; then it knows no more what this place was; then it is as always."""
        asked.append(route)
        if len(asked) == 1:
            await route.fulfill(status=503, body="")
        elif len(asked) == 2:
            waits.set()
        else:
            await route.continue_()

    await page.context.route("**/v1/events*", stream)
    await page.goto(f"{screens.url}/console/queue?find=断点过期测试 {language}")
    await waits.wait()
    await expect(page.locator(f"[data-ticket={ticket}]")).to_be_visible()
    await expect(page.locator(".light")).not_to_have_attribute("data-light", "live")
    decided = {"category": "data", "priority": "urgent", "reason": "数据丢失"}
    await desk.do("l-qian", "POST", f"v1/tickets/{ticket}/work/classification", decided)
    told = "id: 5\nevent: reset\ndata: {}\n\n"
    await asked[1].fulfill(status=200, content_type="text/event-stream", body=told)
    await expect(page.locator(f"[data-ticket={ticket}] .priority.urgent")).to_be_visible()
    await expect(page.locator(".light")).to_have_attribute("data-light", "live")
    screens.forgive("net::ERR_")


async def test_all_tabs_of_a_browser_have_one_connection_and_another_takes_over(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "多标签页测试")
    first = await screens.open("a-lin", "/queue?find=多标签页测试")
    await expect(first.locator(".light")).to_have_attribute("data-light", "live")
    streams: list[Page] = []  # which asked for one
    first.context.on("request", lambda one: streams.append(one.frame.page) if "/v1/events" in one.url else None)
    others = [await first.context.new_page() for _ in range(7)]
    for page in others:
        await page.goto(first.url)
        await expect(page.locator(".light")).to_have_attribute("data-light", "live")
    assert set(streams) <= {first}
    await first.close()
    await desk.do("e-chen", "POST", "v1/queue/claims", {"ticket": ticket, "reason": "由我处理"})
    for page in others:
        await expect(page.locator(f"[data-ticket={ticket}] .assignee")).to_have_text("陈刚")
    assert len(set(streams) - {first}) == 1
