"""What leads and administrators do here: incidents, reviews, engineers, what did not get through."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.async_api import expect

from deploy.local.stack import Stack
from shared.events import TicketMailBounced
from tests.console.screen import Language, Screens, violations
from tests.console.tickets import make_review, open_ticket, suffer
from tests.live.desk import Desk, Json, eventually
from tests.live.stream import bus

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]


async def test_an_incident_is_confirmed_before_its_customers_hear_of_it(desk: Desk, screens: Screens) -> None:
    incident = await suffer(desk)
    page = await screens.open("l-qian", "/incidents")
    await page.locator(f'a[href$="/incidents/{incident}"]').click()
    tell = page.get_by_role("button", name="发布进展")
    await expect(tell).to_have_accessible_description("请先确认群发故障。")
    await page.get_by_role("button", name="确认为群发故障").click()
    form = page.get_by_role("form", name="确认为群发故障")
    await form.get_by_label("原因").fill("三家客户错误相同")
    await form.get_by_role("button", name="确认为群发故障").click()
    await expect(page.locator("header .chip")).to_contain_text("已确认")
    await tell.click()
    form = page.get_by_role("form", name="发布进展")
    await form.get_by_label("中文").fill("正在修复，预计今天 18 点前完成。")
    await form.get_by_label("英文").fill("A fix is being made; we expect it by 18:00.")
    await form.get_by_role("button", name="发布进展").click()
    await expect(page.locator(".card", has_text="预计今天 18 点前完成")).to_contain_text("已告知客户")
    seen = await desk.do("l-qian", "GET", f"v1/incidents/{incident}")
    assert [(one["internal"], one["text"]["en"][:5]) for one in seen["updates"]] == [(False, "A fix")]
    resolved = {"solution": {"zh": "已修复", "en": "Fixed"}, "root_cause": "内存", "steps": "重试", "result": "成功"}
    await desk.do("l-qian", "POST", f"v1/incidents/{incident}/resolution", resolved)
    await expect(page.locator("header .chip")).to_contain_text("已解决")  # heard of by the stream
    await expect(tell).to_have_count(0)


async def test_a_review_is_read_taken_along_and_published_once(desk: Desk, screens: Screens) -> None:
    ticket = await open_ticket(desk, "复盘测试")
    await desk.insist("l-qian", "GET", f"v1/tickets/{ticket}/clocks", not_yet=[404])  # who counts has heard of it
    review = await make_review(desk)
    page = await screens.open("l-qian", f"/reviews/{review}", "en-GB")
    opened = page.get_by_role("row", name="Tickets opened").get_by_role("cell").first
    told = await desk.do("l-qian", "GET", f"v1/reviews/{review}")
    assert told["content"]["total"]["opened"] > 0
    await expect(opened).to_have_text(str(told["content"]["total"]["opened"]))
    async with page.expect_download() as pending:
        await page.get_by_role("link", name="CSV").click()
    assert (await pending.value).suggested_filename == f"{review}.csv"
    await page.get_by_role("button", name="Publish", exact=True).click()
    await page.get_by_role("button", name="Publish it now").click()
    await expect(page.locator("header .chip")).to_contain_text("published")
    await expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    assert (await desk.do("l-qian", "GET", f"v1/reviews/{review}"))["published_by"] == "l-qian"


async def test_engineers_read_reviews_and_publish_none(desk: Desk, screens: Screens) -> None:
    review = await make_review(desk)
    page = await screens.open("e-chen", f"/reviews/{review}")
    await expect(page.get_by_role("link", name="PDF")).to_be_visible()
    await expect(page.get_by_role("button", name="发布")).to_have_count(0)
    await expect(page.get_by_role("link", name="管理")).to_have_count(0)


async def test_who_is_deactivated_hands_over_their_tickets(desk: Desk, screens: Screens) -> None:
    leaver = f"e-{uuid4().hex[:8]}"
    profile = {"name": "离职测试", "level": "engineer", "language": "zh", "email": f"{leaver}@bihuan.example"}
    await desk.do("l-qian", "PUT", f"v1/engineers/{leaver}", {**profile, "skills": []})
    await desk.do("l-qian", "PUT", f"v1/engineers/{leaver}/availability", {"available": True})
    ticket = await open_ticket(desk, "交接测试")
    await desk.do("l-qian", "POST", f"v1/tickets/{ticket}/work/assignment", {"engineer": leaver, "reason": "测试"})
    page = await screens.open("l-qian", "/admin")
    row = page.locator(f"[data-engineer={leaver}]")
    await row.get_by_role("button", name="设为不可用").click()
    await expect(row.locator(".chip")).to_contain_text("不可用")
    await row.get_by_role("button", name="停用 离职测试").click()
    form = row.get_by_role("form", name="停用 离职测试")
    await form.get_by_label("原因").fill("离职")
    await form.get_by_label("工单移交给").select_option("e-zhou")
    await form.get_by_role("button", name="停用 离职测试").click()
    await expect(row.locator(".chip")).to_contain_text("已停用")
    work = await desk.do("l-qian", "GET", f"v1/tickets/{ticket}/work")
    assert work["assignee"] == "e-zhou"


async def test_what_a_service_could_not_handle_is_given_to_it_again(stack: Stack, screens: Screens) -> None:
    page = await screens.open("admin", "")
    await expect(page).to_have_url(f"{screens.url}/console/reviews")  # the first of what they have
    await page.get_by_role("link", name="管理", exact=True).click()
    await page.get_by_role("tab", name="死信").click()
    await expect(page.get_by_text("所有事件均已处理")).to_be_visible()
    async with bus(stack) as client:
        await client.jetstream().publish("bihuan.ticket.completed.v1", b"rubbish")
    letters = page.locator("[data-sequence]", has_text="kb")
    while not await letters.count():
        await page.reload()
        await page.locator(".admin table, .admin .empty").first.wait_for()
    first = await letters.get_attribute("data-sequence")
    await letters.get_by_role("button", name="重放").click()
    await expect(page.get_by_text("已重新交给 kb。")).to_be_visible()
    await expect(page.locator(f"[data-sequence='{first}']")).to_have_count(0)


AGAIN = {"zh-CN": ("重新发送", "正在重新发送。"), "en-GB": ("Send again", "It is being sent again.")}


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_a_mail_that_came_back_is_sent_once_more(
    desk: Desk, screens: Screens, stack: Stack, language: Language
) -> None:
    again, is_sent = AGAIN[language]
    ticket = await open_ticket(desk, f"退信测试 {language}")

    async def mailed(state: str) -> Json | None:
        query = {"ticket": ticket, "state": state, "channel": "email", "recipient": "u-wang"}
        found: list[Json] = (await desk.do("admin", "GET", "v1/notifications", params=query))["items"]
        return found[0] if found else None

    sent = await eventually(lambda: mailed("sent"))
    assert sent
    # As intake tells of a mail that it was sent by the customer's mail server, which is full just now.
    came_back = TicketMailBounced(
        subject=ticket, time=datetime.now(UTC), delivery=sent["id"], recipient=sent["address"], status="4.2.2"
    )
    headers = {"Nats-Msg-Id": came_back.id, "Content-Type": "application/json"}
    async with bus(stack) as client:
        await client.jetstream().publish("bihuan.ticket.mail_bounced.v1", came_back.to_wire(), headers=headers)
    bounced = await eventually(lambda: mailed("bounced"))
    assert bounced
    page = await screens.open("l-qian" if language == "zh-CN" else "admin", "/admin?tab=deliveries", language)
    row = page.locator(f"[data-notification='{bounced['id']}']")
    await expect(row).to_contain_text("bounced 4.2.2")
    assert await violations(page) == []
    await row.get_by_role("button", name=again).click()
    await expect(page.get_by_role("status").filter(has_text=is_sent)).to_be_visible()
    await expect(row).to_have_count(0)
    once_more = await eventually(lambda: mailed("sent"))
    assert once_more
    assert once_more["id"] == bounced["id"]
    assert [one["error"] for one in once_more["attempts"]] == ["", "bounced 4.2.2", ""]
