"""An urgent ticket is acknowledged or handed on, and an alarm stands while nobody has it."""

from datetime import datetime, timedelta
from functools import partial

from services.triage.routing import assignment
from services.triage.routing.candidates import choose_urgent
from services.triage.routing.domain import Level
from services.triage.routing.duty import OnCall, Shifts
from services.triage.work.values import TRIAGE_ORIGIN
from shared.domain import Origin
from shared.events import TriageAcknowledged, TriageAlarmRaised, TriageAssigned, TriageReclassified
from shared.testing import AGENT, CHEN, LEAD, LIU, World
from tests.triage.builders import CRASH, OUTAGE, TICKET, opened
from tests.triage.routing.replicas import enter, given_to, replica
from tests.triage.scene import a_senior, ask, claimed, held_by, post, triage

OFF = Shifts(weekly=[[]] * 7)
WORK = f"/v1/tickets/{TICKET}/work"


async def test_an_alarm_stands_until_somebody_takes_the_ticket(world: World) -> None:
    await a_senior(world, "e-wu", available=False)
    await world.publish(opened(TICKET, OUTAGE))
    assert world.published(TriageAlarmRaised) == []
    await world.pass_time(minutes=2)
    [first] = world.published(TriageAlarmRaised)
    assert (first.assignee, first.times, first.next_at) == ("", 1, world.now() + timedelta(minutes=5))
    await world.pass_time(minutes=4)
    assert len(world.published(TriageAlarmRaised)) == 1
    await world.pass_time(minutes=1)
    await world.pass_time(minutes=5)
    assert [one.times for one in world.published(TriageAlarmRaised)] == [1, 2, 3]
    shown = (await ask(world, CHEN, "GET", WORK)).json()
    assert shown["alarms"] == 3
    assert [entry["did"] for entry in shown["worklog"]].count("alarmed") == 1
    [listed] = (await ask(world, LEAD, "GET", "/v1/alarms")).json()["items"]
    assert (listed["ticket"], listed["assignee"], listed["times"], listed["notified"]) == (TICKET, "", 3, ["lead"])
    assert datetime.fromisoformat(listed["since"]) == first.time
    assert datetime.fromisoformat(listed["next_at"]) == world.published(TriageAlarmRaised)[-1].next_at
    assert (await post(world, CHEN, "/v1/queue/claims", {"ticket": TICKET})).status_code == 200
    assert (await ask(world, LEAD, "GET", "/v1/alarms")).json()["items"] == []
    await world.pass_time(hours=1)
    assert len(world.published(TriageAlarmRaised)) == 3


async def test_two_replicas_raise_an_alarm_once(world: World) -> None:
    await world.publish(opened(TICKET, OUTAGE))
    world.time += timedelta(minutes=2)
    for service in (triage(world), replica(world), triage(world)):
        await service.routing.urgent.fire([TICKET])
    await world.settle()
    assert [one.times for one in world.published(TriageAlarmRaised)] == [1]


async def test_nobody_there_it_goes_to_who_is_on_call_and_else_to_the_lead(world: World) -> None:
    await a_senior(world, "e-wu", available=False)
    body = {"name": "服务台", "lead": "l-qian"}
    assert (await ask(world, LEAD, "PUT", "/v1/teams/default", body)).status_code == 200
    await enter(world, "l-qian")
    call = OnCall(start=world.now(), end=world.now() + timedelta(hours=1))
    await enter(world, "e-on", shifts=OFF, on_call=[call], available=False)
    await world.publish(opened(TICKET, OUTAGE))
    world.time += timedelta(hours=1)
    await world.publish(opened("TK-2026-000002", OUTAGE))
    told = world.published(TriageAssigned)
    assert [(one.engineer, one.rule) for one in told] == [("e-on", "on_call"), ("l-qian", "team_lead")]
    assert [[one.engineer for one in event.candidates] for event in told] == [["e-on"], ["l-qian"]]


async def test_what_is_not_acknowledged_goes_to_each_once_and_then_the_alarm_stands(world: World) -> None:
    await a_senior(world, "e-liu")
    await a_senior(world, "e-chen")
    await world.publish(opened(TICKET, OUTAGE))
    [first] = world.published(TriageAssigned)
    assert first.acknowledge_by == world.now() + timedelta(minutes=15)
    await world.pass_time(minutes=14)
    assert len(world.published(TriageAssigned)) == 1
    await world.pass_time(minutes=1)
    _, second = world.published(TriageAssigned)
    assert (second.instead_of, {first.engineer, second.engineer}) == (first.engineer, {"e-liu", "e-chen"})
    assert "not acknowledged" in second.reason
    assert "未确认" in second.reason
    assert await held_by(world, first.engineer) == []
    await world.pass_time(minutes=15)
    await world.pass_time(minutes=5)
    assert len(world.published(TriageAssigned)) == 2
    assert [(one.assignee, one.times) for one in world.published(TriageAlarmRaised)] == [
        (second.engineer, 1),
        (second.engineer, 2),
    ]
    [listed] = (await ask(world, AGENT, "GET", "/v1/alarms")).json()["items"]
    assert (listed["assignee"], listed["times"], listed["notified"]) == (second.engineer, 2, ["lead", "assignee"])
    who = LIU if second.engineer == "e-liu" else CHEN
    assert (await post(world, AGENT, f"{WORK}/acknowledgement", None)).status_code == 403
    for _ in range(2):
        answer = await post(world, who, f"{WORK}/acknowledgement", None)
        assert (answer.status_code, answer.json()["awaits_acknowledgement"]) == (200, False)
    await world.pass_time(hours=1)
    assert len(world.published(TriageAlarmRaised)) == 2
    assert [one.engineer for one in world.published(TriageAcknowledged)] == [second.engineer]


async def test_whatever_they_do_on_it_acknowledges_it(world: World) -> None:
    await a_senior(world, "e-liu")
    await a_senior(world, "e-chen")
    await world.publish(opened(TICKET, OUTAGE))
    [first] = world.published(TriageAssigned)
    who = LIU if first.engineer == "e-liu" else CHEN
    assert (await post(world, who, f"{WORK}/notes", {"text": "正在看"})).status_code == 201
    await world.pass_time(hours=1)
    assert len(world.published(TriageAssigned)) == 1
    assert world.published(TriageAlarmRaised) == []


async def test_a_ticket_that_becomes_urgent_moves_to_a_senior_with_a_note(world: World) -> None:
    await enter(world)
    await claimed(world)
    await post(world, CHEN, f"{WORK}/notes", {"text": "已复现，怀疑内存"})
    await a_senior(world, "e-liu")
    words = {"category": "function", "priority": "urgent", "reason": "全部用户受影响"}
    answer = await post(world, LEAD, f"{WORK}/classification", words)
    assert answer.json()["assignee"] == "e-liu"
    moved = world.published(TriageAssigned)[-1]
    assert (moved.instead_of, moved.rule, moved.senior) == ("e-chen", "senior", True)
    assert "已复现，怀疑内存" in moved.reason
    assert (await held_by(world), await held_by(world, "e-liu")) == ([], [TICKET])
    again = await post(world, LEAD, f"{WORK}/assignment", {"engineer": "e-chen", "reason": "熟悉"})
    assert again.json()["assignee"] == "e-chen"
    old = world.published(TriageReclassified)[-1]
    await world.publish(replace_id(old))
    assert await given_to(world, "e-chen") == [TICKET]


def replace_id(event: TriageReclassified) -> TriageReclassified:
    """As a stream that was restored tells it again."""
    return event.model_copy(update={"id": f"{event.id}-again"})


async def test_an_engineer_who_is_full_or_off_shift_at_another_replica_is_not_chosen(world: World) -> None:
    await a_senior(world, "e-liu")
    await world.publish(opened(TICKET, CRASH))  # the roster is read
    await triage(world).routing.urgent.assign_waiting()
    elsewhere = replica(world).engineers.store
    await elsewhere.change("e-liu", lambda one: one.describe({"shifts": OFF}), Origin("test"))
    await world.publish(opened("TK-2026-000002", OUTAGE))
    assert world.published(TriageAssigned) == []
    refused = await post(world, LEAD, f"{WORK}/assignment", {"engineer": "e-liu", "reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "off-duty")


async def test_killed_between_any_two_writes_it_is_handed_on_all_the_same(world: World) -> None:
    await a_senior(world, "e-liu")
    await world.publish(opened(TICKET, OUTAGE))
    await enter(world, "e-wu", level=Level.SENIOR)
    world.time += timedelta(minutes=15)
    service = triage(world)
    item = await service.work.store.get(TICKET)
    choose = partial(choose_urgent, item, "", {"e-liu"})
    found = await service.routing.workload.reserve_chosen(item, choose)  # killed after the first write
    assert found
    assert (await given_to(world, "e-liu"), await held_by(world, "e-wu")) == ([TICKET], [TICKET])
    later = world.now() + timedelta(minutes=15)
    hand_on = partial(
        assignment.hand_on, to=found[0].engineer, choice=found[0].choice, acknowledge_by=later, now=world.now()
    )
    await service.work.store.change(TICKET, hand_on, TRIAGE_ORIGIN)  # killed after the second
    await world.settle()  # what was told of it is heard, here or elsewhere
    assert (await given_to(world, "e-wu"), await held_by(world, "e-wu")) == ([TICKET], [TICKET])
    assert await held_by(world, "e-liu") == []


async def test_what_was_only_reserved_is_reserved_again_by_the_timer(world: World) -> None:
    await a_senior(world, "e-liu")
    await world.publish(opened(TICKET, OUTAGE))
    await enter(world, "e-wu", level=Level.SENIOR)
    item = await triage(world).work.store.get(TICKET)
    await triage(world).routing.workload.reserve_chosen(item, partial(choose_urgent, item, "", {"e-liu"}))
    await world.pass_time(minutes=15)
    assert (await given_to(world, "e-wu"), await held_by(world, "e-liu")) == ([TICKET], [])
    assert len(world.published(TriageAssigned)) == 2
