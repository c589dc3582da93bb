"""The tabs of a ticket beside conversation and work: consultation, logs, links."""

import pytest
from playwright.async_api import expect

from tests.console.screen import Screens, violations, width_of
from tests.console.tickets import open_ticket
from tests.live.desk import Desk, eventually

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]
LINES = 400_000  # more than is read while somebody waits
TRACE = """2026-03-02 10:00:01 ERROR export failed
java.lang.OutOfMemoryError: Java heap space
\tat com.bihuan.export.Sheet.rows(Sheet.java:88)
2026-03-02 10:05:07 ERROR export failed
java.lang.OutOfMemoryError: Java heap space
\tat com.bihuan.export.Sheet.rows(Sheet.java:88)"""


async def assigned(desk: Desk, title: str) -> str:
    ticket = await open_ticket(desk, title)
    await desk.do("l-qian", "POST", f"v1/tickets/{ticket}/work/assignment", {"engineer": "e-chen", "reason": "熟悉"})
    return ticket


async def test_experts_are_invited_conclude_and_act(desk: Desk, screens: Screens) -> None:
    ticket = await assigned(desk, "会诊测试")
    asking = await screens.open("e-chen", f"/tickets/{ticket}?tab=consultation", width=390, height=844)
    await expect(asking.get_by_text("尚未进行过会诊")).to_be_visible()
    assert await width_of(asking) == 390
    await asking.get_by_role("button", name="申请会诊").click()
    await asking.get_by_role("form", name="申请会诊").get_by_label("原因").fill("无法复现")
    await asking.get_by_role("form", name="申请会诊").get_by_role("button", name="申请会诊").click()
    await expect(asking.get_by_role("region", name="第 1 次会诊")).to_contain_text("无法复现")
    page = await screens.open("l-qian", f"/tickets/{ticket}?tab=consultation")
    await page.get_by_role("button", name="邀请专家").click()
    form = page.get_by_role("form", name="邀请专家")
    await form.get_by_label("卡点").fill("日志中没有错误")
    await form.get_by_label("姓名").fill("高伟")
    await form.get_by_label("邮箱").fill("gao@desk.example")
    await form.get_by_label("无需邮件的专家，以逗号分隔").fill("数据库组")
    await form.get_by_label("开始时间").fill("2099-01-05T10:00")
    await form.get_by_label("结束时间").fill("2099-01-05T11:00")
    assert await violations(page) == []
    await form.get_by_role("button", name="邀请专家").click()
    held = page.get_by_role("region", name="第 1 次会诊")
    await expect(held.get_by_role("listitem").filter(has_text="高伟")).to_contain_text("未答复")
    await page.get_by_role("button", name="结束会诊").click()
    form = page.get_by_role("form", name="结束会诊")
    await form.get_by_label("会诊结论").fill("升级驱动")
    await form.get_by_role("button", name="添加一行：行动项").click()
    await form.get_by_label("行动内容").fill("回归测试")
    await form.get_by_label("负责人").fill("e-chen")
    await form.get_by_label("截止时间").fill("2099-01-06T18:00")
    await form.get_by_role("button", name="结束会诊").click()
    await expect(held.locator(".chip").first).to_contain_text("已结束")
    await asking.get_by_role("button", name="完成：回归测试").click()  # told by the stream
    await asking.get_by_label("完成结果").fill("全部通过")
    await asking.get_by_role("form").get_by_role("button", name="完成：回归测试").click()
    await expect(held.locator("[data-action]")).to_contain_text("全部通过")
    one = (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work"))["consultations"][0]
    assert [one["email"] for one in one["invitees"]] == ["gao@desk.example"]
    assert (one["invited"], one["appointment"]["starts_at"]) == (["数据库组", "高伟"], "2099-01-05T02:00:00Z")
    assert [(of["owner"], of["done_by"], of["result"]) for of in one["actions"]] == [("e-chen", "e-chen", "全部通过")]


async def test_a_log_is_read_and_its_errors_counted(desk: Desk, screens: Screens) -> None:
    ticket = await assigned(desk, "日志测试")
    page = await screens.open("e-chen", f"/tickets/{ticket}?tab=logs", "en-GB", "dark")
    await page.get_by_role("button", name="Analyse a log").click()
    form = page.get_by_role("form", name="Analyse a log")
    await form.get_by_label("Lines of the log, pasted").fill(TRACE)
    await form.get_by_role("button", name="Analyse a log").click()
    row = page.locator("[data-analysis] tbody tr").first
    await expect(row.get_by_role("rowheader")).to_contain_text("OutOfMemoryError")
    await expect(row.get_by_role("cell").first).to_have_text("2")
    assert await violations(page) == []


async def test_a_file_that_takes_long_is_read_in_the_background(desk: Desk, screens: Screens) -> None:
    ticket = await assigned(desk, "附件日志测试")
    content = (TRACE + "\n" + "10:00:00 INFO heartbeat\n" * LINES).encode()
    await desk.do("u-wang", "POST", f"v1/tickets/{ticket}/attachments", files={"file": ("app.log", content)})
    page = await screens.open("e-chen", f"/tickets/{ticket}?tab=logs")
    await page.get_by_role("button", name="分析日志").click()
    form = page.get_by_role("form", name="分析日志")
    await form.get_by_label("app.log").check()
    await form.get_by_role("button", name="分析日志").click()
    row = page.locator("[data-analysis] tbody tr").first
    await expect(row.get_by_role("rowheader")).to_contain_text("OutOfMemoryError", timeout=150_000)
    await expect(page.locator("[data-analysis]")).to_contain_text(f"{LINES} × heartbeat")
    assert len((await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work"))["log_analyses"]) == 1


async def test_tickets_are_linked_merged_parted_again_and_split(desk: Desk, screens: Screens) -> None:
    first, second = await open_ticket(desk, "保留的工单"), await open_ticket(desk, "重复的工单")
    await desk.do("u-wang", "POST", f"v1/tickets/{second}/messages", {"text": "另外，打印也不行"})
    page = await screens.open("a-lin", f"/tickets/{second}?tab=links")
    await page.get_by_role("button", name="关联其他工单").click()
    form = page.get_by_role("form", name="关联其他工单")
    await form.get_by_label("此工单").select_option("caused_by")
    await form.get_by_label("对方工单号").fill(first)
    await form.get_by_label("原因").fill("同一补丁")
    await form.get_by_role("button", name="关联其他工单").click()
    await expect(page.locator("[data-relation=caused_by]")).to_contain_text(first)
    await page.get_by_role("button", name="拆分会话").click()
    form = page.get_by_role("form", name="拆分会话")
    await form.get_by_label("新工单标题").fill("无法打印")
    await form.get_by_label("打印也不行").check()
    await form.get_by_label("原因").fill("两个问题")
    await form.get_by_role("button", name="拆分会话").click()
    await expect(page.get_by_text("新工单为")).to_be_visible()
    await page.get_by_role("button", name="并入其他工单").click()
    form = page.get_by_role("form", name="并入其他工单")
    await form.get_by_label("保留的工单号").fill(first)
    await form.get_by_label("原因").fill("重复提交")
    assert await violations(page) == []
    await form.get_by_role("button", name="并入其他工单").click()
    await page.get_by_role("button", name="撤销合并").click()
    assert (await desk.do("a-lin", "GET", f"v1/tickets/{second}"))["merged_into"] == first
    form = page.get_by_role("form", name="撤销合并")
    await form.get_by_label("原因").fill("并非重复")
    await form.get_by_role("button", name="撤销合并").click()
    await expect(page.locator(".work", has_text="由 林晓 撤销：并非重复")).to_be_visible()
    seen = await desk.do("a-lin", "GET", f"v1/tickets/{second}")
    assert (seen["merged_into"], [one["undone_by"] for one in seen["merges"]]) == ("", ["a-lin"])


async def test_a_trace_shows_what_led_to_what(desk: Desk, screens: Screens) -> None:
    ticket = await assigned(desk, "因果链测试")
    page = await screens.open("l-qian", f"/tickets/{ticket}?tab=trace")
    chain = page.locator(".trace details", has_text="分派").first
    await expect(chain).to_be_visible()
    if await chain.get_attribute("open") is None:
        await chain.locator("summary").click()

    async def led() -> bool:  # services answered events of others
        entries = await desk.all("l-qian", f"v1/tickets/{ticket}/timeline")
        return not {one["id"] for one in entries}.isdisjoint(one["cause"] for one in entries)

    assert await eventually(led)
    await expect(page.locator(".trace [data-depth='1']").first).to_be_attached()
    assert await violations(page) == []
