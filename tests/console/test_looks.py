"""Each page in both languages and themes: readable for everybody, silent in the console, on a narrow screen too."""

from collections.abc import AsyncIterator
from itertools import groupby
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.console.screen import Language, Screens, Theme, violations, width_of
from tests.console.tickets import make_review, open_ticket, publish_article, suffer
from tests.live.desk import Desk, eventually

pytestmark = [pytest.mark.console, pytest.mark.timeout(480)]
NARROW = 320  # CSS pixels: 1280 at 400 % (WCAG 2.2, 1.4.10)
RAIL = """Math.round(Math.max(...[...document.querySelectorAll("nav.rail, nav.rail *")]
  .map(one => one.getBoundingClientRect().right)))"""
WORDS = {"zh-CN": ("更多", "设置", "培训"), "en-GB": ("More", "Settings", "Training")}
PAGES = {
    "/queue": ".rows [role=row]",
    "/tickets/{ticket}": ".composer textarea",
    "/tickets/{ticket}?tab=work": ".work h2",
    "/tickets/{ticket}?tab=timeline": ".log li",
    "/tickets/{ticket}?tab=consultation": ".work .empty",
    "/tickets/{ticket}?tab=logs": ".work .empty",
    "/tickets/{ticket}?tab=links": ".work h2",
    "/tickets/{ticket}?tab=trace": ".trace td",
    "/board": ".load td",
    "/search?text={ticket}": ".found li",
    "/knowledge": "h1",
    "/knowledge/{article}": ".reading h2",
    "/knowledge/{article}/edit": ".preview h2",
    "/incidents": ".incidents nav a",
    "/incidents/{incident}": ".incidents .rows-of li",
    "/reviews": ".reviews .rows-of li",
    "/reviews/{review}": ".reviews table td",
    "/training": ".training .rows-of li",
    "/training/{session}": ".training h1",
    "/admin": ".admin [data-engineer]",
    "/admin?tab=policies": ".admin .card td",
    "/admin?tab=calendars": ".admin .card td",
    "/admin?tab=categories": ".admin [data-category]",
    "/admin?tab=forms": ".admin .empty, .admin [data-form]",
    "/admin?tab=templates": ".admin [data-template]",
    "/admin?tab=channels": ".admin h2",
    "/settings": ".own-settings details",
    "/admin?tab=deliveries": ".admin .empty, .admin td",
}
OF_ADMINISTRATORS = {
    "/admin?tab=webhooks": ".admin [data-webhook]",
    "/admin?tab=api_keys": ".admin [data-key]",
    "/admin?tab=dead_letters": ".admin .empty, .admin td",
}


@pytest.fixture(scope="module")
async def seen(desk: Desk) -> dict[str, str]:
    """Something to see on each page, by what its address calls it; with words that find no place to break."""
    ticket = await open_ticket(desk, "一个没有空格也很长的标题" * 8, "https://example.com/" + "a" * 300)
    await desk.do("a-lin", "POST", f"v1/tickets/{ticket}/messages", {"text": "请稍候", "internal": True})
    there = {
        "ticket": ticket,
        "article": await publish_article(desk),
        "incident": await suffer(desk),
        "review": await make_review(desk),
        "session": await plan_session(desk),
    }
    await have_machines(desk)

    async def is_found() -> bool:
        found = await desk.do("l-qian", "POST", "v1/ticket-searches", {"text": ticket})
        return ticket in {one["ticket"] for one in found["items"]}

    assert await eventually(is_found)
    return there


async def have_machines(desk: Desk) -> None:
    """A webhook and a key, for administrators to see."""
    hook = {"name": "监控", "url": f"https://hooks.example/{'x' * 200}", "events": ["ticket.completed"]}
    await desk.do("admin", "POST", "v1/webhooks", hook)
    await desk.do("admin", "POST", "v1/api-keys", {"name": "ERP", "scopes": ["ticket:open"]})


async def plan_session(desk: Desk) -> str:
    """A session of case sharing."""
    for known in (await desk.do("k-he", "GET", "v1/training-sessions"))["items"]:
        return str(known["id"])
    session = await desk.do("k-he", "POST", "v1/training-sessions", {"quarter": "2032-Q1"})
    where = {"planned_for": "2099-07-01T14:00:00Z", "place": "三楼", "attendees": ["e-chen"], "agenda": []}
    await desk.do("k-he", "PUT", f"v1/training-sessions/{session['id']}/plan", where)
    return str(session["id"])


async def be_there(page: Page, screens: Screens, address: str, shows: str) -> None:
    await page.goto(f"{screens.url}/console{address}")
    await expect(page.locator(shows).first).to_be_visible()
    await expect(page.locator(".light")).to_have_attribute("data-light", "live")


ALL = [*(("l-qian", *page) for page in PAGES.items()), *(("admin", *page) for page in OF_ADMINISTRATORS.items())]
MIDDLE = len(ALL) // 2
# Each half in a time that a busy machine has, too.
HALVES = pytest.mark.parametrize("half", [ALL[:MIDDLE], ALL[MIDDLE:]], ids=["first", "second"])


async def each(
    half: list[tuple[str, str, str]], seen: dict[str, str], screens: Screens, language: Language, **more: Any
) -> AsyncIterator[tuple[str, Page]]:
    """One page after the other, as whoever has it."""
    for who, pages in groupby(half, key=lambda one: one[0]):
        page = await screens.open(who, "/training" if who == "l-qian" else "/admin", language, **more)
        for _, address, shows in pages:
            await be_there(page, screens, address.format(**seen), shows)
            yield address, page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@HALVES
async def test_pages_are_readable_for_everybody(
    half: list[tuple[str, str, str]], seen: dict[str, str], screens: Screens, language: Language, theme: Theme
) -> None:
    found = {}
    async for address, page in each(half, seen, screens, language, theme=theme):
        assert await page.evaluate("document.documentElement.lang") == language.partition("-GB")[0]
        if troubles := await violations(page):
            found[address] = troubles
    assert found == {}


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@HALVES
async def test_on_a_narrow_screen_nothing_is_to_be_scrolled_sideways(
    half: list[tuple[str, str, str]], seen: dict[str, str], screens: Screens, language: Language
) -> None:
    found = {}
    async for address, page in each(half, seen, screens, language, width=NARROW, height=640):
        found[address] = max(await width_of(page), await page.evaluate(RAIL))
    assert set(found.values()) == {NARROW}, found


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_on_a_phone_a_menu_has_what_the_bar_has_no_room_for(screens: Screens, language: Language) -> None:
    """By keys alone; and whoever goes on leaves no menu open."""
    more, settings, training = WORDS[language]
    page = await screens.open("l-qian", "/queue", language, width=NARROW, height=640)
    menu = page.get_by_role("button", name=more)
    place = page.get_by_role("link", name=training)
    await expect(place).to_be_hidden()
    await menu.press("Enter")
    await expect(page.get_by_role("button", name=settings)).to_be_visible()
    assert await width_of(page) == NARROW
    assert await violations(page) == []
    await page.keyboard.press("Tab")
    await page.keyboard.press("Escape")
    await expect(place).to_be_hidden()
    await expect(menu).to_be_focused()
    await menu.press("Enter")
    await place.press("Enter")
    await expect(page.locator(".page.training")).to_be_visible()
    await expect(place).to_be_hidden()


CUT = """[...document.querySelectorAll("body *")].filter(one => one.scrollHeight > one.clientHeight + 1
  && getComputedStyle(one).overflowY !== "visible" && !one.matches(".hidden, .line")).map(one => one.className)"""


async def test_on_paper_a_ticket_is_whole_and_dark_on_white(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "打印测试")
    for n in range(12):
        await desk.do(
            "a-lin", "POST", f"v1/tickets/{ticket}/messages", {"text": f"第 {n} 条\n" * 6, "internal": n % 2 == 0}
        )
    page = await screens.open("l-qian", f"/tickets/{ticket}", theme="dark")
    last = page.locator(".said .text", has_text="第 11 条")
    await expect(last).to_be_visible()
    assert await page.evaluate(CUT) != []  # on a screen one scrolls
    await page.emulate_media(media="print")
    for pressed in ("nav.rail", ".composer", ".ticket .tabs"):
        await expect(page.locator(pressed)).to_be_hidden()
    await expect(page.get_by_role("button")).to_have_count(0)
    assert await page.evaluate(CUT) == []
    below, height = await last.evaluate("one => [one.getBoundingClientRect().bottom, document.body.scrollHeight]")
    assert below < height
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert await violations(page) == []


async def test_text_that_looks_like_markup_is_text(desk: Desk, screens: Screens) -> None:
    evil = "<img src=x onerror=\"document.title='bad'\"><script>document.title='bad'</script>"
    ticket = await open_ticket(desk, f"标题 {evil}", evil)
    await desk.do("u-wang", "POST", f"v1/tickets/{ticket}/messages", {"text": evil})
    page = await screens.open("a-lin", f"/tickets/{ticket}")
    await expect(page.locator(".said .text")).to_have_text(evil)
    await expect(page.locator("h1")).to_contain_text("<img src=x")
    assert await page.title() != "bad"
