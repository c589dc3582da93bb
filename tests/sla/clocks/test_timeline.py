"""What the facts about a ticket start, pause, meet and stop."""

from datetime import timedelta

import pytest

from services.sla.clocks.clock import ClockState
from services.sla.policies.targets import TargetDuration
from shared.events import Event
from shared.terms import ClockKind, Priority, Satisfaction, WaitingFor
from shared.testing import NOON
from tests.sla.builders import (
    a_listener,
    accepted,
    called_back,
    completed,
    consultation,
    diagnosed,
    message,
    met,
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


def test_an_opened_ticket_starts_four_clocks() -> None:
    listener = a_listener()
    assert set(listener.ticket.clocks) == running(listener) == FROM_THE_START


def test_only_a_reply_of_staff_that_the_customer_can_read_meets_the_response() -> None:
    for how in ({"internal": True}, {"by_staff": False}, {"by_staff": False, "recorded_by": "a-lin"}):
        listener = a_listener()
        assert listener.receive(message(NOON + HOUR, revision=2, **how)) == []
        assert met(listener) == set()


@pytest.mark.parametrize(
    "told",
    [waiting(VERIFICATION, NOON + HOUR, revision=2), accepted(NOON + HOUR, revision=2)],
    ids=["asked", "accepted"],
)
def test_without_a_message_the_solution_that_the_customer_is_told_is_the_response(told: Event) -> None:
    listener = a_listener(Priority.URGENT)
    listener.receive(told)
    assert listener.clock(ClockKind.RESPONSE).met_at == NOON + HOUR
    assert listener.clock(ClockKind.RESPONSE).within_target


def test_a_reply_that_comes_before_the_solution_is_the_response() -> None:
    listener = a_listener()
    listener.receive(waiting(VERIFICATION, NOON + 2 * HOUR, revision=3), message(NOON + HOUR, revision=2))
    assert listener.clock(ClockKind.RESPONSE).met_at == NOON + HOUR


@pytest.mark.parametrize("why", [WaitingFor.THIRD_PARTY, WaitingFor.of("a moon phase")])
def test_only_the_customers_silence_pauses(why: WaitingFor) -> None:
    listener = a_listener()
    listener.receive(waiting(why, NOON + HOUR, revision=2))
    assert running(listener) == FROM_THE_START
    assert listener.ticket.waiting_for == why


def test_the_end_of_one_wait_is_not_the_end_of_another() -> None:
    at = NOON + HOUR
    listener = a_listener()
    listener.receive(
        waiting(INFORMATION, revision=2),
        waiting(VERIFICATION, at, revision=3),
        resumed(INFORMATION, at, revision=3),
    )
    assert listener.ticket.waiting_for is VERIFICATION
    assert listener.clock(ClockKind.RESOLUTION).due_at is None


def test_the_customers_no_lets_the_clocks_run_on() -> None:
    listener = a_listener(Priority.URGENT)
    listener.receive(waiting(VERIFICATION, NOON + HOUR, revision=2), rejected(NOON + 2 * HOUR, revision=3))
    assert listener.clock(ClockKind.RESOLUTION).due_at == NOON + 5 * HOUR


def test_a_priority_that_only_a_newer_release_knows_has_the_targets_of_a_normal_one() -> None:
    listener = a_listener()
    listener.receive(diagnosed(Priority.of("catastrophic"), revision=1))
    assert listener.ticket.priority == "catastrophic"
    assert listener.clock(ClockKind.RESPONSE).due_at == NOON + 24 * HOUR


def test_reopening_runs_resolution_and_consultation_on_by_the_present_priority() -> None:
    listener = a_listener(Priority.NORMAL)
    listener.receive(consultation(NOON + HOUR, revision=2), accepted(NOON + HOUR, revision=2))
    listener.receive(completed(NOON + HOUR, revision=3), reclassified(Priority.URGENT, NOON + 2 * HOUR, revision=3))
    listener.receive(reopened(NOON + 9 * HOUR, revision=4))
    assert running(listener) == {ClockKind.RESOLUTION, ClockKind.CONSULTATION}
    assert listener.clock(ClockKind.RESOLUTION).target == TargetDuration(seconds=4 * 3600, business_time=False)
    assert listener.ticket.satisfaction is None


def test_where_a_closing_is_undone_the_clocks_that_it_stopped_run_on() -> None:
    listener = a_listener()
    listener.receive(consultation(NOON + HOUR, revision=2), completed(NOON + 2 * HOUR, revision=3))
    assert running(listener) == set()
    listener.receive(reopened(NOON + 3 * HOUR, revision=4, undone=True))
    assert running(listener) == {ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.DIAGNOSIS}


def test_a_ticket_that_waits_from_its_reopening_on_is_paused() -> None:
    listener = a_listener()
    listener.receive(completed(NOON + HOUR, revision=3))
    wait = waiting(INFORMATION, NOON + 2 * HOUR, revision=4)
    listener.receive(wait, reopened(NOON + 2 * HOUR, revision=4, undone=True))
    assert listener.ticket.waiting_for == INFORMATION
    assert listener.clock(ClockKind.RESOLUTION).state is ClockState.PAUSED
    assert listener.clock(ClockKind.RESPONSE).state is ClockState.RUNNING


def test_a_second_bad_rating_gets_a_second_call_back_and_the_first_stays_on_record() -> None:
    listener = a_listener()
    first = rated(Satisfaction.DISSATISFIED, NOON + HOUR, revision=3)
    assert listener.receive(accepted(revision=2), first)[0].kind == "sla.call_back_due"
    listener.receive(called_back(NOON + 2 * HOUR, revision=4), completed(NOON + 3 * HOUR, revision=5))
    listener.receive(reopened(NOON + 4 * HOUR, revision=6), accepted(NOON + 5 * HOUR, revision=7))
    again = listener.receive(rated(Satisfaction.DISSATISFIED, NOON + 6 * HOUR, revision=8))
    assert again[0].kind == "sla.call_back_due"
    assert [clock.met_at for clock in listener.ticket.earlier_call_backs] == [NOON + 2 * HOUR]
    assert listener.clock(ClockKind.CALL_BACK).due_at == NOON + 18 * HOUR
    assert listener.receive(rated(Satisfaction.DISSATISFIED, NOON + 7 * HOUR, revision=9)) == []
    assert len(listener.ticket.earlier_call_backs) == 1


def test_a_call_back_begins_though_the_completion_was_heard_before_the_feedback() -> None:
    listener = a_listener()
    listener.receive(
        accepted(NOON + HOUR, revision=2),
        completed(NOON + 5 * HOUR, revision=5),
        called_back(NOON + 4 * HOUR, revision=4),
        rated(Satisfaction.DISSATISFIED, NOON + 3 * HOUR, revision=3),
    )
    call_back = listener.clock(ClockKind.CALL_BACK)
    assert (call_back.met_at, call_back.elapsed_ms) == (NOON + 4 * HOUR, 3_600_000)
    assert "sla.call_back_due" not in {event.kind for event in listener.published}


@pytest.mark.parametrize("satisfaction", [Satisfaction.SATISFIED, Satisfaction.of("delighted")])
def test_nobody_else_is_called_back(satisfaction: Satisfaction) -> None:
    listener = a_listener()
    listener.receive(accepted(revision=2), rated(satisfaction, NOON + HOUR, revision=3))
    assert ClockKind.CALL_BACK not in listener.ticket.clocks
    assert listener.ticket.satisfaction == satisfaction


def test_what_happens_after_the_ticket_was_completed_meets_nothing() -> None:
    listener = a_listener(Priority.URGENT)
    listener.receive(completed(NOON + HOUR, revision=2), message(NOON + 2 * HOUR, revision=3))
    assert met(listener) == {ClockKind.DIAGNOSIS}
