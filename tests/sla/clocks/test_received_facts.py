"""The facts of a ticket, received in any order, without bus or store."""

from datetime import UTC, datetime, timedelta

import pytest

from services.sla.calendars.defaults import CN_WEEK
from services.sla.clocks.clock import ClockState
from services.sla.clocks.domain import TicketClocks
from services.sla.clocks.facts import fact_of
from services.sla.clocks.received_facts import MAX_FACTS
from shared.terms import ClockKind, Priority, Satisfaction, WaitingFor
from shared.testing import NOON
from tests.sla.builders import (
    Listener,
    a_listener,
    accepted,
    completed,
    confirmed,
    default_rules,
    diagnosed,
    message,
    met,
    opened,
    rated,
    reclassified,
    rejected,
    reopened,
    resumed,
    running,
    waiting,
)

HOUR = timedelta(hours=1)
FROM_THE_START = {ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.DIAGNOSIS, ClockKind.CONSULTATION}
INFORMATION, VERIFICATION = WaitingFor.CUSTOMER_INFORMATION, WaitingFor.CUSTOMER_VERIFICATION


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
    listener.receive(*SOLVED[:late], *SOLVED[late + 1 :], SOLVED[late])
    ticket = listener.ticket
    assert (ticket.resolved_at, ticket.completed_at) == (NOON + 2 * HOUR, NOON + 3 * HOUR)
    assert ticket.waiting_for is WaitingFor.NONE
    assert met(listener) == {
        ClockKind.RESPONSE,
        ClockKind.RESOLUTION,
        ClockKind.CONSULTATION,
        ClockKind.VERIFICATION_WAIT,
    }
    assert running(listener) == set()
    assert not ticket.open


def test_of_one_maker_the_greater_revision_holds_not_the_later_clock() -> None:
    listener = a_listener()
    listener.receive(waiting(INFORMATION, NOON + HOUR + timedelta(seconds=3), revision=2))
    listener.receive(resumed(INFORMATION, NOON + HOUR, revision=3))
    assert listener.ticket.waiting_for is WaitingFor.NONE
    listener.receive(reclassified(Priority.HIGH, NOON + 2 * HOUR + timedelta(seconds=3), revision=2))
    listener.receive(reclassified(Priority.URGENT, NOON + 2 * HOUR, revision=3))
    assert listener.ticket.priority is Priority.URGENT


def test_an_older_completion_does_not_close_what_was_reopened() -> None:
    first, second = NOON + HOUR, NOON + 3 * HOUR
    listener = a_listener(Priority.URGENT)
    listener.receive(accepted(first, revision=2), reopened(second, revision=4), completed(first + HOUR, revision=3))
    assert (listener.ticket.resolved_at, listener.ticket.completed_at) == (None, None)
    assert running(listener) == {ClockKind.RESOLUTION, ClockKind.CONSULTATION}


def test_a_second_completion_that_is_heard_before_the_reopening_holds() -> None:
    listener = a_listener(Priority.URGENT)
    listener.receive(accepted(NOON + HOUR, revision=2), completed(NOON + HOUR, revision=3))
    listener.receive(
        completed(NOON + 9 * HOUR, revision=6),
        accepted(NOON + 8 * HOUR, revision=5),
        reopened(NOON + 7 * HOUR, revision=4),
    )
    assert (listener.ticket.resolved_at, listener.ticket.completed_at) == (NOON + 8 * HOUR, NOON + 9 * HOUR)
    assert listener.clock(ClockKind.RESOLUTION).elapsed_ms == 2 * 3_600_000
    assert not listener.ticket.open


def test_nothing_follows_before_the_opening_is_heard_and_then_everything() -> None:
    listener = Listener()
    assert listener.receive(message(NOON + timedelta(minutes=7), revision=2)) == []
    assert (listener.ticket.opened_at, listener.ticket.due_at, listener.ticket.open) == (None, None, False)
    listener.receive(opened(revision=1))
    assert listener.clock(ClockKind.RESPONSE).elapsed_ms == 420_000


def test_facts_of_an_older_release_are_ordered_by_time_among_those_that_know_their_revision() -> None:
    listener = a_listener()
    listener.receive(reopened(NOON + 3 * HOUR, revision=9), completed(NOON + 5 * HOUR))
    assert listener.ticket.completed_at == NOON + 5 * HOUR
    listener.receive(completed(NOON + 2 * HOUR))
    assert listener.ticket.completed_at == NOON + 5 * HOUR


def test_what_another_makers_clock_dates_before_the_opening_counts_from_the_opening() -> None:
    listener = a_listener()
    listener.receive(diagnosed(Priority.URGENT, NOON - timedelta(seconds=5), revision=1))
    assert listener.clock(ClockKind.DIAGNOSIS).met_at == NOON
    assert listener.clock(ClockKind.RESPONSE).ledger[0].start == NOON


def test_a_fact_from_the_future_counts_from_when_it_was_heard() -> None:
    listener = a_listener()
    now = NOON + HOUR
    listener.receive(waiting(INFORMATION, datetime(2199, 1, 1, tzinfo=UTC), revision=2), now=now)
    assert listener.clock(ClockKind.RESOLUTION).ledger[-1].start == now
    listener.receive(resumed(INFORMATION, now + HOUR, revision=3))
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


def test_of_many_replies_the_first_is_the_response() -> None:
    listener = a_listener()
    replies = [message(NOON + n * HOUR, revision=2 + n) for n in range(5)]
    listener.receive(replies[3], replies[1], replies[4], replies[0], replies[2])
    assert [fact.event for fact in listener.ticket.facts[1:]] == [reply.id for reply in replies]
    assert listener.clock(ClockKind.RESPONSE).met_at == NOON


def test_beyond_the_bound_the_older_facts_are_kept_as_what_followed_from_them() -> None:
    """The customer is waited for in every other minute."""
    listener = a_listener(Priority.NORMAL)
    waits = [
        (waiting if n % 2 == 0 else resumed)(INFORMATION, NOON + timedelta(minutes=n), revision=2 + n)
        for n in range(MAX_FACTS)
    ]
    listener.ticket.facts += [fact for event in waits[:-4] if (fact := fact_of(event, event.time))]
    listener.receive(*waits[-4:])
    assert len(listener.ticket.facts) < 0.6 * MAX_FACTS
    assert listener.ticket.base
    before = listener.ticket.model_dump()
    assert listener.receive(rejected(NOON, revision=2)) == []
    assert listener.ticket.model_dump(exclude={"version"}) == {k: v for k, v in before.items() if k != "version"}
    end = NOON + timedelta(minutes=MAX_FACTS)
    listener.receive(accepted(end, revision=MAX_FACTS + 2))
    runs = [segment for segment in listener.clock(ClockKind.RESOLUTION).ledger if segment.kind == "run"]
    ran = [segment.end - segment.start for segment in runs if segment.end]
    assert sum(ran, timedelta()) == timedelta(minutes=MAX_FACTS / 2)
    assert listener.ticket.resolved_at == end


def test_a_new_calendar_moves_what_is_open_and_leaves_what_stopped() -> None:
    listener = Listener(default_rules())
    listener.receive(opened(revision=1))
    listener.receive(confirmed(NOON + 3 * HOUR, revision=1))
    due = listener.clock(ClockKind.RESOLUTION).due_at
    day_off = CN_WEEK.model_copy(update={"overrides": {"2026-03-02": "off"}})
    listener.rules.calendars.get("cn").change(day_off, None, NOON + 4 * HOUR)
    listener.check_due(NOON + 4 * HOUR)
    moved = listener.clock(ClockKind.RESOLUTION).due_at
    assert due
    assert moved
    assert moved > due
    assert listener.clock(ClockKind.DIAGNOSIS).elapsed_ms == 1.5 * 3_600_000
    assert listener.check_due(NOON + 4 * HOUR) == []
    # Also when a late fact has everything gone through again.
    listener.receive(message(NOON + HOUR, revision=2))
    assert listener.clock(ClockKind.DIAGNOSIS).elapsed_ms == 1.5 * 3_600_000
    assert listener.clock(ClockKind.RESOLUTION).due_at == moved


def test_a_document_of_the_release_before_facts_goes_on_from_where_it_stands() -> None:
    listener = a_listener(Priority.URGENT)
    old = listener.ticket.model_dump(
        exclude={"facts", "base", "last_published", "policy_revision", "calendar_since", "heard_until"}
    )
    listener.ticket = TicketClocks.model_validate(old)
    listener.receive(waiting(VERIFICATION, NOON + HOUR, revision=5), accepted(NOON + 2 * HOUR, revision=6))
    assert listener.clock(ClockKind.RESOLUTION).elapsed_ms == 3_600_000
    assert listener.receive(opened(NOON + 3 * HOUR)) == []
    assert listener.ticket.opened_at == NOON


def test_what_was_published_and_the_revision_of_the_policy_are_stored_by_the_names_of_earlier_releases() -> None:
    ticket = a_listener(Priority.URGENT).ticket
    stored = ticket.model_dump()
    assert {"told", "promise"} < stored.keys()
    assert stored.keys().isdisjoint({"last_published", "policy_revision"})
    read = TicketClocks.model_validate({**stored, "promise": 3})
    assert (read.last_published, read.policy_revision) == (ticket.last_published, 3)
    assert read.last_published
