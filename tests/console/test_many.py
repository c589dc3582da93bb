"""Ten thousand rows, of which the page holds those that are seen; they hold still while they change."""

import pytest
from playwright.async_api import expect

from tests.console.many import ROWS, pages
from tests.console.screen import Language, Screens
from tests.console.tickets import open_ticket
from tests.live.desk import Desk

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]
MOST_NODES = 120
QUEUE = {"zh-CN": "队列", "en-GB": "Queue"}
ALL = {"zh-CN": "选择全部符合条件的工单", "en-GB": "Select all that match"}
FRESH = {"zh-CN": "12 条新工单", "en-GB": "12 new"}
CHANGES = 2
LOOKS = ("normal", "high", "urgent")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_of_many_rows_those_are_there_that_are_seen_and_none_moves(
    desk: Desk, screens: Screens, language: Language
) -> None:
    ticket = await open_ticket(desk, f"虚拟列表测试 {language}")
    page = await screens.open("l-qian", "/knowledge", language)
    told = {"change": 0, "first": 12}
    await page.route("**/v1/queue?*", lambda route: pages(route, told["change"], told["first"]))
    await page.get_by_role("link", name=QUEUE[language], exact=True).click()
    await expect(page.locator("[data-ticket=TK-2026-000012]")).to_be_visible()
    grid = page.locator(".rows")
    for last in (511, 1011):
        while not await page.locator(f"[data-ticket=TK-2026-{last:06}]").count():
            await grid.evaluate("box => box.scrollTo({top: box.scrollHeight})")
            await page.evaluate("() => new Promise(requestAnimationFrame)")
        assert await page.locator(".rows [role=row]").count() <= MOST_NODES
        index = await page.locator(f"[data-ticket=TK-2026-{last:06}]").get_attribute("aria-rowindex")
        assert index == str(last - 12 + 2)  # the head is the first
    await expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "-1")  # more than is known

    await grid.evaluate("box => box.scrollTo({top: 0})")
    pointed = page.locator("[data-ticket=TK-2026-000020]")
    await page.keyboard.press("j")
    await expect(page.locator("[data-ticket=TK-2026-000012].at")).to_be_visible()
    await pointed.hover()
    box = await pointed.bounding_box()
    told["first"] = 0  # twelve come in before all that is shown, and one in ten rows changes, again and again
    for change in range(1, CHANGES + 1):
        told["change"] = change
        async with page.expect_response("**/v1/queue?*"):
            decided = {"category": "data", "priority": LOOKS[change % 3], "reason": "测试"}
            await desk.do("l-qian", "POST", f"v1/tickets/{ticket}/work/classification", decided)
    await expect(pointed.locator(f".priority.{LOOKS[CHANGES % 3]}")).to_be_visible()
    assert await pointed.bounding_box() == box
    await expect(page.locator("[data-ticket=TK-2026-000012].at")).to_be_visible()
    await expect(page.locator(".fresh")).to_have_text(FRESH[language])
    assert await page.locator(".rows [role=row]").count() <= MOST_NODES

    await page.get_by_label("选择 TK-2026-000012" if language == "zh-CN" else "Select TK-2026-000012").check()
    await page.get_by_role("button", name=ALL[language]).click()  # all that match, not only those that were read
    await expect(page.locator(".bulk strong")).to_contain_text(str(ROWS))
    await page.locator(".fresh").click()
    await expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", str(ROWS + 1))
    assert await page.locator(".rows [role=row]").count() <= MOST_NODES
