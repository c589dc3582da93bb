"""The clocks of a ticket without bus or store."""

import random
from datetime import datetime, timedelta

import pytest

from services.sla.calendar import MILLISECOND, WorkingTime
from services.sla.clock import Clock, Mark, SegmentKind, State, Target, Why
from services.sla.domain import TicketClocks
from services.sla.policy import PROCESS, Backdated, OtherCompany, Policy, Promise, Terms, Unit
from services.sla.public_holidays import public_holidays
from services.sla.rules import CN_WEEK
from shared.events import (
    Event,
    SlaBreached,
    SlaClockStarted,
    SlaDeadlineMoved,
    SlaDueChanged,
    SlaMet,
    TicketReopened,
    TicketSolutionAccepted,
    TicketWaiting,
)
from shared.terms import ClockKind, Priority, Satisfaction, WaitingFor
from shared.testing import NOON
from tests.sla.builders import TICKET, completed, opened, rated

HOURS = WorkingTime(CN_WEEK, public_holidays("CN", 2025, 2029), 2025, 2029)
TERMS = Policy.default().terms[0]
WALL = Target(seconds=4 * 3600, business_time=False)
WORK = Target(seconds=4 * 3600, business_time=True)
HOUR = timedelta(hours=1)


def targets(clock: ClockKind, priority: Priority | None) -> Target:
    return TERMS.promise(clock, priority).target(CN_WEEK.day_seconds)


def a_ticket(priority: Priority | None = None) -> TicketClocks:
    ticket, _ = TicketClocks.start(opened(), "default", "cn", 1, targets, HOURS)
    if priority:
        ticket.prioritise(priority, NOON, targets, HOURS)
    return ticket


def a_clock(target: Target = WALL, at: datetime = NOON) -> Clock:
    return Clock.start(target, at, HOURS)


def kinds(events: list[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


@pytest.mark.parametrize(
    ("clock", "priority", "hours", "business_time"),
    [
        (ClockKind.RESPONSE, Priority.URGENT, 2, False),
        (ClockKind.RESPONSE, Priority.HIGH, 8, False),
        (ClockKind.RESPONSE, Priority.NORMAL, 24, False),
        (ClockKind.RESPONSE, None, 24, False),
        (ClockKind.RESOLUTION, Priority.URGENT, 4, False),
        (ClockKind.RESOLUTION, Priority.HIGH, 22.5, True),
        (ClockKind.RESOLUTION, Priority.NORMAL, 37.5, True),
        (ClockKind.DIAGNOSIS, Priority.URGENT, 7.5, True),
        (ClockKind.CONSULTATION, Priority.HIGH, 15, True),
        (ClockKind.CALL_BACK, Priority.NORMAL, 12, False),
    ],
)
def test_the_process_promises(clock: ClockKind, priority: Priority | None, hours: float, business_time: bool) -> None:
    assert targets(clock, priority) == Target(seconds=int(hours * 3600), business_time=business_time)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_the_run_segments_add_up_to_the_elapsed_time(seed: int) -> None:
    dice = random.Random(seed)
    clock, now = a_clock(dice.choice([WALL, WORK])), NOON
    for _ in range(60):
        now += timedelta(milliseconds=dice.randrange(1, 5 * 3_600_000))
        at = now - timedelta(hours=dice.choice([0, 0, 0, 3]))  # some facts come late
        match dice.randrange(6):
            case 0:
                clock.pause(Why.CUSTOMER_INFORMATION, at, HOURS)
            case 1:
                clock.resume(at, HOURS)
            case 2:
                hours = dice.randrange(1, 200)
                target = Target(seconds=hours * 3600, business_time=dice.random() < 0.5)
                clock.retarget(target, at, HOURS)
            case 3:
                clock.stop(at, HOURS, met=dice.random() < 0.8)
            case 4:
                clock.reopen(at, HOURS)
            case _:
                clock.recount(HOURS)
        clock.mark(at)
        _check(clock, now)


def _check(clock: Clock, now: datetime) -> None:
    total = 0
    for before, after in zip(clock.ledger, [*clock.ledger[1:], None], strict=True):
        end = before.end or now
        assert before.start <= end or before.end is None
        assert after is None or before.end == after.start
        if before.kind is SegmentKind.RUN:
            work = HOURS.between(before.start, end)
            total += work if before.business_time else max((end - before.start) // MILLISECOND, 0)
    assert clock.elapsed(now, HOURS) == total
    assert (clock.ledger[-1].end is None) == clock.is_open
    if clock.due_at and clock.due_at <= now and clock.state is State.RUNNING:
        assert total >= clock.target.milliseconds
    if clock.state is State.RUNNING and clock.due_at and clock.due_at > now:
        assert total < clock.target.milliseconds


def test_a_tighter_target_that_has_passed_already_makes_the_clock_late_at_once() -> None:
    ticket = a_ticket()
    events = ticket.prioritise(Priority.URGENT, NOON + 3 * HOUR, targets, HOURS)
    [breached] = [event for event in events if isinstance(event, SlaBreached)]
    assert breached.clock is ClockKind.RESPONSE
    assert breached.due_at == NOON + 2 * HOUR


def test_a_wider_target_takes_a_breach_back_until_it_runs_out_too() -> None:
    clock = a_clock()
    assert clock.mark(NOON + 4 * HOUR) is Mark.BREACHED
    clock.retarget(Target(seconds=8 * 3600, business_time=False), NOON + 5 * HOUR, HOURS)
    assert clock.mark(NOON + 5 * HOUR) is Mark.NOTHING
    assert clock.breached_at is None
    assert clock.next_moment == NOON + 8 * HOUR * 0.8
    clock.mark(NOON + 7 * HOUR)
    assert clock.mark(NOON + 8 * HOUR) is Mark.BREACHED


def test_a_clock_that_stays_late_under_another_target_is_told_only_once() -> None:
    clock = a_clock()
    clock.mark(NOON + 4 * HOUR)
    clock.retarget(Target(seconds=5 * 3600, business_time=False), NOON + 6 * HOUR, HOURS)
    assert clock.mark(NOON + 6 * HOUR) is Mark.NOTHING
    assert clock.breached_at == NOON + 5 * HOUR


def test_what_elapsed_in_working_time_is_carried_over_to_the_wall_clock() -> None:
    clock = a_clock(WORK, NOON)
    at = NOON + 2.5 * HOUR  # one hour worked after the break
    clock.retarget(WALL, at, HOURS)
    assert clock.elapsed(at, HOURS) == 3_600_000
    assert clock.due_at == at + 3 * HOUR
    assert [segment.kind for segment in clock.ledger] == [SegmentKind.RUN, SegmentKind.CARRY, SegmentKind.RUN]


def test_a_paused_clock_that_is_retargeted_stays_paused() -> None:
    clock = a_clock()
    clock.pause(Why.CUSTOMER_VERIFICATION, NOON + HOUR, HOURS)
    clock.retarget(Target(seconds=7200, business_time=False), NOON + 2 * HOUR, HOURS)
    assert (clock.state, clock.due_at) == (State.PAUSED, None)
    clock.resume(NOON + 3 * HOUR, HOURS)
    assert clock.due_at == NOON + 4 * HOUR


def test_a_pause_that_is_heard_of_after_the_breach_takes_the_breach_back() -> None:
    ticket = a_ticket(Priority.URGENT)
    ticket.look(NOON + 4 * HOUR, HOURS, 1)
    assert ticket.clocks[ClockKind.RESOLUTION].breached_at
    wait = TicketWaiting(subject=TICKET, time=NOON + HOUR, waiting_for=WaitingFor.CUSTOMER_INFORMATION)
    events = ticket.wait(wait, HOURS)
    assert ticket.clocks[ClockKind.RESOLUTION].breached_at is None
    assert any(isinstance(event, SlaDueChanged) and event.due_at is None for event in events)


def test_meeting_a_clock_late_tells_of_the_breach_first() -> None:
    ticket = a_ticket(Priority.URGENT)
    events = ticket.meet((ClockKind.RESPONSE,), NOON + 3 * HOUR, HOURS)
    assert kinds(events) == [SlaBreached, SlaMet, SlaDeadlineMoved]
    assert ticket.meet((ClockKind.RESPONSE,), NOON + 4 * HOUR, HOURS) == []


def test_a_reply_in_time_that_is_heard_of_late_counts_as_in_time() -> None:
    ticket = a_ticket(Priority.URGENT)
    ticket.look(NOON + 2 * HOUR, HOURS, 1)
    met, moved = ticket.meet((ClockKind.RESPONSE,), NOON + HOUR, HOURS)
    assert isinstance(moved, SlaDeadlineMoved)
    assert not moved.late
    assert isinstance(met, SlaMet)
    assert met.within_target


def test_an_older_priority_does_not_undo_a_newer_one() -> None:
    ticket = a_ticket()
    ticket.prioritise(Priority.URGENT, NOON + HOUR, targets, HOURS)
    assert ticket.prioritise(Priority.NORMAL, NOON, targets, HOURS) == []
    assert ticket.priority is Priority.URGENT


def test_a_completion_that_a_reopening_overtook_stops_nothing() -> None:
    ticket = a_ticket(Priority.URGENT)
    ticket.accept(TicketSolutionAccepted(subject=TICKET, time=NOON + HOUR, round=1), HOURS)
    ticket.reopen(TicketReopened(subject=TICKET, time=NOON + 3 * HOUR, reason="r", round=2), HOURS)
    assert ticket.complete(completed(NOON + 2 * HOUR), HOURS) == []
    assert ticket.accept(TicketSolutionAccepted(subject=TICKET, time=NOON + HOUR, round=1), HOURS) == []
    assert ticket.clocks[ClockKind.RESOLUTION].state is State.RUNNING
    assert ticket.resolved_at is None


def test_a_reopening_older_than_the_completion_changes_nothing() -> None:
    ticket = a_ticket()
    ticket.complete(completed(NOON + 2 * HOUR), HOURS)
    assert ticket.reopen(TicketReopened(subject=TICKET, time=NOON + HOUR, reason="r", round=2), HOURS) == []
    assert not ticket.open


def test_a_second_dissatisfaction_starts_a_second_call_back_but_not_while_one_runs() -> None:
    ticket = a_ticket()
    assert SlaClockStarted in kinds(ticket.rate(rated(Satisfaction.DISSATISFIED), targets, HOURS))
    assert ticket.rate(rated(Satisfaction.DISSATISFIED, NOON + HOUR), targets, HOURS) == []
    ticket.meet((ClockKind.CALL_BACK,), NOON + 2 * HOUR, HOURS)
    assert SlaClockStarted in kinds(ticket.rate(rated(Satisfaction.DISSATISFIED, NOON + 3 * HOUR), targets, HOURS))


def test_dissatisfaction_that_is_heard_of_after_the_end_starts_nothing() -> None:
    ticket = a_ticket()
    ticket.complete(completed(NOON + HOUR), HOURS)
    assert ticket.rate(rated(Satisfaction.DISSATISFIED, NOON), targets, HOURS) == []
    assert ticket.satisfaction is Satisfaction.DISSATISFIED


def test_after_each_firing_the_next_moment_lies_ahead_until_none_is_left() -> None:
    ticket, fired = a_ticket(Priority.URGENT), 0
    while ticket.due_at:
        now = ticket.due_at
        ticket.look(now, HOURS, 1)
        fired += 1
        assert ticket.due_at is None or ticket.due_at > now
    assert fired == 8  # four clocks, a warning and a breach each
    assert ticket.deadline == NOON + 2 * HOUR


def test_a_new_calendar_moves_what_is_open_and_leaves_what_stopped() -> None:
    ticket = a_ticket()
    ticket.meet((ClockKind.DIAGNOSIS,), NOON + 3 * HOUR, HOURS)
    week = CN_WEEK.model_copy(update={"overrides": {"2026-03-02": "off"}})
    other = WorkingTime(week, public_holidays("CN", 2025, 2029), 2025, 2029)
    events = ticket.look(NOON + 4 * HOUR, other, 2)
    assert {event.clock for event in events if isinstance(event, SlaDueChanged)} == {
        ClockKind.RESOLUTION,
        ClockKind.CONSULTATION,
    }
    assert ticket.clocks[ClockKind.DIAGNOSIS].elapsed_ms == 1.5 * 3_600_000
    assert ticket.look(NOON + 4 * HOUR, other, 2) == []


# ---- policies


def a_policy(company: str = "华东贸易有限公司") -> Policy:
    policy = Policy(id="huadong", company=company)
    policy.promise(company, NOON, "cn", {}, TERMS, NOON)
    return policy


FASTER = {ClockKind.RESPONSE: {Priority.URGENT: Promise(amount=0.5, unit=Unit.HOURS)}}


def test_what_a_version_does_not_name_stays_as_it_was() -> None:
    policy = a_policy()
    policy.promise(policy.company, NOON + HOUR, "cn", FASTER, TERMS, NOON)
    terms = policy.at(NOON + HOUR)
    assert terms
    assert terms.promise(ClockKind.RESPONSE, Priority.URGENT).amount == 0.5
    assert terms.promise(ClockKind.RESPONSE, Priority.HIGH).amount == 8
    assert terms.promises[ClockKind.CALL_BACK] == PROCESS[ClockKind.CALL_BACK]


def test_a_ticket_keeps_the_version_of_its_time() -> None:
    policy = a_policy()
    policy.promise(policy.company, NOON + HOUR, "cn", FASTER, TERMS, NOON)
    before, after, never = policy.at(NOON), policy.at(NOON + HOUR), policy.at(NOON - HOUR)
    assert isinstance(before, Terms)
    assert before.promise(ClockKind.RESPONSE, Priority.URGENT).amount == 2
    assert after is not before
    assert never is None


def test_the_same_promise_again_adds_no_version() -> None:
    policy = a_policy()
    policy.promise(policy.company, NOON + HOUR, "cn", {}, TERMS, NOON)
    assert len(policy.terms) == 1


def test_a_version_in_the_past_is_refused() -> None:
    with pytest.raises(Backdated):
        a_policy().promise("华东贸易有限公司", NOON - HOUR, "cn", FASTER, TERMS, NOON)


def test_a_policy_stays_with_its_company() -> None:
    with pytest.raises(OtherCompany):
        a_policy().promise("North Securities", NOON, "cn", FASTER, TERMS, NOON)


def test_the_first_deadline_is_told_when_it_moves_and_only_then() -> None:
    ticket = a_ticket(Priority.NORMAL)
    assert (ticket.deadline, ticket.deadline_of) == (ticket.clocks[ClockKind.DIAGNOSIS].due_at, ClockKind.DIAGNOSIS)
    assert ticket.meet((ClockKind.CONSULTATION,), NOON, HOURS)[-1].kind == "sla.met"
    moved = ticket.meet((ClockKind.DIAGNOSIS,), NOON, HOURS)[-1]
    assert isinstance(moved, SlaDeadlineMoved)
    assert moved.clock is ClockKind.RESPONSE


def test_the_deadline_is_not_told_before_the_diagnosis_and_with_it_in_any_case() -> None:
    ticket = a_ticket()
    assert SlaDeadlineMoved not in kinds(ticket.look(NOON + HOUR, HOURS, 1))
    before = ticket.deadline
    moved = ticket.prioritise(Priority.NORMAL, NOON + HOUR, targets, HOURS)[-1]
    assert isinstance(moved, SlaDeadlineMoved)
    assert moved.due_at == before


def test_a_yes_that_is_heard_after_the_ticket_was_completed_still_meets_the_resolution() -> None:
    ticket = a_ticket(Priority.URGENT)
    ticket.complete(completed(NOON + 2 * HOUR), HOURS)
    accepted = TicketSolutionAccepted(subject=TICKET, time=NOON + HOUR, round=1)
    met = {event.clock: event for event in ticket.accept(accepted, HOURS) if isinstance(event, SlaMet)}
    resolution = met[ClockKind.RESOLUTION]
    assert (resolution.elapsed_seconds, resolution.within_target) == (3600, True)
    assert not ticket.open


def test_what_happens_after_the_ticket_was_completed_meets_nothing() -> None:
    ticket = a_ticket(Priority.URGENT)
    ticket.complete(completed(NOON + HOUR), HOURS)
    assert ticket.meet((ClockKind.RESPONSE,), NOON + 2 * HOUR, HOURS) == []
    assert ticket.clocks[ClockKind.RESPONSE].met_at is None
