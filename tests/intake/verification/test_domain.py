"""The customer's word on a solution: what it does to a ticket."""

import pytest

from services.intake.tickets import closing, facts
from services.intake.tickets.domain import WrongState
from services.intake.verification import domain as verification
from shared.domain import Invalid
from shared.terms import Satisfaction, Stage
from shared.testing import NOON
from tests.intake.samples import at, kinds, verified


def test_the_customers_no_begins_another_round_that_stays_on_record() -> None:
    ticket = at(Stage.CUSTOMER_VERIFICATION)
    events = verification.review_solution(ticket, False, "大文件仍然崩溃", NOON)
    assert (ticket.stage, ticket.round) == (Stage.HANDLING, 2)
    assert kinds(events) == ["ticket.solution_rejected", "ticket.stage_changed", "ticket.resumed"]
    facts.hear(ticket, verified(2, revision=9))
    verification.review_solution(ticket, True, "", NOON)
    assert [(r.round, r.accepted) for r in ticket.rounds] == [(1, False), (2, True)]


def test_a_no_must_say_why() -> None:
    with pytest.raises(Invalid):
        verification.review_solution(at(Stage.CUSTOMER_VERIFICATION), False, "", NOON)


@pytest.mark.parametrize("stage", [Stage.INTAKE, Stage.HANDLING, Stage.ARCHIVED])
def test_only_what_waits_for_the_customers_word_can_be_judged_or_rated(stage: Stage) -> None:
    with pytest.raises(WrongState):
        verification.review_solution(at(stage), True, "", NOON)
    with pytest.raises(WrongState):
        closing.rate(at(stage), Satisfaction.SATISFIED, "", NOON)
