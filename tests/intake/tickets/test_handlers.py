"""Events in, events out."""

from datetime import timedelta
from typing import Any

from services.intake.verification.domain import FEEDBACK_WAIT
from shared.events import (
    TicketCompleted,
    TicketWaiting,
    TriageAssigned,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageLogAnalysed,
    TriageReleased,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
)
from shared.terms import WaitingFor
from shared.testing import NOON, WANG, World
from tests.intake.scene import opened, to_verification


async def ticket_of(world: World, number: str) -> dict[str, Any]:
    async with world.as_(WANG, "intake") as wang:
        ticket: dict[str, Any] = (await wang.get(f"/v1/tickets/{number}")).json()
    return ticket


async def test_an_event_that_is_delivered_twice_asks_the_customer_once(world: World) -> None:
    number = (await opened(world))["ticket"]
    await to_verification(world, number)
    asked = [e for e in world.published(TicketWaiting) if e.waiting_for is WaitingFor.CUSTOMER_VERIFICATION]
    assert len(asked) == 1
    await to_verification(world, number)
    asked = [e for e in world.published(TicketWaiting) if e.waiting_for is WaitingFor.CUSTOMER_VERIFICATION]
    assert len(asked) == 1


async def test_a_release_puts_the_ticket_back_into_the_queue(world: World) -> None:
    number = (await opened(world))["ticket"]
    known: dict[str, Any] = {"subject": number, "time": NOON}
    await world.publish(TriageAssigned(engineer="e-liu", engineer_name="刘洋", senior=True, by="e-liu", **known))
    assert (await ticket_of(world, number))["status"] == "in_progress"
    await world.publish(TriageReleased(engineer="e-liu", reason="假期", **known))
    ticket = await ticket_of(world, number)
    assert (ticket["status"], ticket["assignee"]) == ("pending", "")


async def test_a_consultation_comes_and_goes_and_a_third_party_is_waited_for(world: World) -> None:
    number = (await opened(world))["ticket"]
    known: dict[str, Any] = {"subject": number, "time": NOON}
    await world.publish(TriageAssigned(engineer="e-liu", engineer_name="刘洋", senior=True, by="e-liu", **known))
    await world.publish(TriageConsultationOpened(background="b", tried="t", stuck_at="s", invited=["dev"], **known))
    assert (await ticket_of(world, number))["stage"] == "consultation"
    await world.publish(TriageConsultationConcluded(conclusions="c", action_items=["a"], **known))
    await world.publish(TriageThirdPartyEngaged(party="数据库厂商", reason="死锁", **known))
    ticket = await ticket_of(world, number)
    assert (ticket["stage"], ticket["waiting_for"]) == ("handling", "third_party")
    await world.publish(TriageThirdPartyAnswered(party="数据库厂商", answer="升级", **known))
    assert (await ticket_of(world, number))["waiting_for"] == "none"


async def test_the_case_that_is_archived_carries_rounds_and_fingerprints(world: World) -> None:
    number = (await opened(world))["ticket"]
    await to_verification(world, number)
    await world.publish(
        TriageLogAnalysed(subject=number, time=NOON, analysis="l1", fingerprints=["f1"], exceptions=["java.lang.Error"])
    )
    async with world.as_(WANG, "intake") as wang:
        await wang.post(f"/v1/tickets/{number}/verification", json={"accepted": True})
        answer = await wang.post(f"/v1/tickets/{number}/feedback", json={"satisfaction": "satisfied"})
    assert answer.json()["status"] == "completed"
    await world.settle()
    [completed] = world.published(TicketCompleted)
    assert (completed.fingerprints, completed.rounds[0].solution) == (["f1"], "补丁")


async def test_a_customer_who_never_rates_does_not_keep_the_ticket_open(world: World) -> None:
    number = (await opened(world))["ticket"]
    await to_verification(world, number)
    async with world.as_(WANG, "intake") as wang:
        await wang.post(f"/v1/tickets/{number}/verification", json={"accepted": True})
    await world.pass_time(seconds=(FEEDBACK_WAIT - timedelta(seconds=1)).total_seconds())
    assert world.published(TicketCompleted) == []
    await world.pass_time(seconds=1)
    assert len(world.published(TicketCompleted)) == 1
