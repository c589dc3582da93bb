"""The customers' own pages on a small phone, without a script."""

import asyncio

import httpx2
import pytest
from playwright.async_api import expect

from deploy.local.stack import Stack
from tests.console.mails import link_to
from tests.console.screen import Language, Screens, violations, width_of
from tests.console.tickets import open_ticket
from tests.live.desk import Desk

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]
WIDTH, TARGET = 360, 44  # CSS pixels


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_a_customer_reads_and_answers_on_a_phone_without_a_script(
    desk: Desk, screens: Screens, language: Language
) -> None:
    ticket = await open_ticket(desk, f"手机页面测试 {language}")
    await desk.do("a-lin", "POST", f"v1/tickets/{ticket}/messages", {"text": "内部先看", "internal": True})
    context = await screens.browser.new_context(
        locale=language, viewport={"width": WIDTH, "height": 640}, java_script_enabled=False
    )
    page = await context.new_page()
    await page.goto(f"{screens.url}/portal/tickets/{ticket}")
    await page.locator('a[href*="as=u-wang"]').click()
    await expect(page.locator("h1")).to_contain_text("手机页面测试")
    await page.wait_for_load_state()
    assert "内部先看" not in await page.content()
    assert await width_of(page) == WIDTH
    buttons = await page.locator("main button:visible, main .button:visible").all()
    boxes = [await one.bounding_box() for one in buttons]
    assert buttons
    assert [box for box in boxes if box is None or box["height"] < TARGET] == []
    await page.locator("form textarea[name=text]").first.fill("还是不行")
    await page.locator("form:has(textarea[name=text]) button").first.click()
    await expect(page.get_by_text("还是不行")).to_be_visible()
    said = (await desk.do("a-lin", "GET", f"v1/tickets/{ticket}"))["messages"]
    assert [one["text"] for one in said if not one["internal"]] == ["还是不行"]
    await context.close()


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_a_link_does_nothing_when_it_is_looked_at_and_its_deed_once(
    desk: Desk, screens: Screens, stack: Stack, language: Language
) -> None:
    ticket = await open_ticket(desk, f"链接测试 {language}")
    await desk.do("a-lin", "POST", f"v1/tickets/{ticket}/links", {"action": "give_consent", "purpose": "查看内存"})
    link = await link_to(stack, ticket, about="请确认远程协助授权")

    async def consents() -> int:
        return len((await desk.do("a-lin", "GET", f"v1/tickets/{ticket}"))["consents"])

    async with httpx2.AsyncClient(trust_env=False) as scanner:  # as mail scanners do
        looked = await asyncio.gather(*(scanner.get(link) for _ in range(5)), scanner.head(link))
    assert {one.status_code for one in looked} <= {200, 405}
    assert await consents() == 0
    context = await screens.browser.new_context(
        locale=language, viewport={"width": WIDTH, "height": 640}, java_script_enabled=False
    )
    page = await context.new_page()
    await page.goto(link)
    button = page.locator("form .buttons button")
    box = await button.bounding_box()
    assert box
    assert box["height"] >= TARGET
    assert await width_of(page) == WIDTH
    await button.click()
    await expect(button).to_have_count(0)
    assert await consents() == 1
    await page.goto(link)
    await expect(page.locator("h1")).to_be_visible()  # it says that it was used, and what one can do instead
    await expect(button).to_have_count(0)
    assert await consents() == 1
    wrong = link[:-2] + ("AA" if link[-2:] != "AA" else "BB")
    answer = await page.goto(wrong)
    assert answer
    assert answer.status in (400, 403, 404, 410)
    await expect(page.locator("h1")).to_be_visible()
    assert await width_of(page) == WIDTH
    await context.close()


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_where_scripts_run_a_ticket_shows_by_itself_how_it_stands(
    desk: Desk, screens: Screens, language: Language
) -> None:
    ticket = await open_ticket(desk, f"实时状态测试 {language}")
    context = await screens.context(language, width=WIDTH, height=640)
    page = await context.new_page()
    await page.goto(f"{screens.url}/portal/tickets/{ticket}")
    await page.locator('a[href*="as=u-wang"]').click()
    await expect(page.locator("h1")).to_contain_text("实时状态测试")
    await page.wait_for_load_state()  # its script listens
    await page.locator("form textarea[name=text]").first.fill("写到一半")
    await desk.do("a-lin", "POST", f"v1/tickets/{ticket}/messages", {"text": "已安排工程师"})
    await desk.do("a-lin", "POST", f"v1/tickets/{ticket}/messages", {"text": "仅内部", "internal": True})
    await page.evaluate("dispatchEvent(new Event('focus'))")  # as when one comes back to it; else it looks by itself
    await expect(page.get_by_text("已安排工程师")).to_be_visible()
    assert "仅内部" not in await page.content()
    await expect(page.locator("form textarea[name=text]").first).to_have_value("写到一半")
    assert await violations(page) == []
    assert await width_of(page) == WIDTH
