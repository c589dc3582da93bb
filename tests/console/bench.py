"""How fast the console is: `make bench-console`, on a machine that runs the embedded stack, the browser and no more."""

import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from playwright.async_api import Page, async_playwright, expect

from deploy.local.availability import make_engineers_available
from deploy.local.options import Options
from deploy.local.stack import Stack
from deploy.local.words import say
from tests.console.conftest import CHROMIUM
from tests.console.many import pages as ten_thousand
from tests.console.screen import Screens
from tests.console.tickets import open_ticket
from tests.live.conftest import NO_LIMIT
from tests.live.desk import Desk

RUNS, TICKETS, KEYS = 20, 24, 60
STORM, IDLE, GAP = 60, 60, 30  # seconds
READERS, GAPS, MISSED = 200, 3, 10
INSTANT = 200  # ms
PHONE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
WATCH = """
window.measured = {lcp: 0, cls: 0, events: [], long: []};
const watch = (type, hear) => new PerformanceObserver(list => list.getEntries().forEach(hear))
  .observe({type, buffered: true, durationThreshold: 16});
watch("largest-contentful-paint", one => measured.lcp = one.startTime);
watch("layout-shift", one => one.hadRecentInput || (measured.cls += one.value));
watch("event", one => measured.events.push(one.duration));
watch("longtask", one => measured.long.push(one.duration));
window.painted = (selector, begin, text = "") => new Promise(done => {
  const look = () => [...document.querySelectorAll(selector)].some(one => one.textContent.includes(text))
    ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin))) : requestAnimationFrame(look);
  look();
});
"""
WEIGHT = """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, one) => sum + one.transferSize, 0)"""
# A click, and how long after it all of these are painted: pairs of a selector and a text.
CLICK = """([button, ...wanted]) => { const begin = performance.now(); document.querySelector(button).click();
  return Promise.all(wanted.map(([selector, text]) => painted(selector, begin, text))); }"""


class Table:
    def __init__(self) -> None:
        say(f"  {'':<52} {'n':>4} {'p75':>8} {'p95':>8}   promised")

    def row(self, what: str, found: Sequence[float], promised: str, unit: str = "ms") -> None:
        """`found` in `unit`s."""
        ordered = sorted(found)
        p75, p95 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.75, 0.95))
        digits = 3 if unit == "" else 1 if unit in ("MB", "kB") else 0
        say(f"  {what:<52} {len(found):>4} {p75:>8.{digits}f} {p95:>8.{digits}f}   {promised} {unit}")


async def main() -> int:
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as folder:
        rates: dict[str, Any] = {"address_rate": NO_LIMIT, "caller_rate": NO_LIMIT, "company_rate": NO_LIMIT}
        options = Options(data_dir=Path(folder), env={"BIHUAN_STREAM_MAX_PER_PERSON": str(2 * READERS)}, **rates)
        async with Stack(options) as stack, Desk(stack) as desk:
            await make_engineers_available(stack)
            tickets = [await open_ticket(desk, f"测速 {n}") for n in range(TICKETS)]
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                screens = Screens(stack.url, browser)
                table = Table()
                await visits(screens, table)
                await acts(screens, desk, table, tickets)
                async with readers(stack):
                    await others(screens, desk, table, tickets)
                await gaps(stack, screens, desk, table, tickets)
                await idle(screens, table)
                await storm(screens, desk, table, tickets[0])
                await phone(screens, table, tickets[0])
                await screens.close()
                await browser.close()
    return 0


async def begin(screens: Screens, who: str, path: str, **more: Any) -> Page:
    page = await screens.open(who, path, **more)
    await page.context.add_init_script(WATCH)
    await page.goto(f"{screens.url}/console{path}")
    await expect(page.locator(".light")).to_have_attribute("data-light", "live")
    return page


async def visits(screens: Screens, table: Table) -> None:
    first, again, shifts = list[float](), list[float](), list[float]()
    for _ in range(RUNS):
        page = await screens.open("l-qian", "/knowledge")
        session = await page.context.new_cdp_session(page)
        await page.context.add_init_script(WATCH)
        for found, cached in ((first, False), (again, True)):
            if not cached:
                await session.send("Network.clearBrowserCache")
            await page.goto(f"{screens.url}/console/queue")
            await expect(page.locator(".rows [role=row]").first).to_be_visible()
            found.append(await page.evaluate("measured.lcp"))
            shifts.append(await page.evaluate("measured.cls"))
        await page.context.close()
    table.row("queue, first visit: largest contentful paint", first, "1200")
    table.row("queue, again", again, "600")
    table.row("layout shift of a visit", shifts, "0.02", "")


async def acts(screens: Screens, desk: Desk, table: Table, tickets: Sequence[str]) -> None:
    page = await begin(screens, "l-qian", "/queue")
    for n in range(KEYS):
        await page.keyboard.press("j" if n % 40 < 20 else "k")
    await page.wait_for_function("measured.events.length > 0")
    table.row("key to next paint, in the queue", await page.evaluate("measured.events"), "50")
    cold, warm = list[float](), list[float]()
    for ticket in tickets[:RUNS]:
        for found in (cold, warm):
            link = f"[data-ticket={ticket}] a"
            await expect(page.locator(link)).to_be_visible()
            found += await page.evaluate(CLICK, [link, [".conversation .problem", ""]])
            await page.keyboard.press("Escape")
    table.row("ticket opened from the list, read the first time", cold, "300")
    table.row("ticket opened from the list, read before", warm, "100")
    opened = [*cold, *warm]
    table.row("share of them in less than 200 ms", [sum(one < INSTANT for one in opened) / len(opened)], "0.9", "")
    seen, taken = list[float](), list[float]()
    await page.goto(f"{screens.url}/console/tickets/{tickets[0]}")
    await page.evaluate("localStorage['bihuan-settings'] = JSON.stringify({undoSends: false})")
    await page.reload()
    for n in range(RUNS):
        await page.locator(".composer textarea").fill(f"您好 {n}")
        own = [[".said", f"您好 {n}"], [".said[data-message]", f"您好 {n}"]]
        both = await page.evaluate(CLICK, [".composer .button.main", *own])
        seen.append(both[0])
        taken.append(both[1])
    table.row("every act on a ticket: to next paint", await page.evaluate("measured.events") or [0.0], "100")
    table.row("own reply: on the page", seen, "50")
    table.row("own reply: taken by the desk", taken, "300")
    await page.context.close()


async def others(screens: Screens, desk: Desk, table: Table, tickets: Sequence[str]) -> None:
    page = await begin(screens, "l-qian", "/queue")
    found = []
    for n, ticket in enumerate(tickets[:RUNS]):
        priority = "urgent" if n % 2 else "high"
        selector = f"[data-ticket={ticket}] .priority.{priority}"
        painted = asyncio.ensure_future(page.evaluate("one => painted(one, 0).then(() => Date.now())", selector))
        decided = {"category": "data", "priority": priority, "reason": "测速"}
        await desk.do("l-qian", "POST", f"v1/tickets/{ticket}/work/classification", decided)
        answered = time.time() * 1000
        found.append(max(0.0, await painted - answered))
    table.row("decided elsewhere, seen in the queue", found, "500")
    await page.goto(f"{screens.url}/console/tickets/{tickets[0]}")
    await expect(page.locator(".composer")).to_be_visible()
    found = []
    for _ in range(5):
        painted = asyncio.ensure_future(page.evaluate("painted('.here li', 0).then(() => Date.now())"))
        begun = time.time() * 1000
        await desk.do("e-chen", "PUT", f"v1/tickets/{tickets[0]}/presence", {"doing": "viewing"})
        found.append(await painted - begun)
        await desk.do("e-chen", "DELETE", f"v1/tickets/{tickets[0]}/presence")
        await expect(page.locator(".here li")).to_have_count(0)
    table.row("somebody else on the ticket, seen", found, "1000")
    await page.context.close()


@asynccontextmanager
async def readers(stack: Stack) -> AsyncIterator[None]:
    """So many other browsers that hear of everything, as the stream serves them."""
    mine = {"Authorization": f"Bearer {stack.token('a-lin')}"}
    limits = httpx2.Limits(max_connections=None)

    async def read() -> None:
        async with client.stream("GET", f"{stack.url}/v1/events", headers=mine) as told:
            told.raise_for_status()
            async for _ in told.aiter_raw():
                pass

    async with httpx2.AsyncClient(timeout=None, trust_env=False, limits=limits) as client:
        reading = [asyncio.create_task(read()) for _ in range(READERS)]
        yield
        if lost := sum(one.done() for one in reading):
            say(f"  {lost} of {READERS} readers of the stream were lost")
        for one in reading:
            one.cancel()
        await asyncio.gather(*reading, return_exceptions=True)


async def gaps(stack: Stack, screens: Screens, desk: Desk, table: Table, tickets: Sequence[str]) -> None:
    """How long after the stream is back a page has caught up with what it missed."""
    page = await begin(screens, "l-qian", "/queue")
    seen, found = "one => painted(one, 0).then(() => Date.now())", list[float]()
    for n in range(GAPS):
        await stack.kill("notify", signal.SIGKILL, down=GAP)
        await expect(page.locator(".light")).not_to_have_attribute("data-light", "live")
        priority = "high" if n % 2 else "normal"
        for ticket in tickets[:MISSED]:
            decided = {"category": "data", "priority": priority, "reason": "测速"}
            await desk.do("l-qian", "POST", f"v1/tickets/{ticket}/work/classification", decided)
        wanted = [f"[data-ticket={ticket}] .priority.{priority}" for ticket in tickets[:MISSED]]
        back, *caught_up = await asyncio.gather(
            *(page.evaluate(seen, one) for one in (".light[data-light=live]", *wanted))
        )
        found.append(max(0.0, max(caught_up) - back))
    table.row("caught up, after half a minute without the stream", found, "2000")
    await page.context.close()


async def idle(screens: Screens, table: Table) -> None:
    page = await begin(screens, "l-qian", "/queue")
    await page.wait_for_load_state("load")
    await asyncio.sleep(5)
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    await asyncio.sleep(IDLE)
    table.row("requests of a queue that nobody touches, in a minute", [len(asked)], "1", "")
    await page.context.close()


async def storm(screens: Screens, desk: Desk, table: Table, ticket: str) -> None:
    page = await screens.open("l-qian", "/knowledge")
    changes = {"n": 0}
    await page.route("**/v1/queue?*", lambda route: ten_thousand(route, changes["n"]))
    await page.context.add_init_script(WATCH)
    await page.goto(f"{screens.url}/console/queue")
    await expect(page.locator(".rows [role=row]").first).to_be_visible()
    await page.evaluate("measured.long.length = 0")
    changing = asyncio.create_task(change(desk, ticket, changes))
    ends = time.monotonic() + STORM
    while time.monotonic() < ends:
        await page.locator(".rows").evaluate("box => box.scrollBy({top: 320})")
        await page.evaluate("() => new Promise(requestAnimationFrame)")
    changing.cancel()
    long = await page.evaluate("measured.long") or [0.0]
    table.row("long tasks while scrolling through ten thousand rows", long, "100")
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    metrics = {one["name"]: one["value"] for one in (await session.send("Performance.getMetrics"))["metrics"]}
    table.row("heap", [metrics["JSHeapUsedSize"] / 1e6], "100", "MB")
    await page.context.close()


async def change(desk: Desk, ticket: str, changes: dict[str, int]) -> None:
    """One after the other: each is told of, upon which the queue is read again."""
    while True:
        changes["n"] += 1
        priority = "urgent" if changes["n"] % 2 else "high"
        decided = {"category": "data", "priority": priority, "reason": "测速"}
        await desk.do("l-qian", "POST", f"v1/tickets/{ticket}/work/classification", decided)


async def phone(screens: Screens, table: Table, ticket: str) -> None:
    found, weighs = list[float](), list[float]()
    for _ in range(RUNS):
        context = await screens.browser.new_context(locale="zh-CN", viewport={"width": 360, "height": 640})
        page = await context.new_page()
        await page.goto(f"{screens.url}/portal/tickets/{ticket}")
        await page.locator('a[href*="as=u-wang"]').click()
        await expect(page.locator("h1")).to_be_visible()
        session = await context.new_cdp_session(page)
        await session.send("Network.enable")
        await session.send("Network.clearBrowserCache")
        await session.send("Network.emulateNetworkConditions", PHONE)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        await context.add_init_script(WATCH)
        await page.reload()
        await expect(page.locator("h1")).to_be_visible()
        found.append(await page.evaluate("measured.lcp"))
        weighs.append(await page.evaluate(WEIGHT) / 1000)
        await context.close()
    table.row("customer's page on a phone: largest contentful paint", found, "1500")
    table.row("customer's page, all in all", weighs, "30", "kB")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
