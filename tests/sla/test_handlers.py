"""Facts in, promises and warnings out, over a real bus and store."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.sla.domain import TicketClocks
from services.sla.handlers import Sla
from shared.domain import Origin
from shared.events import (
    SlaBreached,
    SlaCallBackDue,
    SlaClockStarted,
    SlaConsultationDue,
    SlaDueChanged,
    SlaMet,
    SlaWarned,
    TicketCalledBack,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketWaiting,
    TriageConsultationOpened,
    TriageDiagnosisConfirmed,
)
from shared.outbox import Outgoing
from shared.terms import ClockKind, Priority, Satisfaction, WaitingFor
from shared.testing import NOON, World
from tests.sla.builders import TICKET, completed, diagnosed, message, opened, rated, reclassified

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


async def clocks_of(world: World) -> TicketClocks:
    sla: Sla = world.apps["sla"].state.service
    return await sla.clocks.get(TICKET)


def of(events: list[SlaMet], clock: ClockKind) -> SlaMet:
    [found] = [event for event in events if event.clock is clock]
    return found


async def test_an_opened_ticket_starts_four_clocks_with_the_targets_of_a_normal_one(world: World) -> None:
    await world.publish(opened())
    due = {event.clock: event.due_at for event in world.published(SlaClockStarted)}
    assert due == {
        ClockKind.RESPONSE: NOON + timedelta(hours=24),
        # Monday noon begins the break: 4.5 hours of Monday, then whole days of 7.5 hours.
        ClockKind.DIAGNOSIS: shanghai(3, 3, 12),
        ClockKind.CONSULTATION: shanghai(3, 4, 12),
        ClockKind.RESOLUTION: shanghai(3, 9, 12),
    }


async def test_an_urgent_diagnosis_brings_the_due_times_forward_and_meets_the_diagnosis(world: World) -> None:
    await world.publish(opened())
    await world.publish(diagnosed(Priority.URGENT, NOON + timedelta(minutes=1)))
    due = {event.clock: event.due_at for event in world.published(SlaDueChanged)}
    # Resolution ran in working time until now; nothing of the lunch break was counted.
    assert due == {
        ClockKind.RESPONSE: NOON + timedelta(hours=2),
        ClockKind.RESOLUTION: NOON + timedelta(hours=4, minutes=1),
    }
    [met] = world.published(SlaMet)
    assert met.clock is ClockKind.DIAGNOSIS
    assert met.within_target
    ticket = await clocks_of(world)
    assert ticket.priority is Priority.URGENT


async def test_a_clock_warns_at_four_fifths_and_is_breached_at_its_end_once_each(world: World) -> None:
    await world.publish(opened())
    await world.publish(diagnosed(Priority.URGENT))
    await world.pass_time(minutes=95)
    assert world.published(SlaWarned) == []
    await world.pass_time(minutes=1)
    assert [warned.clock for warned in world.published(SlaWarned)] == [ClockKind.RESPONSE]
    await world.pass_time(minutes=24)
    await world.pass_time(minutes=1)
    [breached] = world.published(SlaBreached)
    assert (breached.clock, breached.due_at) == (ClockKind.RESPONSE, NOON + timedelta(hours=2))
    ticket = await clocks_of(world)
    assert ticket.due_at == NOON + timedelta(hours=4) * 0.8


async def test_a_late_ticket_is_told_as_late_and_not_warned_of_afterwards(world: World) -> None:
    await world.publish(opened())
    await world.publish(diagnosed(Priority.URGENT))
    await world.pass_time(hours=5)
    assert {event.clock for event in world.published(SlaBreached)} == {ClockKind.RESPONSE, ClockKind.RESOLUTION}
    assert not {event.clock for event in world.published(SlaWarned)} & {ClockKind.RESPONSE, ClockKind.RESOLUTION}


@pytest.mark.parametrize(("how", "answers"), [({}, True), ({"internal": True}, False), ({"by_staff": False}, False)])
async def test_only_a_reply_that_the_customer_can_read_meets_the_response(
    world: World, how: dict[str, bool], answers: bool
) -> None:
    await world.publish(opened())
    await world.publish(message(NOON + timedelta(minutes=7), **how))
    met = world.published(SlaMet)
    assert [event.clock for event in met] == [ClockKind.RESPONSE] * answers
    assert all(event.elapsed_seconds == 420 for event in met)


async def test_the_same_event_twice_counts_once(world: World) -> None:
    event = message(NOON + timedelta(minutes=7))
    await world.publish(opened())
    await world.publish(event)
    before = await clocks_of(world)
    await world.publish(event)
    await world.publish(opened(NOON + timedelta(hours=1)))
    assert await clocks_of(world) == before
    assert len(world.published(SlaMet)) == 1
    assert len(world.published(SlaClockStarted)) == 4


async def test_a_reply_that_arrives_before_its_ticket_waits_for_it(world: World) -> None:
    assert world._bus
    await world._bus.publish(Outgoing.of(message(NOON + timedelta(minutes=7))))
    await world.publish(opened())
    [met] = world.published(SlaMet)
    assert met.elapsed_seconds == 420


async def test_waiting_for_the_customer_stops_the_clocks_that_may_stop(world: World) -> None:
    await world.publish(opened())
    await world.publish(diagnosed(Priority.URGENT, confirmed=False))
    waiting = TicketWaiting(subject=TICKET, time=NOON + timedelta(hours=1), waiting_for=WaitingFor.CUSTOMER_INFORMATION)
    await world.publish(waiting)
    paused = {event.clock for event in world.published(SlaDueChanged) if event.due_at is None}
    assert paused == {ClockKind.RESOLUTION, ClockKind.DIAGNOSIS, ClockKind.CONSULTATION}
    await world.pass_time(hours=10)
    assert [event.clock for event in world.published(SlaBreached)] == [ClockKind.RESPONSE]
    resumed = TicketResumed(subject=TICKET, time=NOON + timedelta(hours=10), waited_for=WaitingFor.CUSTOMER_INFORMATION)
    await world.publish(resumed)
    ticket = await clocks_of(world)
    assert ticket.clocks[ClockKind.RESOLUTION].due_at == NOON + timedelta(hours=13)


async def test_a_ticket_that_waits_from_the_start_begins_with_paused_clocks(world: World) -> None:
    await world.publish(opened().model_copy(update={"waiting_for": WaitingFor.CUSTOMER_INFORMATION}))
    ticket = await clocks_of(world)
    running = {kind for kind, clock in ticket.clocks.items() if clock.due_at}
    assert running == {ClockKind.RESPONSE}
    assert ticket.deadline_of is ClockKind.RESPONSE


async def test_waiting_for_a_third_party_stops_nothing(world: World) -> None:
    await world.publish(opened())
    await world.publish(
        TicketWaiting(subject=TICKET, time=NOON + timedelta(hours=1), waiting_for=WaitingFor.THIRD_PARTY)
    )
    assert world.published(SlaDueChanged) == []


async def test_a_wait_that_a_later_resume_overtook_changes_nothing(world: World) -> None:
    await world.publish(opened())
    at = NOON + timedelta(hours=3)
    await world.publish(TicketResumed(subject=TICKET, time=at, waited_for=WaitingFor.CUSTOMER_INFORMATION))
    await world.publish(
        TicketWaiting(subject=TICKET, time=at - timedelta(hours=1), waiting_for=WaitingFor.CUSTOMER_INFORMATION)
    )
    assert world.published(SlaDueChanged) == []


async def test_the_customers_yes_meets_resolution_and_consultation(world: World) -> None:
    await world.publish(opened())
    await world.publish(diagnosed(Priority.URGENT))
    at = NOON + timedelta(hours=1)
    await world.publish(TicketWaiting(subject=TICKET, time=at, waiting_for=WaitingFor.CUSTOMER_VERIFICATION))
    await world.publish(TicketSolutionAccepted(subject=TICKET, time=NOON + timedelta(hours=9), round=1))
    met = of(world.published(SlaMet), ClockKind.RESOLUTION)
    assert (met.elapsed_seconds, met.target_seconds, met.within_target) == (3600, 4 * 3600, True)
    assert of(world.published(SlaMet), ClockKind.CONSULTATION).within_target
    assert (await clocks_of(world)).resolved_at == NOON + timedelta(hours=9)


async def test_the_customers_no_lets_the_clocks_run_on(world: World) -> None:
    await world.publish(opened())
    await world.publish(diagnosed(Priority.URGENT))
    await world.publish(
        TicketWaiting(subject=TICKET, time=NOON + timedelta(hours=1), waiting_for=WaitingFor.CUSTOMER_VERIFICATION)
    )
    await world.publish(
        TicketSolutionRejected(subject=TICKET, time=NOON + timedelta(hours=2), round=2, comment="还是报错")
    )
    ticket = await clocks_of(world)
    assert ticket.clocks[ClockKind.RESOLUTION].due_at == NOON + timedelta(hours=5)


async def test_after_two_working_days_a_consultation_is_due_and_opening_it_meets_the_clock_late(world: World) -> None:
    await world.publish(opened())
    await world.pass_time(days=2)
    [due] = world.published(SlaConsultationDue)
    assert due.due_at == shanghai(3, 4, 12)
    await world.publish(
        TriageConsultationOpened(subject=TICKET, time=world.now(), background="b", tried="t", stuck_at="s", invited=[])
    )
    assert not of(world.published(SlaMet), ClockKind.CONSULTATION).within_target


async def test_a_person_who_confirms_meets_the_diagnosis_and_a_machine_that_reclassifies_does_not(
    world: World,
) -> None:
    await world.publish(opened())
    await world.publish(diagnosed(Priority.NORMAL, confirmed=False))
    await world.publish(reclassified(Priority.HIGH, NOON + timedelta(hours=2)))
    assert (await clocks_of(world)).priority is Priority.HIGH
    assert world.published(SlaMet) == []
    await world.publish(TriageDiagnosisConfirmed(subject=TICKET, time=NOON + timedelta(hours=3), confirmed_by="e-chen"))
    met = of(world.published(SlaMet), ClockKind.DIAGNOSIS)
    assert met.elapsed_seconds == 1.5 * 3600


async def test_a_wait_that_begins_in_the_moment_in_which_another_ends_pauses(world: World) -> None:
    at = NOON + timedelta(hours=1)
    await world.publish(opened())
    await world.publish(TicketWaiting(subject=TICKET, time=NOON, waiting_for=WaitingFor.CUSTOMER_INFORMATION))
    await world.publish(TicketResumed(subject=TICKET, time=at, waited_for=WaitingFor.CUSTOMER_INFORMATION))
    await world.publish(TicketWaiting(subject=TICKET, time=at, waiting_for=WaitingFor.CUSTOMER_VERIFICATION))
    late = TicketResumed(subject=TICKET, time=at, waited_for=WaitingFor.CUSTOMER_INFORMATION)
    await world.publish(late)
    ticket = await clocks_of(world)
    assert ticket.waiting_for is WaitingFor.CUSTOMER_VERIFICATION
    assert ticket.clocks[ClockKind.RESOLUTION].due_at is None


async def test_a_dissatisfied_customer_is_called_back_within_twelve_hours(world: World) -> None:
    await world.publish(opened())
    await world.publish(rated(Satisfaction.DISSATISFIED))
    [due] = world.published(SlaCallBackDue)
    assert due.due_at == NOON + timedelta(hours=12)
    await world.publish(
        TicketCalledBack(subject=TICKET, time=NOON + timedelta(hours=11), cause_of_dissatisfaction="沟通慢")
    )
    met = of(world.published(SlaMet), ClockKind.CALL_BACK)
    assert met.within_target


@pytest.mark.parametrize("satisfaction", [Satisfaction.SATISFIED, Satisfaction.NEUTRAL])
async def test_nobody_else_is_called_back(world: World, satisfaction: Satisfaction) -> None:
    await world.publish(opened())
    await world.publish(rated(satisfaction))
    assert world.published(SlaCallBackDue) == []


async def test_a_completed_ticket_stops_what_runs_without_judging_it_and_reopening_runs_resolution_on(
    world: World,
) -> None:
    await world.publish(opened())
    await world.publish(diagnosed(Priority.URGENT))
    await world.publish(TicketSolutionAccepted(subject=TICKET, time=NOON + timedelta(hours=1), round=1))
    await world.publish(completed(NOON + timedelta(hours=2)))
    ticket = await clocks_of(world)
    assert not ticket.open
    assert ticket.clocks[ClockKind.RESPONSE].within_target is False
    await world.pass_time(days=2)
    await world.publish(TicketReopened(subject=TICKET, time=world.now(), reason="又出现了", round=2))
    ticket = await clocks_of(world)
    assert ticket.open
    assert ticket.clocks[ClockKind.RESOLUTION].due_at == world.now() + timedelta(hours=3)
    assert ticket.clocks[ClockKind.RESPONSE].met_at is None


async def test_a_replica_that_knows_an_older_calendar_reads_it_again_before_it_counts(world: World) -> None:
    sla: Sla = world.apps["sla"].state.service
    old = await sla.calendars.get("cn")
    await world.publish(opened())
    week = old.week.model_copy(update={"overrides": {"2026-03-03": "off"}})
    await sla.put_calendar("cn", week, Origin("admin"))
    await world.settle()
    sla.rules._calendars["cn"] = old
    await world.publish(diagnosed(Priority.HIGH))
    ticket = await clocks_of(world)
    assert ticket.clocks[ClockKind.RESOLUTION].due_at == shanghai(3, 6, 12)
    assert sla.rules.calendar("cn").version == ticket.calendar_version == 2
