"""A ticket's whole way through the five services, read on its timeline by an engineer and by its customer."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.services import SERVICES
from services.intake.timeline.domain import ABOUT_NO_TICKET
from shared.testing import AGENT, CHEN, LEAD, LIU, WANG, ZHAO, Person, Servers, World, running
from tests.journeys.desk import CHECK, COMPLETE, TRACE, Desk
from tests.notify.conftest import MailServer, mailing_by, sent
from tests.servers import app_factory

SECRET = "仅供内部参考"
STORY = [
    "Ticket opened (online ticket system)",
    "Assigned to 陈宇",
    "Internal note added",
    "Reply sent to the customer",
    "Ticket details changed: module",
    "Remote assistance authorised by the customer",
    "Remote session started (ToDesk)",
    "Remote session ended",
    "Log analysed",
    "Third party engaged: DBA",
    "Answer received from DBA",
    "Solution failed internal verification (round 1)",
    "Solution ready for customer verification (round 1)",
    "Customer reported that the solution does not work",
    "Assigned to 刘洋",
    "Solution ready for customer verification (round 2)",
    "Customer confirmed that the solution works",
    "SLA met: resolution",
    "Customer rating: dissatisfied",
    "Call-back to the customer due",
    "Dissatisfied customer called back",
    "Second service plan agreed with the customer",
    "Second service plan carried out",
    "Ticket completed and archived",
    "Case added to the knowledge base",
    "Ticket reopened",
]
FOR_CUSTOMERS = [
    "工单已创建（线上工单）",
    "已分派给陈宇",
    "已回复客户",
    "工单信息已修改：模块",
    "客户已授权远程协助",
    "解决方案已提交客户验证（第1轮）",
    "客户反馈解决方案无效",
    "解决方案已提交客户验证（第2轮）",
    "客户确认解决方案有效",
    "客户评价：不满意",
    "已与客户商定二次服务计划",
    "二次服务计划已执行",
    "工单已完成并归档",
    "工单已重新打开",
]


@pytest.fixture
async def world(servers: Servers, mail_server: MailServer) -> AsyncIterator[World]:
    others = [app_factory(name) for name in SERVICES if name != "notify"]
    async with running(servers, *others, mailing_by(mail_server)) as world:
        yield world


async def whole_process(desk: Desk, world: World) -> str:
    number = await desk.open(COMPLETE)
    ticket, work = f"/v1/tickets/{number}", f"/v1/tickets/{number}/work"

    async def later(who: Person, service: str, path: str, body: Any, method: str = "POST") -> Any:
        await world.pass_time(minutes=1)
        return await desk.do(who, method, service, path, body)

    await desk.claim(number)
    await later(CHEN, "intake", f"{ticket}/messages", {"text": SECRET, "internal": True})
    await later(CHEN, "intake", f"{ticket}/messages", {"text": "正在分析"})
    await later(CHEN, "intake", ticket, {"module": "导出中心"}, "PATCH")
    await later(WANG, "intake", f"{ticket}/consents", {"scope": "远程协助", "words": "同意"})
    session = await later(CHEN, "triage", f"{work}/remote-sessions", {"tool": "ToDesk", "purpose": SECRET})
    [begun] = session["sessions"]
    ended = {"key_steps": [SECRET], "changes": "无"}
    await later(CHEN, "triage", f"{work}/remote-sessions/{begun['id']}/end", ended)
    await later(CHEN, "triage", f"{work}/log-analyses", {"text": TRACE})
    await later(CHEN, "triage", f"{work}/third-parties", {"party": "DBA", "reason": SECRET})
    await later(CHEN, "triage", f"{work}/third-parties/answer", {"party": "DBA", "answer": SECRET})
    await desk.investigate(number)
    await later(CHEN, "triage", f"{work}/solutions", {"solution": "分批导出", "root_cause": SECRET})
    proof = await desk.evidence(number)
    check = {**dict.fromkeys(CHECK, SECRET), "evidence": [proof], "passed": False}
    await later(CHEN, "triage", f"{work}/verifications", check)
    await later(CHEN, "triage", f"{work}/verifications", {**check, "passed": True})
    await world.pass_time(minutes=1)
    await desk.review(number, False, "12 万行仍然崩溃")
    await world.pass_time(minutes=1)
    await later(LEAD, "triage", f"{work}/assignment", {"engineer": LIU.sub, "reason": SECRET})
    await desk.solve(number, "安装补丁", LIU)
    await world.pass_time(minutes=1)
    await desk.review(number, True)
    await world.pass_time(minutes=1)
    await desk.rate(number, "dissatisfied")
    await later(AGENT, "intake", f"{ticket}/call-back", {"cause": SECRET})
    await later(AGENT, "intake", f"{ticket}/second-plan", {"plan": "提供手册"})
    await later(AGENT, "intake", f"{ticket}/second-plan/result", {"result": "已提供"})
    await world.pass_time(minutes=1)
    await desk.rate(number, "neutral")
    await later(WANG, "intake", f"{ticket}/reopening", {"reason": "又出现了"})
    return number


async def read(desk: Desk, number: str, who: Person) -> list[dict[str, Any]]:
    """All pages, oldest first."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        path = f"/v1/tickets/{number}/timeline?sort=oldest&limit=20&after={after}"
        page = await desk.do(who, "GET", "intake", path)
        found += page["items"]
        if not page["next"]:
            return found
        after = page["next"]


def in_order(told: list[str], expected: list[str]) -> list[str]:
    """What of it is not there, in this order."""
    missing: list[str] = []
    for one in expected:
        if one in told:
            told = told[told.index(one) + 1 :]
        else:
            missing.append(one)
    return missing


async def test_everything_is_told_once_in_its_order_to_each_what_they_may_see(desk: Desk, world: World) -> None:
    number = await whole_process(desk, world)
    await sent(world)
    staff, customer = await read(desk, number, CHEN), await read(desk, number, WANG)

    about = [one for one in {event.id: event for event in world.events}.values() if type(one) not in ABOUT_NO_TICKET]
    expected = {one.id for one in about if number in (one.subject, getattr(one, "ticket", ""))}
    assert [one["id"] for one in staff] == list(dict.fromkeys(one["id"] for one in staff))
    assert {one["id"] for one in staff} == expected
    assert in_order([one["text"]["en"] for one in staff], STORY) == []
    assert all(one["text"]["zh"] and one["actor"]["name"] for one in staff)
    assert {one["kind"].partition(".")[0] for one in staff} == {"ticket", "triage", "sla", "kb", "notify"}

    assert [one["id"] for one in customer] == [one["id"] for one in staff if one["visibility"] == "customer"]
    assert in_order([one["text"]["zh"] for one in customer], FOR_CUSTOMERS) == []
    assert SECRET not in str(customer)
    assert SECRET in str(staff)
    assert not [one for one in customer if one["group"] in ("clocks", "knowledge", "links")]
    mails = [one["details"] for one in customer if one["group"] == "deliveries"]
    assert mails
    assert all("recipient" not in one for one in mails)

    names = {one["actor"]["id"]: one["actor"]["name"] for one in staff}
    assert (names["u-wang"], names["e-chen"], names["e-liu"]) == ("王敏", "陈宇", "刘洋")
    await desk.do(ZHAO, "GET", "intake", f"/v1/tickets/{number}/timeline", expect=(404,))
