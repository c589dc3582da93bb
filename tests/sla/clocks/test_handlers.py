"""Facts in, warnings and breaches out, over a real bus and store."""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from shared.domain import NotFound
from shared.events import (
    SlaBreached,
    SlaCallBackDue,
    SlaConsultationDue,
    SlaDeadlineMoved,
    SlaMet,
    SlaWarned,
)
from shared.outbox import Outgoing
from shared.terms import ClockKind, Priority, Satisfaction, WaitingFor
from shared.testing import NOON, World
from tests.sla.builders import (
    TICKET,
    accepted,
    called_back,
    clocks_of,
    completed,
    confirmed,
    consultation,
    diagnosed,
    message,
    opened,
    rated,
    reclassified,
    rejected,
    reopened,
    resumed,
    shanghai,
    sla_of,
    tell,
    waiting,
)

INFORMATION, VERIFICATION = WaitingFor.CUSTOMER_INFORMATION, WaitingFor.CUSTOMER_VERIFICATION


def of(events: list[SlaMet], clock: ClockKind) -> SlaMet:
    [found] = [event for event in events if event.clock is clock]
    return found


async def test_an_opened_ticket_starts_four_clocks_with_the_targets_of_a_normal_one(world: World) -> None:
    await tell(world, opened(revision=1))
    ticket = await clocks_of(world)
    assert {kind: clock.due_at for kind, clock in ticket.clocks.items()} == {
        ClockKind.RESPONSE: NOON + timedelta(hours=24),
        # Monday noon begins the break: 4.5 hours of Monday, then whole days of 7.5 hours.
        ClockKind.DIAGNOSIS: shanghai(3, 3, 12),
        ClockKind.CONSULTATION: shanghai(3, 4, 12),
        ClockKind.RESOLUTION: shanghai(3, 9, 12),
    }
    assert world.published(SlaDeadlineMoved) == []


async def test_an_urgent_diagnosis_brings_the_due_times_forward_and_meets_the_diagnosis(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.URGENT, NOON + timedelta(minutes=1), revision=1))
    ticket = await clocks_of(world)
    # Resolution ran in working time until now; nothing of the lunch break was counted.
    assert ticket.clocks[ClockKind.RESPONSE].due_at == NOON + timedelta(hours=2)
    assert ticket.clocks[ClockKind.RESOLUTION].due_at == NOON + timedelta(hours=4, minutes=1)
    [met] = world.published(SlaMet)
    assert met.clock is ClockKind.DIAGNOSIS
    assert met.within_target
    [moved] = world.published(SlaDeadlineMoved)
    assert (moved.due_at, moved.revision) == (NOON + timedelta(hours=2), ticket.version)
    assert ticket.priority is Priority.URGENT


async def test_a_clock_warns_on_its_ladder_and_is_breached_at_its_end_once_each(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.URGENT, revision=1))
    await world.pass_time(minutes=59)
    assert world.published(SlaWarned) == []
    for minutes in (1, 30, 18, 12, 1):
        await world.pass_time(minutes=minutes)
    warned = [(event.clock, event.percent) for event in world.published(SlaWarned)]
    assert warned == [*((ClockKind.RESPONSE, percent) for percent in (50, 75, 90)), (ClockKind.RESOLUTION, 50)]
    [breached] = world.published(SlaBreached)
    assert (breached.clock, breached.due_at) == (ClockKind.RESPONSE, NOON + timedelta(hours=2))
    ticket = await clocks_of(world)
    assert ticket.due_at == NOON + timedelta(hours=3)


async def test_a_late_ticket_is_told_as_late_and_not_warned_of_afterwards(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.URGENT, revision=1))
    await world.pass_time(hours=5)
    assert {event.clock for event in world.published(SlaBreached)} == {ClockKind.RESPONSE, ClockKind.RESOLUTION}
    assert not {event.clock for event in world.published(SlaWarned)} & {ClockKind.RESPONSE, ClockKind.RESOLUTION}


async def test_the_same_event_twice_counts_once(world: World) -> None:
    first, reply = opened(revision=1), message(NOON + timedelta(minutes=7), revision=2)
    await tell(world, first)
    await tell(world, reply)
    before = await clocks_of(world)
    for event in (reply, first):
        await world.publish_raw(event.kind, event.to_wire())
        await world.settle()
    assert await clocks_of(world) == before
    assert len(world.published(SlaMet)) == 1


async def test_events_in_the_wrong_order_make_the_document_that_they_make_in_the_right_one(world: World) -> None:
    assert world._bus
    at = [NOON + timedelta(hours=n) for n in range(8)]
    life = [
        opened(revision=1),
        diagnosed(Priority.HIGH, at[1], revision=1),
        waiting(VERIFICATION, at[2], revision=2),
        resumed(VERIFICATION, at[3], revision=3),
        accepted(at[3], revision=3),
        rated(Satisfaction.DISSATISFIED, at[4], revision=4),
        called_back(at[5], revision=5),
        completed(at[6], revision=6),
        reopened(at[7], revision=7),
    ]
    for event in life:
        await tell(world, event)
    expected = await clocks_of(world)
    number = "TK-2026-000002"
    for event in reversed(life):
        other = event.model_copy(update={"subject": number, "id": f"{event.id}-2"})
        await tell(world, other)
    found = await sla_of(world).clocks.store.get(number)
    bookkeeping = {"id", "version", "facts", "last_published"}
    assert found.model_dump(exclude=bookkeeping) == expected.model_dump(exclude=bookkeeping)
    assert [fact.what for fact in found.facts] == [fact.what for fact in expected.facts]
    assert found.open
    assert found.resolved_at is found.completed_at is None


async def test_what_is_heard_before_the_opening_is_kept_and_shown_to_nobody(world: World) -> None:
    await tell(world, message(NOON + timedelta(minutes=7), revision=2))
    with pytest.raises(NotFound):
        await sla_of(world).clocks.get(TICKET)
    assert world.published(SlaMet) == []
    await tell(world, opened(revision=1))
    [met] = world.published(SlaMet)
    assert met.elapsed_seconds == 420


async def test_two_that_begin_a_document_at_once_are_both_in_it(world: World) -> None:
    assert world._bus
    for event in (opened(revision=1), diagnosed(Priority.URGENT, revision=1), message(revision=2)):
        await world._bus.publish(Outgoing.of(event))
    await world.settle()
    ticket = await clocks_of(world)
    assert len(ticket.facts) == 3
    assert ticket.clocks[ClockKind.RESPONSE].met_at == NOON


async def test_a_second_opening_under_a_known_number_is_an_alarm_after_which_its_clocks_tell_nothing(
    world: World,
) -> None:
    def alarms() -> float:
        return REGISTRY.get_sample_value("bihuan_ticket_numbers_reused_total", {"service": "sla"}) or 0

    await tell(world, opened(revision=1))
    before, rung = await clocks_of(world), alarms()
    another = opened(NOON + timedelta(hours=1), company="North Securities", revision=1)
    await tell(world, another)
    await tell(world, another.model_copy(update={"id": "once more"}))
    assert alarms() == rung + 1
    await tell(world, completed(NOON + timedelta(hours=2), revision=5))
    await world.pass_time(days=30)
    after = await clocks_of(world)
    assert (after.company, after.facts, after.clocks) == (before.company, before.facts, before.clocks)
    assert (after.disputed, after.due_at, after.deadline) == (True, None, None)
    assert world.published(SlaWarned) + world.published(SlaBreached) == []
    assert (await sla_of(world).statistics.over(NOON, NOON + timedelta(days=1))).opened == 0


async def test_an_event_from_the_future_counts_from_now(world: World) -> None:
    await tell(world, opened(revision=1))
    await world.publish(waiting(INFORMATION, NOON + timedelta(days=700), revision=2))
    await world.pass_time(hours=1)
    await tell(world, resumed(INFORMATION, world.now(), revision=3))
    ticket = await clocks_of(world)
    assert ticket.clocks[ClockKind.RESOLUTION].ledger[1].end == world.now()


async def test_waiting_for_the_customer_stops_the_clocks_that_may_stop(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.HIGH, confirmed=False, revision=1))
    await tell(world, waiting(INFORMATION, NOON + timedelta(hours=1), revision=2))
    ticket = await clocks_of(world)
    assert {kind for kind, clock in ticket.clocks.items() if clock.due_at} == {ClockKind.RESPONSE}
    await world.pass_time(hours=9)
    assert [event.clock for event in world.published(SlaBreached)] == [ClockKind.RESPONSE]
    await tell(world, resumed(INFORMATION, NOON + timedelta(hours=10), revision=3))
    ticket = await clocks_of(world)
    assert ticket.clocks[ClockKind.RESOLUTION].due_at == shanghai(3, 5, 18)


async def test_our_own_questions_do_not_stop_the_clocks_of_an_urgent_ticket(world: World) -> None:
    await tell(world, opened(revision=1, waiting_for=INFORMATION))
    at = NOON + timedelta(hours=1)
    await tell(world, diagnosed(Priority.URGENT, at, confirmed=False, revision=1))
    ticket = await clocks_of(world)
    assert ticket.clocks[ClockKind.RESOLUTION].due_at == at + timedelta(hours=4)
    await tell(world, reclassified(Priority.HIGH, at + timedelta(hours=1), revision=2))
    ticket = await clocks_of(world)
    assert {kind for kind, clock in ticket.clocks.items() if clock.due_at} == {ClockKind.RESPONSE}


async def test_a_ticket_that_waits_from_the_start_begins_with_paused_clocks(world: World) -> None:
    await tell(world, opened(revision=1, waiting_for=INFORMATION))
    ticket = await clocks_of(world)
    assert {kind for kind, clock in ticket.clocks.items() if clock.due_at} == {ClockKind.RESPONSE}
    assert ticket.deadline_of is ClockKind.RESPONSE


async def test_the_customers_yes_meets_resolution_and_consultation(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.URGENT, revision=1))
    at = NOON + timedelta(hours=1)
    await tell(world, waiting(VERIFICATION, at, revision=2))
    await tell(world, resumed(VERIFICATION, NOON + timedelta(hours=9), revision=3))
    await tell(world, accepted(NOON + timedelta(hours=9), revision=3))
    met = of(world.published(SlaMet), ClockKind.RESOLUTION)
    assert (met.elapsed_seconds, met.target_seconds, met.within_target) == (3600, 4 * 3600, True)
    assert of(world.published(SlaMet), ClockKind.CONSULTATION).within_target
    assert of(world.published(SlaMet), ClockKind.RESPONSE).elapsed_seconds == 3600
    assert (await clocks_of(world)).resolved_at == NOON + timedelta(hours=9)


async def test_after_two_working_days_a_consultation_is_due_and_opening_it_meets_the_clock_late(world: World) -> None:
    await tell(world, opened(revision=1))
    await world.pass_time(days=2)
    [due] = world.published(SlaConsultationDue)
    assert due.due_at == shanghai(3, 4, 12)
    await tell(world, consultation(world.now(), revision=2))
    assert not of(world.published(SlaMet), ClockKind.CONSULTATION).within_target


async def test_a_person_who_confirms_meets_the_diagnosis_and_a_machine_that_reclassifies_does_not(
    world: World,
) -> None:
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.NORMAL, confirmed=False, revision=1))
    await tell(world, reclassified(Priority.HIGH, NOON + timedelta(hours=2), revision=2))
    assert (await clocks_of(world)).priority is Priority.HIGH
    assert world.published(SlaMet) == []
    await tell(world, confirmed(NOON + timedelta(hours=3), revision=3))
    met = of(world.published(SlaMet), ClockKind.DIAGNOSIS)
    assert met.elapsed_seconds == 1.5 * 3600


async def test_a_dissatisfied_customer_is_called_back_within_twelve_hours(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, rated(Satisfaction.DISSATISFIED, revision=2))
    [due] = world.published(SlaCallBackDue)
    assert due.due_at == NOON + timedelta(hours=12)
    await tell(world, called_back(NOON + timedelta(hours=11), revision=3))
    met = of(world.published(SlaMet), ClockKind.CALL_BACK)
    assert met.within_target


async def test_a_completed_ticket_stops_what_runs_without_judging_it_and_reopening_runs_on(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.URGENT, confirmed=False, revision=1))
    await tell(world, accepted(NOON + timedelta(hours=1), revision=2))
    await tell(world, completed(NOON + timedelta(hours=2), revision=3))
    ticket = await clocks_of(world)
    assert not ticket.open
    assert ticket.clocks[ClockKind.DIAGNOSIS].within_target is None
    await world.pass_time(days=1)
    await tell(world, reopened(world.now(), revision=4))
    ticket = await clocks_of(world)
    assert ticket.open
    assert ticket.clocks[ClockKind.RESOLUTION].due_at == world.now() + timedelta(hours=3)
    assert ticket.clocks[ClockKind.DIAGNOSIS].met_at is None


async def test_events_that_an_older_release_told_are_heard_in_the_order_of_their_times(world: World) -> None:
    await tell(world, opened())
    await tell(world, diagnosed(Priority.URGENT))
    await tell(world, waiting(VERIFICATION, NOON + timedelta(hours=1)))
    await tell(world, rejected(NOON + timedelta(hours=2)))
    ticket = await clocks_of(world)
    assert ticket.clocks[ClockKind.RESOLUTION].due_at == NOON + timedelta(hours=5)
