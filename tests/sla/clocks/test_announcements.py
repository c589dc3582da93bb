"""What is published about the clocks: what is new, once, and what turned out to be otherwise."""

from datetime import timedelta

from shared.events import (
    Event,
    SlaBreached,
    SlaConsultationDue,
    SlaDeadlineMoved,
    SlaMet,
    SlaWarned,
)
from shared.terms import ClockKind, Priority, Satisfaction, WaitingFor
from shared.testing import NOON
from tests.sla.builders import (
    Listener,
    accepted,
    completed,
    confirmed,
    consultation,
    diagnosed,
    message,
    opened,
    rated,
    reclassified,
    reopened,
    resumed,
    waiting,
)

HOUR = timedelta(hours=1)
INFORMATION = WaitingFor.CUSTOMER_INFORMATION


def a_listener(priority: Priority | None = None) -> Listener:
    listener = Listener()
    listener.receive(opened(revision=1))
    if priority:
        listener.receive(diagnosed(priority, confirmed=False, revision=1))
    listener.published.clear()
    return listener


def kinds(events: list[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def test_after_each_firing_the_next_moment_lies_ahead_until_none_is_left() -> None:
    listener, fired = a_listener(Priority.URGENT), 0
    while now := listener.ticket.due_at:
        listener.check_due(now)
        fired += 1
        assert listener.ticket.due_at is None or listener.ticket.due_at > now
    assert fired == 16  # four clocks of five rungs, some of which are at one moment
    assert listener.ticket.deadline == NOON + 2 * HOUR
    told = kinds(listener.published)
    assert (told.count(SlaWarned), told.count(SlaBreached), told.count(SlaConsultationDue)) == (16, 4, 1)


def test_looking_again_tells_nothing_and_changes_nothing() -> None:
    listener = a_listener(Priority.URGENT)
    listener.check_due(NOON + 3 * HOUR)
    before = listener.ticket.model_dump(exclude={"version"})
    assert listener.check_due(NOON + 3 * HOUR) == []
    assert listener.check_due(NOON + 3.1 * HOUR) == []
    assert listener.ticket.model_dump(exclude={"version"}) == before


def test_a_late_ticket_is_not_warned_of_afterwards() -> None:
    listener = a_listener(Priority.URGENT)
    assert SlaWarned not in kinds(listener.check_due(NOON + 5 * HOUR))


def test_a_tighter_target_that_has_passed_already_makes_the_clock_late_at_once() -> None:
    listener = a_listener()
    events = listener.receive(diagnosed(Priority.URGENT, NOON + 3 * HOUR, revision=1))
    [breached] = [event for event in events if isinstance(event, SlaBreached)]
    assert (breached.clock, breached.due_at) == (ClockKind.RESPONSE, NOON + 2 * HOUR)


def test_a_clock_that_stays_late_under_another_target_is_told_only_once() -> None:
    listener = a_listener(Priority.URGENT)
    listener.check_due(NOON + 2 * HOUR)
    assert SlaBreached not in kinds(listener.receive(reclassified(Priority.HIGH, NOON + 9 * HOUR, revision=2)))
    assert listener.clock(ClockKind.RESPONSE).breached_at == NOON + 8 * HOUR


def test_a_wider_target_takes_a_breach_back_until_it_runs_out_too() -> None:
    listener = a_listener(Priority.URGENT)
    listener.check_due(NOON + 2 * HOUR)
    [moved] = listener.receive(reclassified(Priority.HIGH, NOON + 3 * HOUR, revision=2))
    assert isinstance(moved, SlaDeadlineMoved)
    assert not moved.late
    again = [event for event in listener.check_due(NOON + 8 * HOUR) if isinstance(event, SlaBreached)]
    assert [(event.clock, event.due_at) for event in again] == [(ClockKind.RESPONSE, NOON + 8 * HOUR)]


def test_a_pause_that_is_heard_of_after_the_breach_takes_the_breach_back() -> None:
    listener = a_listener(Priority.URGENT)
    listener.check_due(NOON + 4 * HOUR)
    assert listener.clock(ClockKind.RESOLUTION).breached_at
    listener.receive(waiting(WaitingFor.CUSTOMER_VERIFICATION, NOON + HOUR, revision=2))
    assert listener.clock(ClockKind.RESOLUTION).breached_at is None
    late = listener.receive(resumed(WaitingFor.CUSTOMER_VERIFICATION, NOON + 5 * HOUR, revision=3))
    assert SlaBreached not in kinds(late)
    assert SlaBreached in kinds(listener.check_due(NOON + 8 * HOUR))


def test_a_pause_of_which_the_end_is_heard_too_does_not_tell_the_same_breach_twice() -> None:
    """At the moment of which it was told the clock was late, as is known now too."""
    listener = a_listener(Priority.URGENT)
    listener.check_due(NOON + 4.1 * HOUR)
    listener.receive(waiting(WaitingFor.CUSTOMER_VERIFICATION, NOON + HOUR, revision=2))
    listener.receive(resumed(WaitingFor.CUSTOMER_VERIFICATION, NOON + HOUR + timedelta(minutes=3), revision=3))
    assert listener.clock(ClockKind.RESOLUTION).breached_at == NOON + 4 * HOUR + timedelta(minutes=3)
    assert [event.clock for event in listener.published if isinstance(event, SlaBreached)].count(
        ClockKind.RESOLUTION
    ) == 1


def test_meeting_a_clock_late_tells_of_the_breach_first() -> None:
    listener = a_listener(Priority.URGENT)
    assert kinds(listener.receive(message(NOON + 3 * HOUR, revision=2)))[0] is SlaBreached
    assert SlaMet in kinds(listener.published)
    assert listener.receive(message(NOON + 3.5 * HOUR, revision=3)) == []


def test_a_reply_in_time_that_is_heard_of_late_counts_as_in_time() -> None:
    listener = a_listener(Priority.URGENT)
    listener.check_due(NOON + 2 * HOUR)
    met, moved = listener.receive(message(NOON + HOUR, revision=2))
    assert isinstance(moved, SlaDeadlineMoved)
    assert not moved.late
    assert isinstance(met, SlaMet)
    assert met.within_target
    assert listener.clock(ClockKind.RESPONSE).within_target


def test_an_earlier_reply_that_is_heard_of_later_corrects_what_was_told() -> None:
    listener = a_listener(Priority.URGENT)
    [first] = [event for event in listener.receive(message(NOON + 3 * HOUR, revision=3)) if isinstance(event, SlaMet)]
    [second] = listener.receive(message(NOON + HOUR, revision=2))
    assert isinstance(second, SlaMet)
    assert (first.within_target, second.within_target) == (False, True)
    assert second.revision > first.revision
    assert (second.time, second.elapsed_seconds) == (NOON + HOUR, 3600)


def test_the_first_deadline_is_told_when_it_moves_and_only_then() -> None:
    listener = a_listener(Priority.NORMAL)
    assert listener.ticket.deadline_of is ClockKind.DIAGNOSIS
    assert kinds(listener.receive(consultation(NOON, revision=2))) == [SlaMet]
    moved = listener.receive(confirmed(NOON, revision=3))[-1]
    assert isinstance(moved, SlaDeadlineMoved)
    assert moved.clock is ClockKind.RESPONSE


def test_the_deadline_is_not_told_before_the_diagnosis_and_with_it_in_any_case() -> None:
    listener = a_listener()
    assert SlaDeadlineMoved not in kinds(listener.check_due(NOON + HOUR))
    before = listener.ticket.deadline
    moved = listener.receive(diagnosed(Priority.NORMAL, NOON + HOUR, confirmed=False, revision=1))[-1]
    assert isinstance(moved, SlaDeadlineMoved)
    assert moved.due_at == before


def test_a_ticket_that_took_longer_than_a_consultation_may_wait_needs_one_as_soon_as_it_is_reopened() -> None:
    listener = a_listener(Priority.NORMAL)
    listener.check_due(NOON + 72 * HOUR)
    listener.receive(accepted(NOON + 73 * HOUR, revision=2), completed(NOON + 73 * HOUR, revision=3))
    events = listener.receive(reopened(NOON + 90 * HOUR, revision=4))
    assert kinds(events) == [SlaConsultationDue, SlaDeadlineMoved]
    assert listener.ticket.late


def test_that_the_ticket_is_met_again_after_reopening_is_told_again() -> None:
    listener = a_listener(Priority.NORMAL)
    listener.receive(accepted(NOON + HOUR, revision=2), completed(NOON + HOUR, revision=3))
    events = listener.receive(reopened(NOON + 2 * HOUR, revision=4), accepted(NOON + 3 * HOUR, revision=5))
    met = {event.clock: event for event in events if isinstance(event, SlaMet)}
    assert set(met) == {ClockKind.RESOLUTION, ClockKind.CONSULTATION}
    assert met[ClockKind.RESOLUTION].time == NOON + 3 * HOUR


def test_a_call_back_is_asked_for_once_though_its_beginning_moves() -> None:
    listener = a_listener(Priority.NORMAL)
    listener.receive(accepted(NOON + HOUR, revision=2))
    listener.receive(rated(Satisfaction.DISSATISFIED, NOON + 2 * HOUR, revision=4))
    listener.receive(message(NOON + 2 * HOUR + timedelta(seconds=3), revision=3))  # on a host whose clock is ahead
    assert [event.kind for event in listener.published].count("sla.call_back_due") == 1


def test_each_rung_says_whom_to_tell_and_how_loudly_and_after_an_outage_only_the_highest_does() -> None:
    listener = a_listener(Priority.URGENT)
    listener.receive(accepted(NOON, revision=2), reopened(NOON, revision=3))
    told = [event for event in listener.check_due(NOON + 1.9 * HOUR * 2) if isinstance(event, SlaWarned)]
    [resolution] = [event for event in told if event.clock is ClockKind.RESOLUTION]
    assert (resolution.percent, resolution.to, resolution.urgency) == (90, ["assignee", "lead"], "normal")
    [breached] = [event for event in listener.check_due(NOON + 4 * HOUR) if isinstance(event, SlaBreached)]
    assert (breached.to, breached.urgency) == (["assignee", "lead"], "urgent")
    found = [event for event in listener.check_due(NOON + 6 * HOUR) if isinstance(event, SlaWarned)]
    [last] = [event for event in found if event.clock is ClockKind.RESOLUTION]
    assert (last.percent, last.to) == (150, ["lead", "manager"])


def test_a_breach_that_is_told_late_is_told_to_those_of_the_rung_above_it_too() -> None:
    listener = a_listener(Priority.URGENT)
    found = [event for event in listener.check_due(NOON + 4 * HOUR) if event.kind in ("sla.breached", "sla.warned")]
    [response] = [event for event in found if getattr(event, "clock", None) is ClockKind.RESPONSE]
    assert isinstance(response, SlaBreached)
    assert response.to == ["assignee", "lead", "manager"]


def test_a_clock_without_a_target_tells_nothing() -> None:
    listener = a_listener(Priority.NORMAL)
    listener.receive(message(NOON, revision=2), message(NOON + HOUR, by_staff=False, revision=3))
    assert listener.clock(ClockKind.NEXT_RESPONSE).is_open
    listener.check_due(NOON + 900 * HOUR)
    listener.receive(message(NOON + 901 * HOUR, revision=4))
    told = {getattr(event, "clock", None) for event in listener.published}
    assert ClockKind.NEXT_RESPONSE not in told
    assert listener.clock(ClockKind.NEXT_RESPONSE).elapsed_ms == 900 * 3_600_000
