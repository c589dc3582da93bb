"""What was sent while the desk could not be reached: done once when it can, over a reload too, and by nobody else."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from tests.console.screen import Language, Screens
from tests.console.tickets import open_ticket
from tests.live.desk import Desk, eventually

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]
BOX, SEND, WAITS = ".composer textarea", ".composer .button.main", ".composer .bad"
LOST = {"zh-CN": "只会发送一次", "en-GB": "It is sent once"}
WRITING = "继续编辑"


class Line:
    """Between a browser and the desk: down until it is mended."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.is_up = asyncio.Event()

    async def fail(self, route: Route) -> None:
        """Nothing gets through."""
        self.keys.append(route.request.headers["idempotency-key"])
        if self.is_up.is_set():
            await route.continue_()
        else:
            await route.abort()

    async def lose(self, route: Route) -> None:
        """The desk takes the first, but its answer is lost."""
        if not self.keys:
            await route.fetch()
        await self.fail(route)


async def said(desk: Desk, ticket: str) -> list[str]:
    return [one["text"] for one in (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}"))["messages"]]


async def type_and_send(page: Page, text: str, language: Language = "zh-CN") -> None:
    """It cannot be sent now, and the page says so."""
    await page.locator(BOX).fill(text)
    await page.locator(SEND).click()
    await expect(page.locator(WAITS)).to_contain_text(LOST[language])


@pytest.mark.parametrize(("language", "holds"), [("zh-CN", False), ("en-GB", True)], ids=["zh-at-once", "en-held"])
async def test_what_waits_is_sent_once_though_its_page_was_reloaded(
    desk: Desk, screens: Screens, language: Language, holds: bool
) -> None:
    screens.expected |= {409, 412}  # of the draft, while the page does not know yet that the desk has it all
    ticket = await open_ticket(desk, f"重新加载测试 {language}")
    page = await screens.open("a-lin", f"/tickets/{ticket}", language, holds=holds)
    line = Line()
    address = "**/drafts/reply/sending" if holds else "**/messages"
    await page.route(address, line.fail if holds else line.lose)
    await type_and_send(page, "补丁已发布", language)
    await page.reload()
    await expect(page.locator(WAITS)).to_contain_text(LOST[language])
    await expect(page.locator(BOX)).to_have_value("补丁已发布")
    await expect(page.locator(SEND)).to_be_disabled()
    async with page.expect_request(address):
        await page.goto(f"{screens.url}/console/queue")  # it goes on from every page
    line.is_up.set()

    async def arrived() -> list[str]:
        return await said(desk, ticket)

    assert await eventually(arrived) == ["补丁已发布"]
    await page.goto(f"{screens.url}/console/tickets/{ticket}")
    await expect(page.locator(".said.ours .text")).to_have_text("补丁已发布")
    await expect(page.locator(BOX)).to_have_value("")
    assert len(line.keys) > 1
    assert len(set(line.keys)) == 1
    assert await said(desk, ticket) == ["补丁已发布"]
    screens.forgive("net::ERR_")


async def test_what_waits_can_be_taken_back_after_a_reload_to_go_on_writing(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "继续编辑测试")
    page = await screens.open("a-lin", f"/tickets/{ticket}")
    line = Line()
    await page.route("**/messages", line.fail)
    await type_and_send(page, "写得太急")
    await page.reload()
    await page.get_by_role("button", name=WRITING).click()
    await expect(page.locator(WAITS)).to_have_count(0)
    line.is_up.set()
    await page.locator(BOX).fill("想好再写")
    await page.locator(SEND).click()
    await expect(page.locator(".said.ours .text")).to_have_text("想好再写")
    assert await said(desk, ticket) == ["想好再写"]
    screens.forgive("net::ERR_")


async def test_what_waits_is_nobody_elses_and_a_draft_once_one_has_signed_out(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "换人登录测试")
    page = await screens.open("a-lin", f"/tickets/{ticket}")
    line = Line()
    await page.route("**/messages", line.fail)
    await type_and_send(page, "林晓写的")
    async with page.expect_navigation():
        await page.get_by_role("button", name="退出登录").click()
    line.is_up.set()
    tried = len(line.keys)
    for who, typed in (("e-chen", ""), ("a-lin", "林晓写的")):
        await page.goto(f"{screens.url}/console/tickets/{ticket}")
        await page.locator(f'a[href*="as={who}"]').click()
        await expect(page.locator(".light")).to_have_attribute("data-light", "live")
        await expect(page.locator(BOX)).to_have_value(typed)
        await expect(page.locator(BOX)).to_be_editable()
        async with page.expect_navigation():
            await page.get_by_role("button", name="退出登录").click()
    assert len(line.keys) == tried
    assert await said(desk, ticket) == []
    screens.forgive("net::ERR_")


async def test_an_assignment_waits_and_is_made_once_or_given_up(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "分派等待测试")
    page = await screens.open("l-qian", f"/tickets/{ticket}")
    assignee, dialog = page.locator("[data-assignee]"), page.get_by_role("dialog")
    assign = page.get_by_role("button", name="分派").first

    async def choose(name: str) -> None:
        await assign.click()
        await dialog.get_by_role("option", name=name).click()
        await dialog.get_by_label("分派原因").fill("熟悉导出模块")
        await dialog.get_by_role("button", name="分派").click()
        await expect(assignee).to_have_text(name)
        await expect(dialog.get_by_role("status")).to_contain_text("恢复后自动分派")

    line = Line()
    await page.route("**/work/assignment", line.lose)
    await choose("周敏")
    line.is_up.set()
    await expect(dialog).to_have_count(0)
    work = await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work")
    assert (work["assignee"], len(set(line.keys))) == ("e-zhou", 1)

    line.is_up.clear()
    await choose("陈刚")
    await page.keyboard.press("Escape")
    await expect(assignee).to_have_text("周敏")  # it is not tried again
    assert len(set(line.keys)) == 2
    assert (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work"))["assignee"] == "e-zhou"
    screens.forgive("net::ERR_")
