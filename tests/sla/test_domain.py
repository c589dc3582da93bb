"""The clocks of a ticket without bus or store: what follows from the facts."""

from datetime import UTC, datetime, timedelta

import pytest

from services.sla.calendars.defaults import CN_WEEK
from services.sla.clocks.clock import ClockState
from services.sla.clocks.domain import TicketClocks
from services.sla.clocks.facts import fact_of
from services.sla.clocks.received_facts import MAX_FACTS
from shared.events import Event
from shared.terms import ClockKind, Priority, Satisfaction, WaitingFor
from shared.testing import NOON
from tests.sla.builders import (
    Listener,
    accepted,
    called_back,
    completed,
    confirmed,
    consultation,
    default_rules,
    diagnosed,
    message,
    opened,
    rated,
    reclassified,
    rejected,
    reopened,
    resumed,
    waiting,
)

HOUR = timedelta(hours=1)
FROM_THE_START = {ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.DIAGNOSIS, ClockKind.CONSULTATION}
INFORMATION, VERIFICATION = WaitingFor.CUSTOMER_INFORMATION, WaitingFor.CUSTOMER_VERIFICATION


def a_listener(priority: Priority | None = None) -> Listener:
    listener = Listener()
    listener.hears(opened(revision=1))
    if priority:
        listener.hears(diagnosed(priority, revision=1))
    return listener


def running(listener: Listener) -> set[ClockKind]:
    return {kind for kind, clock in listener.ticket.clocks.items() if clock.state is ClockState.RUNNING}


def met(listener: Listener) -> set[ClockKind]:
    return {kind for kind, clock in listener.ticket.clocks.items() if clock.met_at}


# ---- whatever the order


SOLVED = [
    opened(revision=1),
    waiting(VERIFICATION, NOON + HOUR, revision=5),
    resumed(VERIFICATION, NOON + 2 * HOUR, revision=6),
    accepted(NOON + 2 * HOUR, revision=6),
    rated(Satisfaction.SATISFIED, NOON + 3 * HOUR, revision=7),
    completed(NOON + 3 * HOUR, revision=7),
]


@pytest.mark.parametrize("late", range(len(SOLVED)))
def test_whichever_fact_comes_last_the_outcome_is_the_same(late: int) -> None:
    listener = Listener()
    listener.hears(*SOLVED[:late], *SOLVED[late + 1 :], SOLVED[late])
    ticket = listener.ticket
    assert (ticket.resolved_at, ticket.completed_at) == (NOON + 2 * HOUR, NOON + 3 * HOUR)
    assert ticket.waiting_for is WaitingFor.NONE
    assert met(listener) == {ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.CONSULTATION}
    assert running(listener) == set()
    assert not ticket.open


def test_of_one_maker_the_greater_revision_holds_not_the_later_clock() -> None:
    listener = a_listener()
    listener.hears(waiting(INFORMATION, NOON + HOUR + timedelta(seconds=3), revision=2))
    listener.hears(resumed(INFORMATION, NOON + HOUR, revision=3))
    assert listener.ticket.waiting_for is WaitingFor.NONE
    listener.hears(reclassified(Priority.HIGH, NOON + 2 * HOUR + timedelta(seconds=3), revision=2))
    listener.hears(reclassified(Priority.URGENT, NOON + 2 * HOUR, revision=3))
    assert listener.ticket.priority is Priority.URGENT


def test_an_older_completion_does_not_close_what_was_reopened() -> None:
    first, second = NOON + HOUR, NOON + 3 * HOUR
    listener = a_listener(Priority.URGENT)
    listener.hears(accepted(first, revision=2), reopened(second, revision=4), completed(first + HOUR, revision=3))
    assert (listener.ticket.resolved_at, listener.ticket.completed_at) == (None, None)
    assert running(listener) == {ClockKind.RESOLUTION, ClockKind.CONSULTATION}


def test_a_second_completion_that_is_heard_before_the_reopening_holds() -> None:
    listener = a_listener(Priority.URGENT)
    listener.hears(accepted(NOON + HOUR, revision=2), completed(NOON + HOUR, revision=3))
    listener.hears(
        completed(NOON + 9 * HOUR, revision=6),
        accepted(NOON + 8 * HOUR, revision=5),
        reopened(NOON + 7 * HOUR, revision=4),
    )
    assert (listener.ticket.resolved_at, listener.ticket.completed_at) == (NOON + 8 * HOUR, NOON + 9 * HOUR)
    assert listener.clock(ClockKind.RESOLUTION).elapsed_ms == 2 * 3_600_000
    assert not listener.ticket.open


def test_nothing_follows_before_the_opening_is_heard_and_then_everything() -> None:
    listener = Listener()
    assert listener.hears(message(NOON + timedelta(minutes=7), revision=2)) == []
    assert (listener.ticket.opened_at, listener.ticket.due_at, listener.ticket.open) == (None, None, False)
    listener.hears(opened(revision=1))
    assert listener.clock(ClockKind.RESPONSE).elapsed_ms == 420_000


def test_facts_of_an_older_release_are_ordered_by_time_among_those_that_know_their_revision() -> None:
    listener = a_listener()
    listener.hears(reopened(NOON + 3 * HOUR, revision=9), completed(NOON + 5 * HOUR))
    assert listener.ticket.completed_at == NOON + 5 * HOUR
    listener.hears(completed(NOON + 2 * HOUR))
    assert listener.ticket.completed_at == NOON + 5 * HOUR


def test_what_another_makers_clock_dates_before_the_opening_counts_from_the_opening() -> None:
    listener = a_listener()
    listener.hears(diagnosed(Priority.URGENT, NOON - timedelta(seconds=5), revision=1))
    assert listener.clock(ClockKind.DIAGNOSIS).met_at == NOON
    assert listener.clock(ClockKind.RESPONSE).ledger[0].start == NOON


def test_a_fact_from_the_future_counts_from_when_it_was_heard() -> None:
    listener = a_listener()
    now = NOON + HOUR
    listener.hears(waiting(INFORMATION, datetime(2199, 1, 1, tzinfo=UTC), revision=2), now=now)
    assert listener.clock(ClockKind.RESOLUTION).ledger[-1].start == now
    listener.hears(resumed(INFORMATION, now + HOUR, revision=3))
    assert listener.clock(ClockKind.RESOLUTION).state is ClockState.RUNNING


def test_an_opening_by_another_event_contradicts_and_changes_nothing() -> None:
    listener = a_listener()
    other = opened(NOON + HOUR, company="North Securities", revision=1)
    fact = fact_of(other, other.time)
    assert fact
    assert listener.ticket.contradicts(fact)
    before = listener.ticket.model_dump()
    assert listener.ticket.record(fact, listener.rules) == []
    assert {**listener.ticket.model_dump(), "version": 0} == {**before, "version": 0}


def test_of_many_replies_only_the_first_is_kept() -> None:
    listener = a_listener()
    replies = [message(NOON + n * HOUR, revision=2 + n) for n in range(5)]
    listener.hears(replies[3], replies[1], replies[4], replies[0], replies[2])
    assert [fact.event for fact in listener.ticket.facts[1:]] == [replies[0].id]
    assert listener.clock(ClockKind.RESPONSE).met_at == NOON


def test_beyond_the_bound_the_older_facts_are_kept_as_what_followed_from_them() -> None:
    """The customer is waited for in every other minute."""
    listener = a_listener(Priority.NORMAL)
    waits = [
        (waiting if n % 2 == 0 else resumed)(INFORMATION, NOON + timedelta(minutes=n), revision=2 + n)
        for n in range(MAX_FACTS)
    ]
    listener.ticket.facts += [fact for event in waits[:-4] if (fact := fact_of(event, event.time))]
    listener.hears(*waits[-4:])
    assert len(listener.ticket.facts) < 0.6 * MAX_FACTS
    assert listener.ticket.base
    before = listener.ticket.model_dump()
    assert listener.hears(rejected(NOON, revision=2)) == []
    assert listener.ticket.model_dump(exclude={"version"}) == {k: v for k, v in before.items() if k != "version"}
    end = NOON + timedelta(minutes=MAX_FACTS)
    listener.hears(accepted(end, revision=MAX_FACTS + 2))
    runs = [segment for segment in listener.clock(ClockKind.RESOLUTION).ledger if segment.kind == "run"]
    ran = [segment.end - segment.start for segment in runs if segment.end]
    assert sum(ran, timedelta()) == timedelta(minutes=MAX_FACTS / 2)
    assert listener.ticket.resolved_at == end


# ---- what starts, pauses and meets which clock


def test_an_opened_ticket_starts_four_clocks() -> None:
    listener = a_listener()
    assert set(listener.ticket.clocks) == running(listener) == FROM_THE_START


def test_only_a_reply_of_staff_that_the_customer_can_read_meets_the_response() -> None:
    for how in ({"internal": True}, {"by_staff": False}, {"by_staff": False, "recorded_by": "a-lin"}):
        listener = a_listener()
        assert listener.hears(message(NOON + HOUR, revision=2, **how)) == []
        assert met(listener) == set()


@pytest.mark.parametrize(
    "told",
    [waiting(VERIFICATION, NOON + HOUR, revision=2), accepted(NOON + HOUR, revision=2)],
    ids=["asked", "accepted"],
)
def test_without_a_message_the_solution_that_the_customer_is_told_is_the_response(told: Event) -> None:
    listener = a_listener(Priority.URGENT)
    listener.hears(told)
    assert listener.clock(ClockKind.RESPONSE).met_at == NOON + HOUR
    assert listener.clock(ClockKind.RESPONSE).within_target


def test_a_reply_that_comes_before_the_solution_is_the_response() -> None:
    listener = a_listener()
    listener.hears(waiting(VERIFICATION, NOON + 2 * HOUR, revision=3), message(NOON + HOUR, revision=2))
    assert listener.clock(ClockKind.RESPONSE).met_at == NOON + HOUR


@pytest.mark.parametrize("why", [WaitingFor.THIRD_PARTY, WaitingFor.of("a moon phase")])
def test_only_the_customers_silence_pauses(why: WaitingFor) -> None:
    listener = a_listener()
    listener.hears(waiting(why, NOON + HOUR, revision=2))
    assert running(listener) == FROM_THE_START
    assert listener.ticket.waiting_for == why


def test_the_end_of_one_wait_is_not_the_end_of_another() -> None:
    at = NOON + HOUR
    listener = a_listener()
    listener.hears(
        waiting(INFORMATION, revision=2),
        waiting(VERIFICATION, at, revision=3),
        resumed(INFORMATION, at, revision=3),
    )
    assert listener.ticket.waiting_for is VERIFICATION
    assert listener.clock(ClockKind.RESOLUTION).due_at is None


def test_the_customers_no_lets_the_clocks_run_on() -> None:
    listener = a_listener(Priority.URGENT)
    listener.hears(waiting(VERIFICATION, NOON + HOUR, revision=2), rejected(NOON + 2 * HOUR, revision=3))
    assert listener.clock(ClockKind.RESOLUTION).due_at == NOON + 5 * HOUR


def test_a_priority_that_only_a_newer_release_knows_has_the_targets_of_a_normal_one() -> None:
    listener = a_listener()
    listener.hears(diagnosed(Priority.of("catastrophic"), revision=1))
    assert listener.ticket.priority == "catastrophic"
    assert listener.clock(ClockKind.RESPONSE).due_at == NOON + 24 * HOUR


def test_reopening_runs_resolution_and_consultation_on_by_the_present_priority() -> None:
    listener = a_listener(Priority.NORMAL)
    listener.hears(consultation(NOON + HOUR, revision=2), accepted(NOON + HOUR, revision=2))
    listener.hears(completed(NOON + HOUR, revision=3), reclassified(Priority.URGENT, NOON + 2 * HOUR, revision=3))
    listener.hears(reopened(NOON + 9 * HOUR, revision=4))
    assert running(listener) == {ClockKind.RESOLUTION, ClockKind.CONSULTATION}
    assert listener.clock(ClockKind.RESOLUTION).target.seconds == 4 * 3600
    assert listener.ticket.satisfaction is None


def test_a_second_bad_rating_gets_a_second_call_back_and_the_first_stays_on_record() -> None:
    listener = a_listener()
    first = rated(Satisfaction.DISSATISFIED, NOON + HOUR, revision=3)
    assert listener.hears(accepted(revision=2), first)[0].kind == "sla.call_back_due"
    listener.hears(called_back(NOON + 2 * HOUR, revision=4), completed(NOON + 3 * HOUR, revision=5))
    listener.hears(reopened(NOON + 4 * HOUR, revision=6), accepted(NOON + 5 * HOUR, revision=7))
    again = listener.hears(rated(Satisfaction.DISSATISFIED, NOON + 6 * HOUR, revision=8))
    assert again[0].kind == "sla.call_back_due"
    assert [clock.met_at for clock in listener.ticket.earlier_call_backs] == [NOON + 2 * HOUR]
    assert listener.clock(ClockKind.CALL_BACK).due_at == NOON + 18 * HOUR
    assert listener.hears(rated(Satisfaction.DISSATISFIED, NOON + 7 * HOUR, revision=9)) == []
    assert len(listener.ticket.earlier_call_backs) == 1


def test_a_call_back_begins_though_the_completion_was_heard_before_the_feedback() -> None:
    listener = a_listener()
    listener.hears(
        accepted(NOON + HOUR, revision=2),
        completed(NOON + 5 * HOUR, revision=5),
        called_back(NOON + 4 * HOUR, revision=4),
        rated(Satisfaction.DISSATISFIED, NOON + 3 * HOUR, revision=3),
    )
    call_back = listener.clock(ClockKind.CALL_BACK)
    assert (call_back.met_at, call_back.elapsed_ms) == (NOON + 4 * HOUR, 3_600_000)
    assert "sla.call_back_due" not in {event.kind for event in listener.told}


@pytest.mark.parametrize("satisfaction", [Satisfaction.SATISFIED, Satisfaction.of("delighted")])
def test_nobody_else_is_called_back(satisfaction: Satisfaction) -> None:
    listener = a_listener()
    listener.hears(accepted(revision=2), rated(satisfaction, NOON + HOUR, revision=3))
    assert ClockKind.CALL_BACK not in listener.ticket.clocks
    assert listener.ticket.satisfaction == satisfaction


def test_what_happens_after_the_ticket_was_completed_meets_nothing() -> None:
    listener = a_listener(Priority.URGENT)
    listener.hears(completed(NOON + HOUR, revision=2), message(NOON + 2 * HOUR, revision=3))
    assert met(listener) == {ClockKind.DIAGNOSIS}


# ---- calendars


def test_a_new_calendar_moves_what_is_open_and_leaves_what_stopped() -> None:
    listener = Listener(default_rules())
    listener.hears(opened(revision=1))
    listener.hears(confirmed(NOON + 3 * HOUR, revision=1))
    due = listener.clock(ClockKind.RESOLUTION).due_at
    day_off = CN_WEEK.model_copy(update={"overrides": {"2026-03-02": "off"}})
    listener.rules.calendars.get("cn").change(day_off, NOON + 4 * HOUR)
    listener.looks(NOON + 4 * HOUR)
    moved = listener.clock(ClockKind.RESOLUTION).due_at
    assert due
    assert moved
    assert moved > due
    assert listener.clock(ClockKind.DIAGNOSIS).elapsed_ms == 1.5 * 3_600_000
    assert listener.looks(NOON + 4 * HOUR) == []
    # Also when a late fact has everything gone through again.
    listener.hears(message(NOON + HOUR, revision=2))
    assert listener.clock(ClockKind.DIAGNOSIS).elapsed_ms == 1.5 * 3_600_000
    assert listener.clock(ClockKind.RESOLUTION).due_at == moved


def test_a_document_of_the_release_before_facts_goes_on_from_where_it_stands() -> None:
    listener = a_listener(Priority.URGENT)
    old = listener.ticket.model_dump(exclude={"facts", "base", "told", "promise", "calendar_since", "heard_until"})
    listener.ticket = TicketClocks.model_validate(old)
    listener.hears(waiting(VERIFICATION, NOON + HOUR, revision=5), accepted(NOON + 2 * HOUR, revision=6))
    assert listener.clock(ClockKind.RESOLUTION).elapsed_ms == 3_600_000
    assert listener.hears(opened(NOON + 3 * HOUR)) == []
    assert listener.ticket.opened_at == NOON
