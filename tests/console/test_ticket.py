"""One ticket: who reads what one writes, drafts, who else is there, and what somebody else changed meanwhile."""

import asyncio
import json

import pytest
from playwright.async_api import Page, Route, expect

from tests.console.ime import compose
from tests.console.screen import Language, Screens
from tests.console.tickets import open_ticket
from tests.live.desk import Desk

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]


CONFLICT = {
    "zh-CN": ("修改或确认", "原因", "他人已修改", "采用对方的", "保留我的", "数据类 · 紧急"),
    "en-GB": (
        "Change or confirm",
        "Reason",
        "Somebody else changed this meanwhile",
        "Take theirs",
        "Keep mine",
        "data · urgent",
    ),
}


AUDIENCE = {
    "zh-CN": ("发送给：王芳，渠道：线上工单", "内部备注：客户永远看不到", "发送回复", "添加备注", "仅内部可见"),
    "en-GB": (
        "To: 王芳, by the online ticket system",
        "Internal note: no customer ever sees it",
        "Send reply",
        "Add note",
        "only staff see it",
    ),
}
WRITING = {"zh-CN": "继续编辑", "en-GB": "Go on writing"}
LOST = {"zh-CN": "只会发送一次", "en-GB": "It is sent once"}
LEASE_OVER = 90_000  # ms; leases last half a minute
HERE = {"zh-CN": ("{} 正在查看", "{} 正在回复"), "en-GB": ("{} is viewing", "{} is replying")}


def field(page: Page) -> str:
    return ".composer textarea"


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_to_whom_one_writes_is_unmistakable(desk: Desk, screens: Screens, language: Language) -> None:
    to, nobody, send, add, inside = AUDIENCE[language]
    ticket = await open_ticket(desk, f"受众测试 {language}")
    page = await screens.open("a-lin", f"/tickets/{ticket}", language)
    composer, button = page.locator(".composer"), page.locator(".composer .button.main")
    await expect(composer).to_have_attribute("aria-label", to)
    await expect(button).to_have_text(send)
    await page.locator(field(page)).fill("请先升级到 V3.2.1")
    await button.click()
    await expect(page.locator(".said.ours .text")).to_have_text("请先升级到 V3.2.1")
    await page.locator(".composer .segment").nth(1).click()
    await expect(page.locator(".composer.note")).to_have_attribute("aria-label", nobody)
    await expect(button).to_have_text(add)
    stripes = await composer.evaluate("one => getComputedStyle(one).backgroundImage")
    assert "repeating-linear-gradient" in stripes
    await page.locator(field(page)).fill("客户以前投诉过")
    await button.click()
    await expect(page.locator(".said.internal .text")).to_have_text("客户以前投诉过")
    await expect(page.locator(".said.internal .label")).to_contain_text(inside)
    for path in (f"v1/tickets/{ticket}", f"v1/tickets/{ticket}/timeline"):
        assert "客户以前投诉过" not in json.dumps(await desk.do("u-wang", "GET", path), ensure_ascii=False)
    seen = await desk.do("u-wang", "GET", f"v1/tickets/{ticket}")
    assert [one["text"] for one in seen["messages"]] == ["请先升级到 V3.2.1"]


@pytest.mark.parametrize("sends", ["Enter", "Control+Enter"])
async def test_the_enter_that_takes_a_candidate_sends_nothing(desk: Desk, screens: Screens, sends: str) -> None:
    ticket = await open_ticket(desk, f"输入法测试 {sends}")
    page = await screens.open("a-lin", f"/tickets/{ticket}")
    if sends == "Enter":
        await page.get_by_role("button", name="设置").click()
        await page.get_by_label("按 Enter 发送").check()
        await page.get_by_role("button", name="关闭").click()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/messages") else None)
    await page.locator(field(page)).focus()
    wire = await page.context.new_cdp_session(page)
    await wire.send("Input.imeSetComposition", {"text": "nihao", "selectionStart": 5, "selectionEnd": 5})
    for code in (229, 13):
        press = {"type": "rawKeyDown", "key": "Process" if code == 229 else "Enter", "windowsVirtualKeyCode": code}
        await wire.send("Input.dispatchKeyEvent", {**press, "modifiers": 2 if sends != "Enter" else 0})
    await page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', "
        "{key: 'Escape', isComposing: true, bubbles: true, cancelable: true}))"
    )
    await wire.send("Input.insertText", {"text": "你好"})
    await expect(page.locator(field(page))).to_have_value("你好")
    assert sent == []
    async with page.expect_response("**/messages"):
        await page.keyboard.press(sends)
    await expect(page.locator(".said.ours .text")).to_have_text("你好")
    assert len(sent) == 1


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_an_input_method_closes_and_chooses_nothing_anywhere(
    desk: Desk, screens: Screens, language: Language
) -> None:
    ticket = await open_ticket(desk, f"输入法各处测试 {language}")
    page = await screens.open("l-qian", f"/tickets/{ticket}", language)
    await expect(page.locator(".composer")).to_be_visible()
    writes: list[str] = []  # a page that has just been opened may yet search
    page.on(
        "request",
        lambda one: writes.append(one.url) if one.method == "POST" and not one.url.endswith("-searches") else None,
    )
    combobox, finder = page.get_by_role("dialog").get_by_role("combobox"), page.locator("form[role=search] input")
    for key, place in (("Control+k", combobox), ("a", combobox), ("/", finder)):
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await page.keyboard.press(key)
        await expect(place).to_be_focused()
        address = page.url
        await compose(page)
        assert (page.url, writes) == (address, [])
        await expect(place).to_have_value("你好")  # it is still there, and nothing was chosen in it
        await page.keyboard.press("Escape")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("holds", [False, True], ids=["at-once", "held"])
async def test_what_could_not_be_sent_is_kept_and_sent_once(
    desk: Desk, screens: Screens, language: Language, holds: bool
) -> None:
    screens.expected |= {409, 412}  # of the draft, while the page does not know yet that the desk has it all
    ticket = await open_ticket(desk, f"断线测试 {language} {holds}")
    page = await screens.open("a-lin", f"/tickets/{ticket}", language, holds=holds)
    keys: list[str] = []
    is_back = asyncio.Event()

    async def lose(route: Route) -> None:
        """The desk takes it, and the answer is lost on its way back; then nothing comes through for a while."""
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            await route.fetch()
            await route.abort()
        else:
            await is_back.wait()
            await route.continue_()

    await page.route("**/drafts/reply/sending" if holds else "**/messages", lose)
    await page.locator(field(page)).fill("补丁已发布")
    await page.locator(".composer .button.main").click()
    await expect(page.locator(".composer .bad")).to_contain_text(LOST[language])
    await expect(page.locator(field(page))).to_have_value("补丁已发布")
    is_back.set()
    await expect(page.locator(field(page))).to_have_value("")
    await expect(page.locator(".said.ours .text")).to_have_text("补丁已发布")
    assert len(set(keys)) == 1
    expected = ["补丁已发布"]
    if not holds:  # written without a network: it goes out when there is one, unless one takes it back to go on writing
        await page.context.set_offline(True)
        await page.locator(field(page)).fill("断网时写的")
        await page.locator(".composer .button.main").click()
        await expect(page.locator(".composer .bad")).to_contain_text(LOST[language])
        await page.get_by_role("button", name=WRITING[language]).click()
        await page.locator(field(page)).fill("断网时改过的")
        await page.locator(".composer .button.main").click()
        await expect(page.locator(".composer .bad")).to_contain_text(LOST[language])
        await page.context.set_offline(False)
        expected.append("断网时改过的")
        await expect(page.locator(".said.ours .text")).to_have_text(expected)
    said = (await desk.do("a-lin", "GET", f"v1/tickets/{ticket}"))["messages"]
    assert [one["text"] for one in said] == expected
    screens.forgive("net::ERR_")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_who_else_is_here_is_seen_and_gone_again(desk: Desk, screens: Screens, language: Language) -> None:
    viewing, working = HERE[language]
    ticket = await open_ticket(desk, f"在线测试 {language}")
    queue = await screens.open("l-qian", f"/queue?find=在线测试 {language}", language)
    await expect(queue.locator(f"[data-ticket={ticket}]")).to_be_visible()
    await expect(queue.locator(f"[data-ticket={ticket}] .people")).to_have_count(0)
    lin = await screens.open("a-lin", f"/tickets/{ticket}", language)
    chen = await screens.open("e-chen", f"/tickets/{ticket}", language)
    await expect(lin.locator(".here .viewing")).to_have_attribute("title", viewing.format("陈刚"))
    await expect(queue.locator(f"[data-ticket={ticket}] .people")).to_contain_text(viewing.format("陈刚"))
    await chen.locator(field(chen)).fill("我来回复")
    await expect(lin.locator(".here .working")).to_contain_text(working.format("陈刚"))
    await expect(queue.locator(f"[data-ticket={ticket}] .people")).to_contain_text(working.format("陈刚"))
    await chen.goto(f"{screens.url}/console/queue")
    await expect(lin.locator(".here li")).to_have_count(0)
    await expect(queue.locator(f"[data-ticket={ticket}] .people")).to_have_text(f"◉{viewing.format('林晓')}")


async def test_who_went_without_a_goodbye_is_gone_when_their_lease_is_over(desk: Desk, screens: Screens) -> None:
    screens.forgive("net::ERR_")
    ticket = await open_ticket(desk, "掉线测试")
    queue = await screens.open("l-qian", "/queue?find=掉线测试")
    lin = await screens.open("a-lin", f"/tickets/{ticket}")
    chen = await screens.open("e-chen", f"/tickets/{ticket}")
    people = queue.locator(f"[data-ticket={ticket}] .people")
    await chen.locator(field(chen)).fill("写到一半")
    await expect(lin.locator(".here .working")).to_be_visible()
    await expect(people).to_contain_text("陈刚")
    await chen.context.set_offline(True)  # their line is cut, then their browser ends: nobody tells the desk
    await chen.context.close()
    await expect(lin.locator(".here li")).to_have_count(0, timeout=LEASE_OVER)
    await expect(people).not_to_contain_text("陈刚", timeout=LEASE_OVER)
    await expect(people).to_contain_text("林晓")  # whoever is still there, still is


async def decides_meanwhile(desk: Desk, page: Page, ticket: str, category: str, reason: str) -> None:
    """That it is urgent. The form was filled from what was then; the desk must not tell the page before it is sent."""
    await page.route("**/work", lambda route: route.abort())
    decided = {"category": category, "priority": "urgent", "reason": reason}
    await desk.do("l-qian", "POST", f"v1/tickets/{ticket}/work/classification", decided)
    await page.unroute("**/work")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_what_somebody_else_decided_meanwhile_is_never_overwritten_unseen(
    desk: Desk, screens: Screens, language: Language
) -> None:
    screens.expected.add(412)
    ticket = await open_ticket(desk, f"冲突测试 {language}")
    before = await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work")
    page = await screens.open("l-qian", f"/tickets/{ticket}", language)
    await page.locator(field(page)).fill("写到一半")
    say = dict(zip(("edit", "reason", "conflict", "theirs", "mine", "now"), CONFLICT[language], strict=True))
    classify = page.locator(".facts-side form")
    await page.get_by_role("button", name=say["edit"]).click()
    mine = "normal" if before["priority"] == "high" else "high"
    await classify.locator("select").nth(1).select_option(mine)
    await classify.get_by_label(say["reason"]).fill("影响多个部门")
    await decides_meanwhile(desk, page, ticket, "data", "数据丢失")
    await classify.locator(".button.main").click()
    asked = page.get_by_role("dialog", name=say["conflict"])
    await expect(asked).to_contain_text(say["now"])
    assert (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work"))["priority"] == "urgent"
    await asked.get_by_role("button", name=say["theirs"]).click()
    await expect(page.locator(".facts-side .priority.urgent")).to_be_visible()
    await expect(page.locator(field(page))).to_have_value("写到一半")

    # Different things: both hold, and nobody is asked.
    await page.get_by_role("button", name=say["edit"]).click()
    await classify.locator("select").nth(1).select_option("normal")
    await classify.get_by_label(say["reason"]).fill("只有一人受影响")
    await decides_meanwhile(desk, page, ticket, before["category"], "是功能问题")
    await classify.locator(".button.main").click()
    await expect(page.locator(".facts-side .priority.normal")).to_be_visible()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    now = await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work")
    assert (now["category"], now["priority"]) == (before["category"], "normal")

    # The same thing once more: this time one's own is kept.
    await page.get_by_role("button", name=say["edit"]).click()
    await classify.locator("select").nth(1).select_option("high")
    await classify.get_by_label(say["reason"]).fill("还是影响多个部门")
    await decides_meanwhile(desk, page, ticket, before["category"], "数据丢失")
    await classify.locator(".button.main").click()
    await asked.get_by_role("button", name=say["mine"]).click()
    await expect(page.locator(".facts-side .priority.high")).to_be_visible()
    assert (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work"))["priority"] == "high"
    screens.forgive("net::ERR_FAILED")


async def test_what_was_chosen_shows_at_once_and_goes_back_when_it_is_refused(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "分派测试")
    page = await screens.open("l-qian", f"/tickets/{ticket}")
    before = await page.locator("[data-assignee]").inner_text()
    held: asyncio.Queue[Route] = asyncio.Queue()
    await page.route("**/work/assignment", held.put_nowait)
    await page.get_by_role("button", name="分派").first.click()
    await page.get_by_role("combobox").fill("zm")  # as people are looked for in Chinese: by the letters of pinyin
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.get_by_role("option", name="周敏").click()
    await page.get_by_label("分派原因").fill("熟悉导出模块")
    await page.get_by_role("dialog").get_by_role("button", name="分派").click()
    await expect(page.locator("[data-assignee]")).to_have_text("周敏")
    refusal = {"code": "conflict", "title": "冲突", "detail": "已达上限", "status": 409}
    screens.expected.add(409)
    await (await held.get()).fulfill(status=409, json=refusal, content_type="application/problem+json")
    await expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("未分派：已达上限")
    await expect(page.locator("[data-assignee]")).to_have_text(before)
    await page.unroute("**/work/assignment")
    await page.get_by_role("dialog").get_by_role("button", name="分派").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator("[data-assignee]")).to_have_text("周敏")
    assert (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work"))["assignee"] == "e-zhou"
