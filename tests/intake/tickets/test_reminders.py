"""Questions that nobody answers: the customer is reminded, and the ticket goes on without."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from services.intake.conversation import domain as conversation
from services.intake.tickets import facts
from services.intake.tickets.domain import Ticket
from services.intake.tickets.reminders import when_due
from services.intake.verification.domain import FEEDBACK_WAIT, review_solution
from shared.events import Event, TicketCompleted, TicketLinkRequested, TicketQuestionsAsked, TicketResumed
from shared.terms import Channel, Outcome, Stage, WaitingFor
from shared.testing import NOON, World
from shared.testing import WANG as WANG_PERSON
from tests.intake.samples import COMPLETE, WANG, at, diagnosed, opened
from tests.intake.scene import opened as opened_through_api
from tests.intake.scene import say


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


def let_time_pass(ticket: Ticket, until: datetime) -> list[tuple[datetime, Event]]:
    """What happens by time alone."""
    told: list[tuple[datetime, Event]] = []
    while ticket.due_at and ticket.due_at <= until:
        now = ticket.due_at
        told += [(now, event) for event in when_due(ticket, now)]
    return told


def test_three_reminders_come_and_then_the_ticket_goes_on() -> None:
    ticket, _ = opened()
    told = let_time_pass(ticket, days(30))
    reminded = [(at, event.reminder) for at, event in told if isinstance(event, TicketQuestionsAsked)]
    assert reminded == [(days(1), 1), (days(3), 2), (days(7), 3)]
    at, last = told[-1]
    assert (at, type(last)) == (days(8), TicketResumed)
    assert (ticket.waiting_for, ticket.incomplete, ticket.due_at) == (WaitingFor.NONE, True, None)
    assert [one.field for one in ticket.questions] == ["error_text", "module", "steps"]


def test_who_answers_is_not_reminded() -> None:
    for said in ("answers", "message"):
        ticket, _ = opened()
        let_time_pass(ticket, days(1))
        if said == "answers":
            conversation.answer(ticket, dict(COMPLETE), WANG, days(2))
        else:
            conversation.post(ticket, "不知道", WANG, False, Channel.ONLINE, days(2))
        assert (ticket.due_at, ticket.incomplete) == (None, False)
        assert let_time_pass(ticket, days(30)) == []


def test_an_answer_that_comes_late_completes_the_ticket() -> None:
    ticket, _ = opened()
    let_time_pass(ticket, days(30))
    conversation.answer(ticket, dict(COMPLETE), WANG, days(31))
    assert (ticket.incomplete, ticket.questions) == (False, [])


def test_what_was_asked_nothing_is_not_reminded() -> None:
    ticket, _ = opened(**COMPLETE)
    assert (ticket.waiting_for, ticket.due_at) == (WaitingFor.NONE, None)


def test_reminders_that_were_missed_do_not_come_all_at_once() -> None:
    ticket, _ = opened()
    now, at = days(20), []
    while ticket.due_at and now < days(40):
        if when_due(ticket, now):
            at.append(now)
        now += timedelta(hours=1)
    assert len(at) == 4
    assert all(after - before >= timedelta(days=1) for before, after in pairwise(at))


def test_a_reminder_before_its_time_or_twice_is_none() -> None:
    ticket, _ = opened()
    assert when_due(ticket, days(1) - timedelta(seconds=1)) == []
    assert len(when_due(ticket, days(1))) == 1
    assert when_due(ticket, days(1)) == []


def test_other_facts_do_not_begin_the_wait_again() -> None:
    ticket, _ = opened()
    let_time_pass(ticket, days(1))
    facts.hear(ticket, diagnosed())
    assert (ticket.reminders, ticket.due_at, ticket.stage) == (1, days(3), Stage.DIAGNOSIS)


@pytest.mark.parametrize("answered", [False, True])
async def test_reminders_go_off_by_time(world: World, answered: bool) -> None:
    ticket = await opened_through_api(world, WANG_PERSON)
    for _ in range(2):
        await world.pass_time(days=1)
    if answered:
        await say(world, ticket["ticket"], "answers", answers=COMPLETE)
    for _ in range(8):
        await world.pass_time(days=1)
    told = [one.reminder for one in world.published(TicketQuestionsAsked)]
    assert told == ([0, 1] if answered else [0, 1, 2, 3])
    async with world.as_(WANG_PERSON, "intake") as wang:
        shown = (await wang.get(f"/v1/tickets/{ticket['ticket']}")).json()
    assert (shown["incomplete"], shown["waiting_for"]) == (not answered, "none")


def test_who_does_not_judge_a_solution_is_reminded_and_in_the_end_it_is_closed_but_never_as_solved() -> None:
    ticket = at(Stage.CUSTOMER_VERIFICATION)
    told = let_time_pass(ticket, days(60))
    asked = [(when, event.action, event.round) for when, event in told if isinstance(event, TicketLinkRequested)]
    assert asked == [(days(1), "accept_solution", 1), (days(3), "accept_solution", 1), (days(7), "accept_solution", 1)]
    [(when, completed)] = [(when, event) for when, event in told if isinstance(event, TicketCompleted)]
    assert (when, completed.outcome, completed.resolved_at) == (days(14), Outcome.NO_ANSWER, None)
    assert "14 天内未反馈" in completed.reason
    assert "within 14 days" in completed.reason
    assert (ticket.stage, ticket.rounds[0].accepted, ticket.due_at) == (Stage.ARCHIVED, None, None)


def test_a_desk_that_waits_for_ever_only_reminds() -> None:
    ticket, told = at(Stage.CUSTOMER_VERIFICATION), []
    while ticket.due_at:
        told += when_due(ticket, ticket.due_at, None)
    assert [type(event) for event in told] == [TicketLinkRequested] * 3
    assert ticket.stage is Stage.CUSTOMER_VERIFICATION


@pytest.mark.parametrize("accepted", [True, False])
def test_who_has_judged_is_not_reminded(accepted: bool) -> None:
    ticket = at(Stage.CUSTOMER_VERIFICATION)
    review_solution(ticket, accepted, "仍然崩溃", days(2))
    assert ticket.rated_until == (days(2) + FEEDBACK_WAIT if accepted else None)
    assert ticket.due_at == (days(2) + FEEDBACK_WAIT / 2 if accepted else None)
