"""Guided questions: asked once by the desk, answered on a phone without a script or through staff. Clocks wait."""

import pytest
from playwright.async_api import expect

from deploy.local.stack import Stack
from tests.console.mails import link_to
from tests.console.screen import Language, Screens, violations
from tests.console.tickets import open_ticket
from tests.live.desk import Desk

pytestmark = [pytest.mark.console, pytest.mark.timeout(300)]
RECORD = {"zh-CN": "代录客户答复", "en-GB": "Record the customer's answers"}
AGAIN = {"zh-CN": "再次发送问题", "en-GB": "Send the questions again"}
PAUSED = {"zh-CN": "已暂停", "en-GB": "paused"}


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_what_is_asked_is_answered_bit_by_bit_and_clocks_wait_for_it(
    desk: Desk, screens: Screens, stack: Stack, language: Language
) -> None:
    ticket = await open_ticket(desk, f"不行了 {language}", "用不了")
    asked = (await desk.do("a-lin", "GET", f"v1/tickets/{ticket}"))["questions"]
    assert len(asked) >= 3
    page = await screens.open("a-lin", f"/tickets/{ticket}", language)
    open_ones = page.locator(".questions > ul li")
    await expect(open_ones).to_have_count(len(asked))
    said_so = [one["zh" if language == "zh-CN" else "en"] for one in asked]
    await expect(open_ones).to_have_text(said_so)
    resolution = page.locator("[data-clock=resolution] .chip")
    await expect(resolution).to_have_attribute("data-look", "paused")
    await expect(resolution).to_contain_text(PAUSED[language])
    assert await violations(page) == []

    await page.get_by_role("button", name=AGAIN[language]).click()
    await expect(page.locator(".questions [role=status]")).to_contain_text("***")  # to whom, without the whole address
    link = await link_to(stack, ticket)
    context = await screens.browser.new_context(
        locale=language, viewport={"width": 360, "height": 640}, java_script_enabled=False
    )
    phone = await context.new_page()
    await phone.goto(link)
    answered = asked[:2]
    for n, one in enumerate(answered):
        place = phone.locator(f"[name=answer_{one['field']}]").first
        if await place.evaluate("one => one.tagName") == "SELECT":
            await place.select_option(index=1)
        elif await place.get_attribute("type") in ("radio", "checkbox"):
            await place.check()
        else:
            await place.fill(f"{n + 3}")
    await phone.locator("form .buttons button").first.click()
    await expect(phone.locator("form .buttons button")).to_have_count(0)
    await context.close()

    await expect(open_ones).to_have_text(said_so[2:])  # in the page that was open all the time
    await expect(resolution).not_to_have_attribute("data-look", "paused")
    left = (await desk.do("a-lin", "GET", f"v1/tickets/{ticket}"))["questions"]
    assert [one["field"] for one in left] == [one["field"] for one in asked[2:]]  # nothing is asked twice

    await page.get_by_role("button", name=RECORD[language]).click()
    form = page.get_by_role("form", name=RECORD[language])
    for words in said_so[2:]:
        await form.get_by_label(words, exact=True).fill("1")
    await form.locator(".button.main").click()
    await expect(page.locator(".said.theirs").last).to_contain_text("林晓")  # whose words they are, and who wrote
    seen = await desk.do("a-lin", "GET", f"v1/tickets/{ticket}")
    assert {one["field"] for one in asked}.isdisjoint(one["field"] for one in seen["questions"])
