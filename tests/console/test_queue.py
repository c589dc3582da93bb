"""The queue: it holds still, goes by keys alone, and does many things at once, honestly."""

import pytest
from playwright.async_api import Page, expect

from tests.console.screen import Screens
from tests.console.tickets import open_ticket
from tests.live.desk import Desk

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]


async def order(page: Page) -> list[str]:
    found: list[str] = await page.locator(".rows [role=row]").evaluate_all(
        "rows => rows.map(row => row.dataset.ticket)"
    )
    return found


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


async def test_the_desk_is_worked_by_keys_alone(desk: Desk, screens: Screens) -> None:
    for n in range(2):
        await open_ticket(desk, f"键盘测试 {n}")
    page = await screens.open("l-qian", "/queue?find=键盘测试")
    await expect(page.locator(".rows [role=row]")).to_have_count(2)
    first, second = await order(page)
    await page.keyboard.press("j")
    await expect(page.locator(f"[data-ticket={first}].at")).to_be_visible()
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{screens.url}/console/tickets/{first}")
    await expect(page.locator(".composer")).to_be_visible()
    await page.keyboard.press("n")
    await expect(page.locator(".composer.note textarea")).to_be_focused()
    await page.keyboard.type("rnajk?")  # letters in a field are letters
    await expect(page.locator(".composer.note textarea")).to_have_value("rnajk?")
    await page.keyboard.press("Escape")
    await page.keyboard.press("r")
    await expect(page.locator(".composer.reply textarea")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("j")
    await expect(page).to_have_url(f"{screens.url}/console/tickets/{second}")
    await expect(page.locator(".composer")).to_be_visible()
    await page.keyboard.press("a")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.locator(f"[data-ticket={second}].at")).to_be_visible()  # where one was
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox", name="页面、工单号或搜索词")).to_be_focused()
    await page.keyboard.type(first)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{screens.url}/console/tickets/{first}")


async def test_single_letters_can_be_switched_off(desk: Desk, screens: Screens) -> None:
    await open_ticket(desk, "单键测试")
    page = await screens.open("a-lin", "/queue?find=单键测试")
    await page.get_by_role("button", name="设置").click()
    await page.get_by_label("单字母快捷键").uncheck()
    await page.get_by_role("button", name="关闭").click()
    await page.keyboard.press("j")
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("dialog", name="快速跳转")).to_be_visible()  # chords stay
    await expect(page.locator(".row.at")).to_have_count(0)


async def test_what_is_done_to_many_says_what_became_of_each(desk: Desk, screens: Screens) -> None:
    tickets = [await open_ticket(desk, f"批量测试 {n}") for n in range(3)]
    page = await screens.open("l-qian", "/queue?find=批量测试")
    for ticket in tickets:
        await page.get_by_label(f"选择 {ticket}").check()
    await page.get_by_label("为每张工单添加内部备注").fill("值班经理已知悉")
    await desk.do("l-qian", "POST", f"v1/tickets/{tickets[0]}/closure", {"outcome": "spam", "reason": "广告"})
    await page.get_by_role("button", name="添加备注").click()
    await expect(page.locator(".bulk .result")).to_contain_text("已处理 3 张。")
    for ticket in tickets[1:]:
        said = (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}"))["messages"]
        assert [(one["text"], one["internal"]) for one in said] == [("值班经理已知悉", True)]


async def test_a_list_says_why_it_is_empty(screens: Screens) -> None:
    page = await screens.open("l-qian", "/queue?find=没有这样的工单", "en-GB")
    await expect(page.locator(".empty")).to_contain_text("No ticket matches these filters.")
    await page.get_by_role("button", name="Clear filters").click()
    await expect(page).to_have_url(f"{screens.url}/console/queue")
    editor = await screens.open("k-he", "/knowledge")
    screens.expected.add(403)
    await editor.goto(f"{screens.url}/console/queue")
    await expect(editor.get_by_text("您没有权限查看此内容。")).to_be_visible()
