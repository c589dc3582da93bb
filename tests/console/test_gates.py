"""Consent and double verification are gates: shut until what they need is there, with the reason beside them, and open
in every page as soon as it is."""

import pytest
from playwright.async_api import Page, expect

from tests.console.screen import Language, Screens
from tests.console.tickets import open_ticket
from tests.live.desk import Desk

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]

REMOTE = {
    "zh-CN": ("开始远程会话", "目的", "客户尚未授权远程协助。", "远程会话进行中"),
    "en-GB": (
        "Start remote session",
        "Purpose",
        "The customer has not consented to remote assistance yet.",
        "Remote session is running",
    ),
}


async def work_of(desk: Desk, screens: Screens, title: str, language: Language = "zh-CN") -> tuple[str, Page]:
    """A ticket that its engineer has before them."""
    ticket = await open_ticket(desk, title)
    await desk.do("l-qian", "POST", f"v1/tickets/{ticket}/work/assignment", {"engineer": "e-chen", "reason": "熟悉"})
    return ticket, await screens.open("e-chen", f"/tickets/{ticket}?tab=work", language)


async def fill(page: Page, title: str, **fields: str) -> None:
    """Open the form that is called so, fill it in, and send it."""
    await page.get_by_role("button", name=title).click()
    form = page.get_by_role("form", name=title)
    for label, value in fields.items():
        await form.get_by_label(label, exact=True).fill(value)
    await form.get_by_role("button", name=title).click()
    await expect(form).to_have_count(0)


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_no_remote_session_without_consent_and_none_after_it_is_revoked(
    desk: Desk, screens: Screens, language: Language
) -> None:
    begin, purpose, why, running = REMOTE[language]
    ticket, page = await work_of(desk, screens, f"远程授权测试 {language}", language)
    other = await screens.open("l-qian", f"/tickets/{ticket}?tab=work", language)  # open all the time
    start = page.get_by_role("button", name=begin)
    await expect(start).to_have_attribute("aria-disabled", "true")
    await expect(start).to_have_accessible_description(why)
    await start.click(force=True)  # as a script would
    await expect(page.get_by_role("form", name=begin)).to_have_count(0)
    session = {"tool": "todesk", "purpose": "绕过页面"}
    await desk.ask("e-chen", "POST", f"v1/tickets/{ticket}/work/remote-sessions", session)
    assert (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work"))["sessions"] == []  # no way round it
    said = {"scope": "远程协助", "words": "同意通过 ToDesk 远程查看"}
    consents = (await desk.do("u-wang", "POST", f"v1/tickets/{ticket}/consents", said))["consents"]
    await expect(start).not_to_have_attribute("aria-disabled", "true")
    await fill(page, begin, **{purpose: "查看导出时的内存"})
    for one in (page, other):
        await expect(one.get_by_text(running)).to_be_visible()
    await desk.do("u-wang", "POST", f"v1/tickets/{ticket}/consents/{consents[-1]['id']}/revocation", {})
    for one in (page, other):
        await expect(one.get_by_text(running)).to_have_count(0)
    await expect(start).to_have_accessible_description(why)


async def test_the_customer_is_asked_only_after_the_desks_own_verification(desk: Desk, screens: Screens) -> None:
    ticket, page = await work_of(desk, screens, "双重验证测试 zq7x")
    propose, verify = (page.get_by_role("button", name=name) for name in ("提出解决方案", "记录内部验证"))
    await expect(verify).to_have_accessible_description("请先提出解决方案。")
    await expect(propose).to_have_accessible_description("请先检索知识库。")
    await fill(page, "检索知识库", **{"检索词；留空则按问题本身检索": "zq7x"})
    await expect(propose).not_to_have_accessible_description("请先检索知识库。")
    known = await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work")
    if not any(one["found"] for one in known["searches"]):
        await fill(page, "开始深度分析", 问题特征="仅在大文件时出现", **{"涉及模块，以逗号分隔": "报表中心"})
    await expect(propose).not_to_have_attribute("aria-disabled", "true")
    await fill(page, "提出解决方案", 解决方案="安装补丁 V3.2.1", 根本原因="一次性读入全部数据")
    await page.get_by_role("button", name="记录内部验证").click()
    form = page.get_by_role("form", name="记录内部验证")
    said = {"测试环境": "Win11", "验证步骤": "导出 12 万行", "预期结果": "全部导出", "实际结果": "全部导出"}
    for label, value in said.items():
        await form.get_by_label(label).fill(value)
    evidence = form.get_by_label("证据（仅内部可见）")
    await evidence.set_input_files({"name": "report.txt", "mimeType": "text/plain", "buffer": b"120000 rows"})
    await form.get_by_role("button", name="记录内部验证").click()
    await expect(page.locator(".stages .here")).to_contain_text("客户验证")
    no = {"accepted": False, "comment": "仍然闪退"}
    await desk.do("u-wang", "POST", f"v1/tickets/{ticket}/verification", no, not_yet=[409])
    await expect(page.locator(".stages .here")).to_contain_text("第 2 轮")
    await expect(page.locator(".work .card", has_text="第 1 轮")).to_contain_text("仍然闪退")
    seen = await desk.do("u-wang", "GET", f"v1/tickets/{ticket}")
    assert [one["name"] for one in seen["attachments"]] == []
