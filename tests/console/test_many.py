"""Ten thousand rows, of which the page holds those that are seen; they hold still while they change."""

import json
from collections import Counter

import pytest
from playwright.async_api import Route, expect

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
    await expect(page.locator(".fresh")).to_have_text(FRESH[language])
    assert await pointed.bounding_box() == box
    await expect(page.locator("[data-ticket=TK-2026-000012].at")).to_be_visible()
    assert await page.locator(".rows [role=row]").count() <= MOST_NODES

    await page.get_by_label("选择 TK-2026-000012" if language == "zh-CN" else "Select TK-2026-000012").check()
    await page.get_by_role("button", name=ALL[language]).click()  # all that match, not only those that were read
    await expect(page.locator(".bulk strong")).to_contain_text(str(ROWS))
    await page.locator(".fresh").click()
    await expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", str(ROWS + 1))
    assert await page.locator(".rows [role=row]").count() <= MOST_NODES


MATCHING = 1_111  # of the ten thousand whose titles begin with 第 1
REFUSED = {f"TK-2026-{n:06}" for n in (1, 150, 1999)}


async def test_what_is_done_to_a_thousand_is_done_once_to_each_and_says_which_were_refused(screens: Screens) -> None:
    page = await screens.open("l-qian", "/knowledge")
    await page.route("**/v1/queue?*", lambda route: pages(route, 0, 0))
    changed: Counter[str] = Counter()
    keys: list[str] = []
    refuses = True

    async def change(route: Route) -> None:
        asked = [one["ticket"] for one in json.loads(route.request.post_data or "")["tickets"]]
        keys.append(route.request.headers["idempotency-key"])
        items = []
        for ticket in asked:
            is_refused = refuses and ticket in REFUSED
            changed[ticket] += not is_refused
            items.append({"ticket": ticket, "problem": {"detail": "工单已归档"} if is_refused else None})
        done = sum(not one["problem"] for one in items)
        await route.fulfill(status=200, json={"items": items, "changed": done})

    await page.route("**/v1/ticket-changes", change)
    await page.goto(f"{screens.url}/console/queue?find=第 1")
    await expect(page.locator("[data-ticket=TK-2026-000001]")).to_be_visible()
    await page.get_by_label("选择 TK-2026-000001", exact=True).check()
    await page.get_by_role("button", name=ALL["zh-CN"]).click()
    await expect(page.locator(".bulk strong")).to_have_text(f"已选 {MATCHING} 条")
    await page.locator(".bulk input").fill("统一通知")
    await page.locator(".bulk .button.main").click()
    result = page.locator(".bulk .result")
    await expect(result).to_contain_text(f"已处理 {MATCHING - len(REFUSED)} 张。")
    await expect(result.get_by_role("listitem")).to_have_count(len(REFUSED))
    assert set(await result.locator("li .figure").all_text_contents()) == REFUSED
    await expect(result.get_by_role("listitem").first).to_contain_text("工单已归档")
    refuses = False
    await result.get_by_role("button", name="重试这些工单").click()
    await expect(result).to_have_text(f"已处理 {len(REFUSED)} 张。")
    assert len(changed) == MATCHING
    assert set(changed.values()) == {1}
    assert len(set(keys)) == len(keys)
