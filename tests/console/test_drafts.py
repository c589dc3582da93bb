"""What one types is never lost, never stands in another box, and can be taken back a moment after it was sent."""

from contextlib import suppress

import pytest
from playwright.async_api import Error, Route, expect

from tests.console.screen import Language, Screens
from tests.console.tickets import open_ticket
from tests.live.desk import Desk, eventually

pytestmark = [pytest.mark.console, pytest.mark.timeout(300)]
ROWS = ".rows [role=row]"
BOX, SEND = ".composer textarea", ".composer .button.main"
REPLY, NOTE = ".composer .segment >> nth=0", ".composer .segment >> nth=1"
KEPT = {"zh-CN": "草稿已同步到您的所有设备，仅您可见。", "en-GB": "Draft kept on all your devices; only you see it."}
LEAVES = {"zh-CN": "{} 的回复即将发送。", "en-GB": "The reply on {} is sent in a moment."}
LATE = {"zh-CN": "已经发送，无法撤回。", "en-GB": "It had been sent already."}


async def said(desk: Desk, ticket: str) -> list[str]:
    return [one["text"] for one in (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}"))["messages"]]


async def kept(desk: Desk, ticket: str) -> dict[str, str]:
    found = (await desk.do("a-lin", "GET", f"v1/tickets/{ticket}/drafts"))["items"]
    return {one["audience"]: one["text"] for one in found if one["text"]}


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_drafts_outlive_everything_and_stay_in_their_own_box(
    desk: Desk, screens: Screens, language: Language
) -> None:
    screens.expected.add(412)  # of what was pushed twice about a reload: the page reads the desk's, and goes on
    for n in range(2):
        await open_ticket(desk, f"草稿测试 {language} {n}")
    page = await screens.open("a-lin", f"/queue?find=草稿测试 {language}", language)
    await expect(page.locator(ROWS)).to_have_count(2)
    one, other = await page.locator(ROWS).evaluate_all("rows => rows.map(row => row.dataset.ticket)")
    await page.locator(f"[data-ticket={one}] a").click()
    await page.locator(BOX).fill("给甲的回复")
    await page.locator(NOTE).click()
    await expect(page.locator(BOX)).to_have_value("")
    await page.locator(BOX).fill("关于甲的备注")
    await page.keyboard.press("Escape")
    await page.keyboard.press("j")
    await expect(page).to_have_url(f"{screens.url}/console/tickets/{other}")
    await expect(page.locator(BOX)).to_have_value("")
    await page.locator(BOX).fill("给乙的回复")
    await page.reload()
    await expect(page.locator(BOX)).to_have_value("给乙的回复")
    await expect(page.locator(".composer [role=status]")).to_have_text(KEPT[language])

    await page.context.set_offline(True)
    await page.locator(BOX).fill("给乙的回复，断网时又写了一句")
    await page.context.set_offline(False)
    await expect(page.locator(".composer [role=status]")).to_have_text(KEPT[language])

    after = await page.context.new_page()  # what it was typed in is gone without a goodbye
    with suppress(Error):
        await page.goto("chrome://crash")
    for ticket, reply, note in ((one, "给甲的回复", "关于甲的备注"), (other, "给乙的回复，断网时又写了一句", "")):
        await after.goto(f"{screens.url}/console/tickets/{ticket}")
        await expect(after.locator(BOX)).to_have_value(reply)
        await after.locator(NOTE).click()
        await expect(after.locator(BOX)).to_have_value(note)

    async def are_kept() -> bool:
        first = {"reply": "给甲的回复", "note": "关于甲的备注"}
        second = {"reply": "给乙的回复，断网时又写了一句"}
        return [await kept(desk, one), await kept(desk, other)] == [first, second]

    assert await eventually(are_kept)
    elsewhere = await screens.open("a-lin", f"/tickets/{one}", language)  # another browser of the same person
    await expect(elsewhere.locator(BOX)).to_have_value("给甲的回复")
    colleague = await screens.open("e-chen", f"/tickets/{one}", language)
    await expect(colleague.locator(".light")).to_have_attribute("data-light", "live")
    await expect(colleague.locator(BOX)).to_have_value("")
    await elsewhere.goto(f"{screens.url}/console/queue?find=草稿测试 {language}")
    for ticket in (one, other):
        await expect(elsewhere.locator(f"[data-ticket={ticket}] .chip", has_text="✎")).to_be_visible()

    await after.goto(f"{screens.url}/console/tickets/{one}")
    await expect(after.locator(BOX)).to_have_value("给甲的回复")
    await after.locator(SEND).click()
    await expect(after.locator(".said.ours .text")).to_have_text("给甲的回复")
    await expect(after.locator(BOX)).to_have_value("")

    async def cleared() -> bool:
        return "reply" not in await kept(desk, one)

    assert await eventually(cleared)
    await elsewhere.goto(f"{screens.url}/console/tickets/{one}")
    await expect(elsewhere.locator(".said.ours .text")).to_have_text("给甲的回复")
    await expect(elsewhere.locator(BOX)).to_have_value("")
    await elsewhere.locator(NOTE).click()
    await expect(elsewhere.locator(BOX)).to_have_value("关于甲的备注")
    assert await said(desk, one) == ["给甲的回复"]
    screens.forgive("net::ERR_INTERNET_DISCONNECTED", "net::ERR_NETWORK")


async def test_what_two_devices_typed_is_asked_about_and_neither_is_lost(desk: Desk, screens: Screens) -> None:
    screens.expected.add(412)
    ticket = await open_ticket(desk, "两台设备测试")
    page = await screens.open("a-lin", f"/tickets/{ticket}")
    await page.locator(BOX).fill("电脑上写的")
    await expect(page.locator(".composer [role=status]")).to_have_text(KEPT["zh-CN"])

    async def be_second(route: Route) -> None:
        """What was typed here comes to the desk after what was typed there."""
        await desk.do("a-lin", "PUT", f"v1/tickets/{ticket}/drafts/reply", {"text": "手机上写的"})
        await route.continue_()

    await page.route("**/drafts/reply", be_second, times=1)
    await page.locator(BOX).fill("电脑上写的，又加了一句")
    asked = page.locator(".composer .warning")
    await expect(asked).to_contain_text("手机上写的")
    await expect(page.locator(BOX)).to_have_value("电脑上写的，又加了一句")
    await asked.get_by_role("button", name="保留此处内容").click()
    await expect(page.locator(".composer [role=status]")).to_have_text(KEPT["zh-CN"])
    assert await kept(desk, ticket) == {"reply": "电脑上写的，又加了一句"}


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_a_reply_can_be_taken_back_and_goes_out_once_without_a_page(
    desk: Desk, screens: Screens, language: Language
) -> None:
    ticket = await open_ticket(desk, f"撤回测试 {language}")
    page = await screens.open("a-lin", f"/tickets/{ticket}", language, holds=True)
    await page.locator(BOX).fill("发错了")
    await page.locator(SEND).click()
    toast = page.locator(".toast")
    await expect(toast).to_contain_text(LEAVES[language].format(ticket))
    await expect(page.locator(BOX)).to_have_value("")
    await expect(page.locator(".said.pending .held")).to_have_text("发错了")
    await page.keyboard.press("Escape")
    await page.keyboard.press("z")
    await expect(page.locator(BOX)).to_have_value("发错了")
    assert await said(desk, ticket) == []
    await expect(page.locator(".composer.reply")).to_be_visible()  # in the mode in which it was sent
    await expect(toast).to_have_count(0)

    await page.locator(BOX).fill("请安装补丁")
    await page.locator(SEND).click()
    await expect(toast).to_be_visible()
    await page.get_by_role("link", name={"zh-CN": "队列", "en-GB": "Queue"}[language]).first.click()
    await expect(toast).to_be_visible()  # it goes along
    await page.close()  # nobody is there any more

    async def arrived() -> list[str]:
        return await said(desk, ticket)

    assert await eventually(arrived) == ["请安装补丁"]  # and what was taken back before it never
    page = await screens.open("a-lin", f"/tickets/{ticket}", language, holds=True)
    await expect(page.locator(".said.ours .text")).to_have_text("请安装补丁")
    await expect(page.locator(BOX)).to_have_value("")
    await page.locator(NOTE).click()
    await page.locator(BOX).fill("仅内部")
    await page.locator(SEND).click()
    await expect(page.locator(".said.internal .text")).to_have_text("仅内部")  # notes need no time to think again
    assert await said(desk, ticket) == ["请安装补丁", "仅内部"]


async def test_too_late_says_so_and_keeps_what_was_sent(desk: Desk, screens: Screens) -> None:
    screens.expected.add(409)
    ticket = await open_ticket(desk, "撤回太晚测试")
    page = await screens.open("a-lin", f"/tickets/{ticket}", holds=True)
    await page.locator(BOX).fill("请安装补丁")
    await page.locator(SEND).click()

    async def be_second(route: Route) -> None:
        """Another browser of the same person has taken it back a moment before."""
        await desk.do("a-lin", "DELETE", f"v1/tickets/{ticket}/drafts/reply/sending")
        await route.continue_()

    await page.route("**/drafts/reply/sending", be_second, times=1)
    await page.locator(".toast button").click()
    await expect(page.locator(".toast")).to_have_text(LATE["zh-CN"])
    assert await said(desk, ticket) == []
    assert await kept(desk, ticket) == {"reply": "请安装补丁"}
