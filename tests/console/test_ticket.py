"""One ticket: who reads what one writes, drafts, who else is there, and what somebody else changed meanwhile."""

import pytest
from playwright.async_api import Page, Route, expect

from tests.console.screen import Screens
from tests.console.tickets import open_ticket
from tests.live.desk import Desk

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]


def field(page: Page) -> str:
    return ".composer textarea"


async def test_to_whom_one_writes_is_unmistakable(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "受众测试")
    page = await screens.open("a-lin", f"/tickets/{ticket}")
    await expect(page.locator(".composer")).to_have_attribute("aria-label", "发送给：王芳，渠道：线上工单")
    await page.locator(field(page)).fill("请先升级到 V3.2.1")
    await page.get_by_role("button", name="发送回复").click()
    await expect(page.locator(".said.ours .text")).to_have_text("请先升级到 V3.2.1")
    await page.get_by_role("button", name="内部备注").click()
    await expect(page.locator(".composer.note")).to_have_attribute("aria-label", "内部备注：客户永远看不到")
    await page.locator(field(page)).fill("客户以前投诉过")
    await page.get_by_role("button", name="添加备注").click()
    await expect(page.locator(".said.internal .text")).to_have_text("客户以前投诉过")
    await expect(page.locator(".said.internal .label")).to_contain_text("仅内部可见")
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
    await page.keyboard.press(sends)
    await expect(page.locator(".said.ours .text")).to_have_text("你好")
    assert len(sent) == 1


async def test_drafts_outlive_everything_and_stay_in_their_own_box(desk: Desk, screens: Screens) -> None:
    one, other = await open_ticket(desk, "草稿测试 甲"), await open_ticket(desk, "草稿测试 乙")
    page = await screens.open("a-lin", f"/tickets/{one}")
    await page.locator(field(page)).fill("给甲的回复")
    await page.get_by_role("button", name="内部备注").click()
    await expect(page.locator(field(page))).to_have_value("")
    await page.locator(field(page)).fill("关于甲的备注")
    await page.goto(f"{screens.url}/console/tickets/{other}")
    await expect(page.locator(field(page))).to_have_value("")
    await page.locator(field(page)).fill("给乙的回复")
    await page.reload()
    await expect(page.locator(field(page))).to_have_value("给乙的回复")
    crashed = await page.context.new_page()
    await page.close()
    page = crashed
    await page.goto(f"{screens.url}/console/tickets/{one}")
    await expect(page.locator(field(page))).to_have_value("给甲的回复")
    await page.get_by_role("button", name="内部备注").click()
    await expect(page.locator(field(page))).to_have_value("关于甲的备注")
    await page.goto(f"{screens.url}/console/queue?find=草稿测试")
    await expect(page.locator(f"[data-ticket={one}]").locator(".chip", has_text="草稿")).to_be_visible()
    await page.goto(f"{screens.url}/console/tickets/{one}")
    await page.get_by_role("button", name="发送回复").click()
    await expect(page.locator(".said.ours .text")).to_have_text("给甲的回复")
    await page.reload()
    await expect(page.locator(field(page))).to_have_value("")


async def test_what_could_not_be_sent_is_kept_and_sent_once(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "断线测试")
    page = await screens.open("a-lin", f"/tickets/{ticket}")
    keys: list[str] = []

    async def lose(route: Route) -> None:
        """The desk takes it, and the answer is lost on its way back."""
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/messages", lose)
    await page.locator(field(page)).fill("补丁已发布")
    await page.get_by_role("button", name="发送回复").click()
    await expect(page.locator(".composer .bad")).to_contain_text("只会发送一次")
    await expect(page.locator(field(page))).to_have_value("补丁已发布")
    await page.get_by_role("button", name="重试").click()
    await expect(page.locator(field(page))).to_have_value("")
    said = (await desk.do("a-lin", "GET", f"v1/tickets/{ticket}"))["messages"]
    assert [one["text"] for one in said] == ["补丁已发布"]
    assert len(set(keys)) == 1
    screens.faults[:] = [one for one in screens.faults if "net::ERR_FAILED" not in one]


async def test_who_else_is_here_is_seen_and_gone_again(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "在线测试")
    lin = await screens.open("a-lin", f"/tickets/{ticket}")
    chen = await screens.open("e-chen", f"/tickets/{ticket}")
    await expect(lin.locator(".here .viewing")).to_have_attribute("title", "陈刚 正在查看")
    await chen.locator(field(chen)).fill("我来回复")
    await expect(lin.locator(".here .working")).to_contain_text("陈刚 正在回复")
    await chen.goto(f"{screens.url}/console/queue")
    await expect(lin.locator(".here li")).to_have_count(0)


async def test_what_somebody_else_decided_meanwhile_is_never_overwritten_unseen(desk: Desk, screens: Screens) -> None:
    screens.expected.add(412)
    ticket = await open_ticket(desk, "冲突测试")
    page = await screens.open("l-qian", f"/tickets/{ticket}")
    await page.locator(field(page)).fill("写到一半")
    await page.get_by_role("button", name="修改或确认").click()
    await page.get_by_label("优先级").select_option("high")
    await page.get_by_label("原因").fill("影响多个部门")
    # The form was filled from what was then; the desk must not tell the page before it is sent.
    await page.route("**/work", lambda route: route.abort())
    decided = {"category": "data", "priority": "urgent", "reason": "数据丢失"}
    await desk.do("l-qian", "POST", f"v1/tickets/{ticket}/work/classification", decided)
    await page.unroute("**/work")
    await page.get_by_role("button", name="保存").click()
    asked = page.get_by_role("dialog", name="他人已修改")
    await expect(asked).to_contain_text("数据类 · 紧急")
    assert (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work"))["priority"] == "urgent"
    await asked.get_by_role("button", name="采用对方的").click()
    await expect(page.locator(".facts-side .priority.urgent")).to_be_visible()
    await expect(page.locator(field(page))).to_have_value("写到一半")
    screens.faults[:] = [one for one in screens.faults if "net::ERR_FAILED" not in one]


async def test_what_was_chosen_shows_at_once_and_goes_back_when_it_is_refused(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "分派测试")
    page = await screens.open("l-qian", f"/tickets/{ticket}")
    before = await page.locator("[data-assignee]").inner_text()
    held: list[Route] = []
    await page.route("**/work/assignment", lambda route: held.append(route))
    await page.get_by_role("button", name="分派").first.click()
    await page.get_by_role("option", name="周敏").click()
    await page.get_by_label("分派原因").fill("熟悉导出模块")
    await page.get_by_role("dialog").get_by_role("button", name="分派").click()
    await expect(page.locator("[data-assignee]")).to_have_text("周敏")
    refusal = {"code": "conflict", "title": "冲突", "detail": "已达上限", "status": 409}
    screens.expected.add(409)
    await held[0].fulfill(status=409, json=refusal, content_type="application/problem+json")
    await expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("未分派：已达上限")
    await expect(page.locator("[data-assignee]")).to_have_text(before)
    await page.unroute("**/work/assignment")
    await page.get_by_role("dialog").get_by_role("button", name="分派").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator("[data-assignee]")).to_have_text("周敏")
    assert (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work"))["assignee"] == "e-zhou"


async def test_a_clock_explains_itself_and_its_segments_are_what_it_counted(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "时限测试")
    await desk.do("a-lin", "POST", f"v1/tickets/{ticket}/messages", {"text": "已收到"})
    page = await screens.open("a-lin", f"/tickets/{ticket}")
    met = page.locator("[data-clock=response] .chip")
    await expect(met).to_have_attribute("data-look", "met")
    await expect(met).to_have_attribute("aria-label", "响应: 已达成")
    await page.get_by_role("button", name="说明: 响应").click()
    parts = await page.locator("[data-seconds]").evaluate_all("all => all.map(one => Number(one.dataset.seconds))")
    total = await page.locator("[data-sum]").evaluate("one => Number(one.dataset.sum)")
    assert abs(sum(parts) - total) < 1


async def test_clocks_go_by_the_desk_not_by_the_browsers_own(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "时钟测试")
    right = await screens.open("a-lin", f"/tickets/{ticket}")
    context = await screens.context()
    await context.clock.install()
    wrong = await context.new_page()
    await wrong.clock.fast_forward("01:00:00")
    await wrong.goto(f"{screens.url}/console/tickets/{ticket}")
    await wrong.locator('a[href*="as=a-lin"]').click()
    chip = "[data-clock=response] .chip"  # which nothing pauses
    await expect(wrong.locator(chip)).to_have_attribute("data-look", "running")
    hours = [(await page.locator(chip).inner_text()).partition("小时")[0] for page in (right, wrong)]
    assert hours[0] == hours[1]
