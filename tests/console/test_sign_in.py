"""Who is let in, and what the console says to whoever is not."""

import pytest
from playwright.async_api import expect

from tests.console.screen import Screens

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]


async def test_one_click_signs_in_and_leads_to_where_one_wanted_to_be(screens: Screens) -> None:
    page = await screens.open("e-chen", "/knowledge")
    await expect(page).to_have_url(f"{screens.url}/console/knowledge")
    await expect(page.locator(".who")).to_contain_text("陈刚")
    await expect(page.get_by_role("link", name="看板")).to_have_count(0)  # of leads
    assert await page.evaluate("document.cookie") == ""
    assert await page.evaluate("Object.keys(localStorage).filter(one => localStorage[one].includes('eyJ'))") == []
    # A page that is asked something while it is being replaced may never answer: microsoft/playwright#42068.
    async with page.expect_navigation():
        await page.get_by_role("button", name="退出登录").click()
    await expect(page.get_by_role("status")).to_have_text("您已退出登录。")
    await page.goto(f"{screens.url}/console/queue")
    await expect(page.locator('a[href*="as=e-chen"]')).to_be_visible()


async def test_why_somebody_is_not_let_in_is_said_in_words(screens: Screens) -> None:
    context = await screens.context("en-GB")
    page = await context.new_page()
    await page.goto(f"{screens.url}/console?sign_in=not_staff")
    await expect(page.get_by_role("alert")).to_have_text("The console is for staff; this account is a customer's.")
    await page.get_by_role("link", name="Sign in").click()
    await expect(page.locator('a[href*="as=a-lin"]')).to_be_visible()
    await expect(page.locator('a[href*="as=u-wang"]')).to_have_count(0)
