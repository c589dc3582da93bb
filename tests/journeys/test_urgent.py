"""Core business is down: a senior engineer at once, and clocks that tell when nobody answers (P2.3, P2.4, P6.1)."""

from shared.events import SlaBreached, SlaWarned, TriageAssigned
from shared.terms import ClockKind
from shared.testing import CHEN, LEAD, LIU, World
from tests.journeys.desk import CRASH, NO_ORDERS, Desk


async def test_an_urgent_ticket_goes_to_an_available_senior_at_once(desk: Desk, world: World) -> None:
    number = await desk.open(NO_ORDERS)
    [assigned] = world.published(TriageAssigned)
    assert (assigned.subject, assigned.engineer, assigned.senior) == (number, LIU.sub, True)
    assert (await desk.ticket(number))["stage"] == "handling"


async def test_without_an_available_senior_it_waits_at_the_head_of_the_queue(desk: Desk, world: World) -> None:
    await desk.do(LEAD, "PUT", "triage", f"/v1/engineers/{LIU.sub}/availability", {"available": False})
    other = await desk.open(CRASH)
    urgent = await desk.open(NO_ORDERS)
    rows = (await desk.do(CHEN, "GET", "triage", "/v1/queue"))["items"]
    assert [row["ticket"] for row in rows] == [urgent, other]
    await desk.do(LEAD, "PUT", "triage", f"/v1/engineers/{LIU.sub}/availability", {"available": True})
    assert [event.subject for event in world.published(TriageAssigned)] == [urgent]


async def test_nobody_answers_and_the_clock_warns_and_is_breached_once(desk: Desk, world: World) -> None:
    number = await desk.open(NO_ORDERS)
    await world.pass_time(hours=1, minutes=36)
    warned = [event for event in world.published(SlaWarned) if event.clock is ClockKind.RESPONSE]
    assert [event.subject for event in warned] == [number]
    await world.pass_time(minutes=24)
    await world.pass_time(minutes=1)
    breached = [event for event in world.published(SlaBreached) if event.clock is ClockKind.RESPONSE]
    assert [event.subject for event in breached] == [number]
    assert (await desk.work(number))["breached"]
    told = (await desk.do(LEAD, "GET", "notify", "/v1/notifications"))["items"]
    assert [d["recipient"] for d in told if d["template"] == "clock_breached"].count("role:lead") == 1


async def test_two_working_days_without_a_solution_call_for_a_consultation(desk: Desk, world: World) -> None:
    number = await desk.open({**CRASH, "error_text": "NPE", "module": "报表", "steps": "点击导出"})
    await desk.claim(number)
    for _ in range(3):
        await world.pass_time(days=1)
    work = await desk.work(number)
    assert work["consultation_due"]
    assert [(one["cause"], one["invited"]) for one in work["consultations"]] == [("sla", [])]
    body = {"background": "导出崩溃", "tried": "补丁", "stuck_at": "无法复现", "invited": ["研发", "产品"]}
    await desk.do(LEAD, "POST", "triage", f"/v1/tickets/{number}/work/consultation", body)
    assert (await desk.ticket(number))["stage"] == "consultation"
    conclusion = {"conclusions": "驱动问题", "action_items": ["升级驱动"]}
    await desk.do(LEAD, "POST", "triage", f"/v1/tickets/{number}/work/consultation/conclusion", conclusion)
    assert (await desk.ticket(number))["stage"] == "handling"
