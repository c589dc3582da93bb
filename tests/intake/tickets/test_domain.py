"""A ticket: opening, amending, consents and files, and the status that follows from the stage."""

import pytest

from services.intake.attachments.domain import attach
from services.intake.consents import domain as consents
from services.intake.conversation import domain as conversation
from services.intake.tickets.amending import amend
from services.intake.tickets.domain import WrongState
from services.intake.tickets.values import Attachment, Consent
from shared.domain import NotFound
from shared.events import TicketAmended, TicketOpened
from shared.terms import Stage, Status, WaitingFor
from shared.testing import NOON
from tests.intake.samples import WANG, at, kinds, opened

LOG = Attachment(id="a", name="app.log", size=1, media_type="text/plain", sha256="0", added_by="u-wang", at=NOON)


def test_a_new_ticket_is_pending_and_asks_for_what_is_missing() -> None:
    ticket, events = opened()
    assert ticket.status is Status.PENDING
    assert [question.field for question in ticket.questions] == ["error_text", "module", "steps"]
    assert ticket.waiting_for is WaitingFor.CUSTOMER_INFORMATION
    opening = events[0]
    assert isinstance(opening, TicketOpened)
    assert (opening.questions, opening.waiting_for) == (ticket.questions, ticket.waiting_for)
    assert kinds(events) == ["ticket.opened", "ticket.questions_asked"]


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        (Stage.INTAKE, Status.PENDING),
        (Stage.DIAGNOSIS, Status.PENDING),
        (Stage.HANDLING, Status.IN_PROGRESS),
        (Stage.CUSTOMER_VERIFICATION, Status.IN_PROGRESS),
        (Stage.FEEDBACK, Status.IN_PROGRESS),
        (Stage.ARCHIVED, Status.COMPLETED),
    ],
)
def test_the_status_follows_from_the_stage(stage: Stage, status: Status) -> None:
    assert at(stage).status is status


def test_amending_tells_what_changed_and_nothing_when_nothing_did() -> None:
    ticket, _ = opened()
    [amended] = amend(ticket, {"title": ticket.problem.title, "product": "报表中心"}, True, NOON)
    assert isinstance(amended, TicketAmended)
    assert (amended.changed, amended.problem.product) == (["product"], "报表中心")
    assert amend(ticket, {"product": "报表中心"}, True, NOON) == []


def test_a_customer_who_fills_in_what_was_asked_for_is_not_waited_for() -> None:
    ticket, _ = opened()
    assert kinds(amend(ticket, {"product": "报表中心"}, False, NOON)) == ["ticket.amended"]
    assert kinds(amend(ticket, {"module": "报表"}, False, NOON)) == ["ticket.amended", "ticket.resumed"]
    assert [question.field for question in ticket.questions] == ["error_text", "steps"]


def test_staff_who_fill_in_all_that_was_asked_for_end_the_wait() -> None:
    ticket, _ = opened()
    assert kinds(amend(ticket, {"module": "报表"}, True, NOON)) == ["ticket.amended"]
    assert kinds(amend(ticket, {"steps": "导出", "error_text": "NPE"}, True, NOON))[-1] == "ticket.resumed"
    assert (ticket.waiting_for, ticket.questions) == (WaitingFor.NONE, [])


def test_the_log_that_was_asked_for_ends_the_wait_and_a_file_of_staff_does_not() -> None:
    ticket, _ = opened()
    assert kinds(attach(ticket, LOG.model_copy(update={"id": "b"}), True, NOON)) == ["ticket.attachment_added"]
    assert kinds(attach(ticket, LOG, False, NOON)) == ["ticket.attachment_added", "ticket.resumed"]


def test_the_same_attachment_is_added_once() -> None:
    ticket = at(Stage.HANDLING)
    assert attach(ticket, LOG, False, NOON)
    assert attach(ticket, LOG, False, NOON) == []


def test_a_consent_is_revoked_once() -> None:
    ticket = at(Stage.HANDLING)
    consent = Consent(id="c1", scope="remote", given_by="王敏", recorded_by="u-wang", words="同意", at=NOON)
    consents.give(ticket, consent, NOON)
    assert len(consents.revoke(ticket, "c1", NOON)) == 1
    assert consents.revoke(ticket, "c1", NOON) == []
    with pytest.raises(NotFound):
        consents.revoke(ticket, "c2", NOON)


def test_files_and_answers_that_nobody_would_see_are_refused() -> None:
    ticket = at(Stage.ARCHIVED)
    with pytest.raises(WrongState):
        attach(ticket, LOG, False, NOON)
    with pytest.raises(WrongState):
        conversation.answer(ticket, {"module": "报表"}, WANG, NOON)
