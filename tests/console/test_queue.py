"""The queue: it holds still, goes by keys alone, and does many things at once, honestly."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.console.screen import Language, Screens
from tests.console.tickets import open_ticket
from tests.live.desk import Desk, eventually

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]

BULK = {
    "zh-CN": {
        "all": "选择当前列表",
        "note": "为每张工单添加内部备注：仅内部可见",
        "done": "已处理 {} 张。",
        "left": "1 张已离开列表，未作更改。",
        "again": "重试这些工单",
        "stop": "停止",
        "not_done": "{} 张未执行。",
        "go_on": "继续执行",
    },
    "en-GB": {
        "all": "Select these rows",
        "note": "Internal note for each: only staff see it",
        "done": "{} changed.",
        "left": "1 left the list meanwhile and was not touched.",
        "again": "Try those again",
        "stop": "Stop",
        "not_done": "{} not done.",
        "go_on": "Go on with these",
    },
}
EMPTY = {
    "zh-CN": {
        "filtered": "没有符合筛选条件的工单。",
        "nothing": "队列为空。",
        "down": "实时连接已断开，列表可能已过时。",
        "forbidden": "您没有权限查看此内容。",
    },
    "en-GB": {
        "filtered": "No ticket matches these filters.",
        "nothing": "The queue is empty.",
        "down": "The list may be out of date: the live connection is down.",
        "forbidden": "You have no right to see this.",
    },
}
WORDS = {
    "zh-CN": {"sheet": "键盘快捷键", "go": "页面、工单号或搜索词"},
    "en-GB": {"sheet": "Keyboard shortcuts", "go": "A page, a ticket's number, or words to search for"},
}
# Every line of the sheet: each is pressed in the test below, but for `z`, which is in test_drafts.
DRIVEN = ["j", "k", "Enter", "x", ".", "r", "n", "a", "j", "k", "Escape", "z", "/", "Ctrl/⌘ K", "?"]


async def order(page: Page) -> list[str]:
    found: list[str] = await page.locator(".rows [role=row]").evaluate_all(
        "rows => rows.map(row => row.dataset.ticket)"
    )
    return found


async def stand(page: Page, tickets: list[str]) -> None:
    """In this order, and no others."""
    rows = page.locator(".rows [role=row]")
    for at, ticket in enumerate(tickets):
        await expect(rows.nth(at)).to_have_attribute("data-ticket", ticket)
    assert await order(page) == tickets


async def be_at(page: Page, ticket: str) -> None:
    """Where this ticket is shown: the address comes before the page."""
    await expect(page).to_have_url(re.compile(f"/console/tickets/{ticket}$"))
    await expect(page.locator(".head .figure").first).to_have_text(ticket)
    await expect(page.locator(".composer")).to_be_visible()


async def test_rows_keep_their_places_while_tickets_come_and_change(desk: Desk, screens: Screens) -> None:
    tickets = [await open_ticket(desk, f"列表测试 {n}") for n in range(3)]
    page = await screens.open("l-qian", "/queue?find=列表测试")
    await expect(page.locator(".rows [role=row]")).to_have_count(3)
    before = await order(page)
    await page.locator(f"[data-ticket={before[1]}]").hover()
    new = await open_ticket(desk, "列表测试 新来的，全公司无法登录，业务停摆")
    reason = {"category": "function", "priority": "urgent", "reason": "客户业务停摆"}
    await desk.do("l-qian", "POST", f"v1/tickets/{before[2]}/work/classification", reason)
    await desk.do("e-chen", "POST", "v1/queue/claims", {"ticket": before[0], "reason": "由我处理"})
    await expect(page.locator(f"[data-ticket={before[2]}] .priority.urgent")).to_be_visible()
    await expect(page.locator(f"[data-ticket={before[0]}] .assignee")).to_have_text("陈刚")
    await expect(page.locator(".fresh")).to_have_text("1 条新工单")
    assert await order(page) == before
    assert set(before) == set(tickets)
    await page.keyboard.press(".")
    await expect(page.locator(f"[data-ticket={new}]")).to_be_visible()
    await expect(page.locator(".fresh")).to_have_count(0)
    assert (await order(page))[:2] != before[:2]


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_the_desk_is_worked_by_keys_alone(desk: Desk, screens: Screens, language: Language) -> None:
    say = WORDS[language]
    for n in range(2):
        await open_ticket(desk, f"键盘测试 {language} {n}")
    # The newest first: when those are due that are not urgent, the desk says only a moment after they were opened.
    page = await screens.open("l-qian", f"/queue?find=键盘测试 {language}&sort=newest", language)
    await expect(page.locator(".rows [role=row]")).to_have_count(2)
    first, second = await order(page)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name=say["sheet"])).to_be_visible()
    assert sorted(await page.locator("[role=dialog] kbd").all_inner_texts()) == sorted(DRIVEN)
    await page.keyboard.press("j")  # a dialog is open: nothing moves behind it
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator(".row.at")).to_have_count(0)
    await page.keyboard.press("j")
    await expect(page.locator(f"[data-ticket={first}].at")).to_be_visible()
    await page.keyboard.press("j")
    await expect(page.locator(f"[data-ticket={second}].at")).to_be_visible()
    await page.keyboard.press("k")
    await page.keyboard.press("x")
    await expect(page.locator(f"[data-ticket={first}][aria-selected=true]")).to_be_visible()
    await page.keyboard.press("x")
    await expect(page.locator("[aria-selected=true]")).to_have_count(0)
    third = await open_ticket(desk, f"键盘测试 {language} 全公司无法登录，业务停摆")
    await expect(page.locator(".fresh")).to_be_visible()
    await page.keyboard.press(".")
    await expect(page.locator(f"[data-ticket={third}]")).to_be_visible()
    await page.keyboard.press("Enter")
    await be_at(page, first)
    await page.keyboard.press("n")
    await expect(page.locator(".composer.note textarea")).to_be_focused()
    await page.keyboard.type("rnajkxz/?.")  # letters in a field are letters
    await expect(page.locator(".composer.note textarea")).to_have_value("rnajkxz/?.")
    await page.keyboard.press("Escape")
    await page.keyboard.press("r")
    await expect(page.locator(".composer.reply textarea")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("j")
    await be_at(page, second)
    await page.keyboard.press("k")
    await be_at(page, first)
    await page.keyboard.press("j")
    await be_at(page, second)
    await page.keyboard.press("a")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.locator(f"[data-ticket={second}].at")).to_be_visible()  # where one was
    await page.keyboard.press("/")
    await expect(page.get_by_role("searchbox")).to_be_focused()
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox", name=say["go"])).to_be_focused()
    await page.keyboard.type(first)
    await expect(page.get_by_role("dialog").get_by_role("option", selected=True)).to_contain_text(first)
    await page.keyboard.press("Enter")
    await be_at(page, first)


async def test_single_letters_can_be_switched_off(desk: Desk, screens: Screens) -> None:
    await open_ticket(desk, "单键测试")
    page = await screens.open("a-lin", "/queue?find=单键测试")
    await expect(page.locator(".rows [role=row]").first).to_be_visible()
    await page.get_by_role("button", name="设置").click()
    await page.get_by_label("单字母快捷键").uncheck()
    await page.get_by_role("button", name="关闭").click()
    await page.keyboard.press("j")
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("dialog", name="快速跳转")).to_be_visible()  # chords stay
    await expect(page.locator(".row.at")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_what_is_done_to_many_says_what_became_of_each(desk: Desk, screens: Screens, language: Language) -> None:
    say = BULK[language]
    tickets = [await open_ticket(desk, f"批量测试 {language} {n}") for n in range(4)]
    await desk.do(
        "l-qian", "POST", f"v1/tickets/{tickets[0]}/work/assignment", {"engineer": "e-chen", "reason": "熟悉"}
    )
    page = await screens.open("l-qian", f"/queue?find=批量测试 {language}", language)
    await expect(page.locator(".rows [role=row]")).to_have_count(4)
    result = page.locator(".bulk .result")

    # A note: internal, as everywhere. Who left the list meanwhile is not touched.
    await page.get_by_label(say["all"]).check()
    await expect(page.locator(".bulk strong")).to_contain_text("4")
    await page.get_by_label(say["note"]).fill("值班经理已知悉")
    await desk.do("l-qian", "POST", f"v1/tickets/{tickets[3]}/closure", {"outcome": "spam", "reason": "广告"})
    await expect(page.locator(f"[data-ticket={tickets[3]}].gone")).to_be_visible()
    await page.locator(".bulk .button.main").click()
    await expect(result).to_contain_text(say["done"].format(3))
    await expect(result).to_contain_text(say["left"])
    notes = [await said(desk, ticket) for ticket in tickets]
    assert notes == [[("值班经理已知悉", True)]] * 3 + [[]]

    # Assigned: one is refused, with the desk's reason, and can be tried again; the others are changed once.
    await page.locator(".bulk select").first.select_option("assign")
    await page.locator(".bulk select").nth(1).select_option("e-zhou")
    await page.locator(".bulk input").fill("熟悉导出模块")
    refused = tickets[1]

    async def refuse(route: Route) -> None:
        problem = {"code": "conflict", "title": "冲突", "detail": "已达上限", "status": 409}
        await route.fulfill(status=409, json=problem, content_type="application/problem+json")

    screens.expected.add(409)
    await page.route(f"**/v1/tickets/{refused}/work/assignment", refuse)
    await page.locator(".bulk .button.main").click()
    await expect(result).to_contain_text(say["done"].format(2))
    await expect(result.locator("li")).to_have_text(f"{refused} 已达上限")
    await page.unroute(f"**/v1/tickets/{refused}/work/assignment")
    await result.get_by_role("button", name=say["again"]).click()
    await expect(result).to_contain_text(say["done"].format(1))
    for ticket in tickets[:3]:
        assert (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work"))["assignee"] == "e-zhou"

    # Stopped half way: what was not done is named, and can be gone on with.
    held: list[Route] = []
    await page.locator(".bulk select").nth(1).select_option("e-chen")
    await page.locator(".bulk input").fill("换人")
    asked = asyncio.Event()

    def hold(route: Route) -> None:
        held.append(route)
        asked.set()

    await page.route("**/work/assignment", hold)
    await page.locator(".bulk .button.main").click()
    await asked.wait()
    await page.get_by_role("button", name=say["stop"]).click()
    await held[0].continue_()
    await expect(result).to_contain_text(say["not_done"].format(2))
    assignees = [(await desk.do("l-qian", "GET", f"v1/tickets/{one}/work"))["assignee"] for one in tickets[:3]]
    assert sorted(assignees) == ["e-chen", "e-zhou", "e-zhou"]
    await page.unroute("**/work/assignment")
    await result.get_by_role("button", name=say["go_on"]).click()
    await expect(result).to_contain_text(say["done"].format(2))


async def said(desk: Desk, ticket: str) -> list[tuple[str, bool]]:
    return [
        (one["text"], one["internal"]) for one in (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}"))["messages"]
    ]


async def test_rows_stand_in_the_order_that_one_chooses(desk: Desk, screens: Screens) -> None:
    tickets = [await open_ticket(desk, f"排序测试 {n}") for n in range(3)]
    page = await screens.open("l-qian", "/queue?find=排序测试")
    await page.get_by_label("排序").select_option("newest")
    await expect(page).to_have_url(re.compile("sort=newest"))
    await stand(page, tickets[::-1])
    await page.locator(f"[data-ticket={tickets[1]}] a").click()
    await be_at(page, tickets[1])
    await page.go_back()
    await stand(page, tickets[::-1])  # as one left it
    await expect(page.locator(f"[data-ticket={tickets[1]}].at")).to_be_visible()
    await page.get_by_label("排序").select_option("oldest")
    await stand(page, tickets)

    async def indexed() -> bool:
        found = await desk.do("l-qian", "POST", "v1/ticket-searches", {"text": "排序测试"})
        return {one["ticket"] for one in found["items"]} >= set(tickets)

    await eventually(indexed)
    await page.goto(f"{screens.url}/console/search?text=排序测试&sort=oldest")
    found = page.locator(".found li")
    await expect(found.first).to_contain_text(tickets[0])
    await page.get_by_label("排序").select_option("newest")
    await expect(found.first).to_contain_text(tickets[2])


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_a_list_says_why_it_is_empty(screens: Screens, language: Language) -> None:
    say = EMPTY[language]
    page = await screens.open("l-qian", "/queue?find=没有这样的工单", language)
    await expect(page.locator(".empty")).to_contain_text(say["filtered"])
    await page.locator(".empty button").click()
    await expect(page).to_have_url(f"{screens.url}/console/queue")
    nothing: dict[str, Any] = {"items": [], "next": None}
    await page.route("**/v1/queue?*", lambda route: route.fulfill(status=200, json=nothing))
    await page.reload()
    await expect(page.locator(".empty")).to_contain_text(say["nothing"])
    await page.route("**/v1/events*", lambda route: route.abort())
    await page.reload()
    await expect(page.locator(".warning")).to_have_text(say["down"])
    editor = await screens.open("k-he", "/knowledge", language)
    screens.expected.add(403)
    await editor.goto(f"{screens.url}/console/queue")
    await expect(editor.get_by_text(say["forbidden"])).to_be_visible()
    screens.forgive("net::ERR_FAILED")
