"""Tickets that end without a solution: how, by whom, and that they can be reopened."""

from typing import Any

import pytest

from services.intake.tickets import closing
from services.intake.tickets.domain import WrongState
from shared.domain import Invalid
from shared.events import RelationKind, TicketCompleted, TicketLinked, TicketRelated, TicketReopened
from shared.terms import Outcome, Stage, Status, WaitingFor
from shared.testing import AGENT, CHEN, LEAD, NOON, WANG, ZHAO, Person, World
from tests.intake.samples import at, kinds, opened
from tests.intake.scene import completed
from tests.intake.scene import opened as opened_through_api


@pytest.mark.parametrize("stage", [Stage.INTAKE, Stage.DIAGNOSIS, Stage.HANDLING, Stage.CUSTOMER_VERIFICATION])
def test_a_ticket_can_end_without_a_solution_until_there_is_one(stage: Stage) -> None:
    ticket = opened()[0] if stage is Stage.INTAKE else at(stage)
    events = closing.close(ticket, Outcome.CANCELLED, "不需要了", "", NOON)
    [told] = [one for one in events if isinstance(one, TicketCompleted)]
    assert (told.outcome, told.reason, told.resolved_at) == (Outcome.CANCELLED, "不需要了", None)
    assert (ticket.status, ticket.waiting_for, ticket.due_at) == (Status.COMPLETED, WaitingFor.NONE, None)


@pytest.mark.parametrize("stage", [Stage.FEEDBACK, Stage.ARCHIVED])
def test_what_is_solved_stays_so(stage: Stage) -> None:
    with pytest.raises(WrongState):
        closing.close(at(stage), Outcome.CANCELLED, "x", "", NOON)


def test_a_solved_ticket_says_so() -> None:
    assert at(Stage.ARCHIVED).outcome == Outcome.SOLVED


def test_a_duplicate_is_linked_to_the_other() -> None:
    ticket, _ = opened()
    linked, related, told, _, _ = closing.close(ticket, Outcome.DUPLICATE, "重复", "TK-2026-000009", NOON)
    assert isinstance(linked, TicketLinked)
    assert isinstance(related, TicketRelated)
    assert isinstance(told, TicketCompleted)
    assert (related.relation, related.to) == (RelationKind.DUPLICATE_OF, "TK-2026-000009")
    assert (linked.to, told.duplicate_of) == (["TK-2026-000009"], "TK-2026-000009")


@pytest.mark.parametrize(
    ("outcome", "duplicate_of"),
    [(Outcome.DUPLICATE, ""), (Outcome.SPAM, "TK-2026-000009"), (Outcome.DUPLICATE, "TK-2026-000001")],
)
def test_only_a_duplicate_names_another_ticket(outcome: Outcome, duplicate_of: str) -> None:
    ticket, _ = opened()
    with pytest.raises(Invalid):
        closing.close(ticket, outcome, "x", duplicate_of, NOON)
    assert ticket.completed_at is None


def test_reopened_it_is_open_and_how_it_ended_is_on_record() -> None:
    ticket, _ = opened()
    closing.close(ticket, Outcome.NO_ANSWER, "三次提醒未回复", "", NOON)
    events = closing.reopen(ticket, "我回来了", NOON)
    assert kinds(events)[0] == TicketReopened.kind
    assert (ticket.outcome, ticket.outcome_reason, ticket.stage) == (None, "", Stage.INTAKE)
    assert (ticket.earlier[0].outcome, ticket.earlier[0].outcome_reason) == (Outcome.NO_ANSWER, "三次提醒未回复")


async def close(world: World, who: Person, number: str, **body: Any) -> tuple[int, dict[str, Any]]:
    async with world.as_(who, "intake") as client:
        answer = await client.post(f"/v1/tickets/{number}/closure", json={"reason": "x", **body})
    await world.settle()
    return answer.status_code, answer.json()


async def test_customers_cancel_their_own_and_nothing_else(world: World) -> None:
    number = (await opened_through_api(world))["ticket"]
    assert (await close(world, ZHAO, number, outcome="cancelled"))[0] == 404
    assert (await close(world, CHEN, number, outcome="cancelled"))[0] == 403
    for outcome in ("spam", "wrong_desk", "no_answer"):
        assert (await close(world, WANG, number, outcome=outcome))[0] == 403
    for outcome in ("solved", "vanished"):
        assert (await close(world, LEAD, number, outcome=outcome))[0] == 422
    status, ticket = await close(world, WANG, number, outcome="cancelled")
    assert (status, ticket["status"], ticket["outcome"], ticket["outcome_reason"]) == (
        200,
        "completed",
        "cancelled",
        "x",
    )
    assert (await close(world, AGENT, number, outcome="spam"))[0] == 409


async def test_staff_close_a_duplicate_of_a_ticket_that_there_is(world: World) -> None:
    first, second = [(await opened_through_api(world, title=title))["ticket"] for title in ("一", "二")]
    assert (await close(world, AGENT, second, outcome="duplicate", duplicate_of="TK-2026-999999"))[0] == 404
    status, ticket = await close(world, AGENT, second, outcome="duplicate", duplicate_of=first)
    assert (status, ticket["duplicate_of"]) == (200, first)
    foreign = (await opened_through_api(world, ZHAO))["ticket"]
    assert (await close(world, AGENT, foreign, outcome="duplicate", duplicate_of=first))[0] == 200
    async with world.as_(ZHAO, "intake") as zhao:
        seen = (await zhao.get(f"/v1/tickets/{foreign}")).json()
    assert (seen["duplicate_of"], seen["linked"], seen["outcome"]) == ("", [], "duplicate")


async def test_a_message_reopens_what_was_closed(world: World) -> None:
    number = (await opened_through_api(world))["ticket"]
    await close(world, AGENT, number, outcome="no_answer")
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post(f"/v1/tickets/{number}/messages", json={"text": "日志在这里"})
    assert (answer.status_code, answer.json()["outcome"], answer.json()["status"]) == (201, None, "pending")


async def test_a_completed_ticket_was_solved(world: World) -> None:
    number = await completed(world)
    async with world.as_(WANG, "intake") as wang:
        assert (await wang.get(f"/v1/tickets/{number}")).json()["outcome"] == "solved"
