"""What follows when a customer is dissatisfied, and consents that staff write down."""

import pytest
from playwright.async_api import expect

from tests.console.screen import Screens, violations
from tests.console.tickets import open_ticket, solve
from tests.live.desk import Desk

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]


async def test_who_is_dissatisfied_is_called_back_then_a_plan_is_agreed_and_carried_out(
    desk: Desk, screens: Screens
) -> None:
    ticket = await open_ticket(desk, "回访测试")
    await solve(desk, ticket, "dissatisfied", "等了太久")
    cause = await desk.do("admin", "POST", "v1/call-back-causes", {"name_zh": "等待时间过长", "name_en": "Waited long"})
    page = await screens.open("a-lin", f"/tickets/{ticket}?tab=work")
    await expect(page.locator(".work q")).to_have_text("等了太久")
    call, agree, carry_out = (
        page.get_by_role("button", name=name) for name in ("记录回访", "制定二次服务计划", "记录计划执行结果")
    )
    await expect(agree).to_have_accessible_description("请先回访客户。")
    await expect(carry_out).to_have_accessible_description("请先制定二次服务计划。")
    await call.click()
    form = page.get_by_role("form", name="记录回访")
    await form.get_by_label("不满意原因").select_option(cause["id"])
    await form.get_by_label("回访记录").fill("希望每天早上电话沟通")
    assert await violations(page) == []
    await form.get_by_role("button", name="记录回访").click()
    await expect(agree).not_to_have_attribute("aria-disabled", "true")
    await agree.click()
    form = page.get_by_role("form", name="制定二次服务计划")
    await form.get_by_label("二次服务计划").fill("本周每天检查导出")
    await form.get_by_label("负责人").select_option("e-zhou")
    await form.get_by_label("完成期限；留空则为一周后").fill("2099-01-05T18:00")
    await form.get_by_role("button", name="制定二次服务计划").click()
    await carry_out.click()
    form = page.get_by_role("form", name="记录计划执行结果")
    await form.get_by_label("执行结果").fill("一周无异常")
    await form.get_by_role("button", name="记录计划执行结果").click()
    await expect(page.get_by_text("已请客户重新评价。")).to_be_visible()
    seen = await desk.do("l-qian", "GET", f"v1/tickets/{ticket}")
    assert (seen["call_back"]["listed_cause"], seen["call_back"]["by"]) == (cause["id"], "a-lin")
    assert (seen["second_plan_owner"], seen["second_plan_result"]) == ("e-zhou", "一周无异常")
    assert seen["second_plan_due_at"] == "2099-01-05T10:00:00Z"


async def test_staff_write_down_a_consent_in_the_customers_words_and_revoke_it(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "代录授权测试")
    page = await screens.open("a-lin", f"/tickets/{ticket}?tab=work", "en-GB")
    await page.get_by_role("button", name="Record a consent").click()
    form = page.get_by_role("form", name="Record a consent")
    await expect(form.get_by_label("Who gave it")).to_have_value("王芳")
    await form.get_by_label("What is allowed").fill("Remote desktop")
    await form.get_by_label("In the customer's own words").fill("可以远程，今天下午")
    assert await violations(page) == []
    await form.get_by_role("button", name="Record a consent").click()
    await expect(page.locator(".work .card", has_text="可以远程，今天下午")).to_contain_text("recorded by 林晓")
    await page.get_by_role("button", name="Revoke this consent").click()
    revoke = page.get_by_role("form", name="Revoke this consent")
    await revoke.get_by_role("button", name="Revoke this consent").click()
    await expect(page.locator(".work .chip", has_text="revoked")).to_be_visible()
    consents = (await desk.do("l-qian", "GET", f"v1/tickets/{ticket}"))["consents"]
    assert [(one["given_by"], one["recorded_by"], bool(one["revoked_at"])) for one in consents] == [
        ("王芳", "a-lin", True)
    ]
