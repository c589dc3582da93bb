"""The customers' own pages on a small phone, without a script."""

import pytest
from playwright.async_api import expect

from tests.console.screen import Language, Screens, width_of
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
