"""A crash on export, from the vague request to the article that solves it for the next customer (P1 to P6)."""

from shared.events import (
    KbArticleDrafted,
    KbCaseArchived,
    SlaMet,
    TicketCompleted,
    TicketLinked,
    TriageDiagnosed,
)
from shared.terms import ClockKind
from shared.testing import AGENT, CHEN, EDITOR, WANG, ZHAO, World
from tests.journeys.desk import COMPLETE, CRASH, TRACE, Desk


async def test_the_loop_is_closed(desk: Desk, world: World) -> None:
    earlier = await desk.open({"title": "如何批量导入？", "description": "想批量导入客户资料。"})
    number = await desk.open(CRASH)
    assert world.published(TicketLinked)[0].to == [earlier]

    ticket = await desk.ticket(number)
    assert (ticket["status"], ticket["waiting_for"]) == ("pending", "customer_information")
    answers = {question["field"]: TRACE for question in ticket["questions"]}
    await desk.do(WANG, "POST", "intake", f"/v1/tickets/{number}/answers", {"answers": answers})
    work = await desk.work(number)
    assert (work["category"], work["priority"]) == ("function", "high")

    await desk.claim(number)
    assert (await desk.ticket(number))["status"] == "in_progress"
    await desk.do(CHEN, "POST", "intake", f"/v1/tickets/{number}/messages", {"text": "正在分析"})
    session = {"tool": "ToDesk", "purpose": "查看内存"}
    await desk.do(CHEN, "POST", "triage", f"/v1/tickets/{number}/work/remote-sessions", session, expect=(409,))
    consent = {"scope": "远程协助", "words": "同意"}
    await desk.do(WANG, "POST", "intake", f"/v1/tickets/{number}/consents", consent)
    await desk.do(CHEN, "POST", "triage", f"/v1/tickets/{number}/work/remote-sessions", session)
    await desk.do(CHEN, "POST", "triage", f"/v1/tickets/{number}/work/log-analyses", {"text": TRACE})

    await desk.solve(number, "分批导出")
    await desk.review(number, False, "12 万行仍然崩溃")
    await desk.solve(number, "安装补丁 V3.2.1")
    await desk.review(number, True)
    await desk.rate(number, "dissatisfied")
    await desk.do(AGENT, "POST", "intake", f"/v1/tickets/{number}/call-back", {"cause": "第一轮未解决"})
    await desk.do(AGENT, "POST", "intake", f"/v1/tickets/{number}/second-plan", {"plan": "提供手册"})
    await desk.do(AGENT, "POST", "intake", f"/v1/tickets/{number}/second-plan/result", {"result": "已提供"})
    await desk.rate(number, "satisfied")

    ticket = await desk.ticket(number)
    assert (ticket["status"], [r["accepted"] for r in ticket["rounds"]]) == ("completed", [False, True])
    met = {event.clock for event in world.published(SlaMet) if event.subject == number}
    assert met >= {ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.CALL_BACK}
    [archived] = world.published(KbCaseArchived)
    assert {"Win11", "Excel导出", "V3.2"} <= set(archived.tags)

    [drafted] = world.published(KbArticleDrafted)
    await desk.do(EDITOR, "POST", "kb", f"/v1/articles/{drafted.subject}/approval", {})
    await desk.do(EDITOR, "POST", "kb", f"/v1/articles/{drafted.subject}/publication", {})

    again = await desk.open(COMPLETE, ZHAO)
    [diagnosed] = [event for event in world.published(TriageDiagnosed) if event.subject == again]
    assert [found.article for found in diagnosed.suggestions if found.exact] == [drafted.subject]
    await desk.claim(again)
    reuse = {"ticket": again, "details": "same stack trace"}
    await desk.do(CHEN, "POST", "kb", f"/v1/articles/{drafted.subject}/reuses", reuse)
    await desk.solve(again, "安装补丁 V3.2.1", article=drafted.subject)
    await desk.review(again, True, who=ZHAO)
    await desk.rate(again, "satisfied", who=ZHAO)
    assert {event.subject for event in world.published(TicketCompleted)} == {number, again}
    assert len(world.published(KbArticleDrafted)) == 1
