"""After a crash a fact may be heard when a later one was heard already: the later one holds."""

from datetime import timedelta

from shared.events import (
    TriageAssigned,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageReclassified,
    TriageReleased,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
)
from shared.terms import Category, Priority, Stage, WaitingFor
from shared.testing import NOON
from tests.intake.test_domain import NUMBER, at, diagnosed

LATER = NOON + timedelta(seconds=5)
MUCH_LATER = NOON + timedelta(seconds=9)


def test_a_diagnosis_that_was_changed_meanwhile_changes_nothing_back() -> None:
    ticket = at(Stage.INTAKE)
    changed = TriageReclassified(
        subject=NUMBER, time=LATER, revision=2, category=Category.DATA, priority=Priority.URGENT, queue="data"
    )
    ticket.diagnosed(changed)
    ticket.diagnosed(diagnosed())
    assert (ticket.category, ticket.priority, ticket.stage) == (Category.DATA, Priority.URGENT, Stage.DIAGNOSIS)


def test_who_gave_a_ticket_back_does_not_get_it_by_an_old_assignment() -> None:
    ticket = at(Stage.DIAGNOSIS)
    ticket.released(TriageReleased(subject=NUMBER, time=LATER, revision=2, engineer="e-liu", reason="holiday"))
    ticket.assigned(
        TriageAssigned(
            subject=NUMBER, time=NOON, revision=1, engineer="e-liu", engineer_name="刘洋", senior=True, by="l-qian"
        )
    )
    assert (ticket.assignee, ticket.stage) == ("", Stage.DIAGNOSIS)


def test_who_was_given_a_ticket_keeps_it_when_an_old_release_is_heard() -> None:
    ticket = at(Stage.HANDLING)
    ticket.assigned(
        TriageAssigned(
            subject=NUMBER, time=LATER, revision=2, engineer="e-chen", engineer_name="陈宇", senior=False, by="l-qian"
        )
    )
    ticket.released(TriageReleased(subject=NUMBER, time=NOON, revision=1, engineer="e-liu", reason="holiday"))
    assert (ticket.assignee, ticket.stage) == ("e-chen", Stage.HANDLING)


def test_a_consultation_that_is_over_does_not_begin_again() -> None:
    ticket = at(Stage.HANDLING)
    ticket.consultation_concluded(
        TriageConsultationConcluded(subject=NUMBER, time=LATER, revision=2, conclusions="驱动问题", action_items=[])
    )
    ticket.consultation_opened(
        TriageConsultationOpened(
            subject=NUMBER, time=NOON, revision=1, background="", tried="", stuck_at="", invited=["研发"]
        )
    )
    assert ticket.stage is Stage.HANDLING


def test_a_third_party_that_has_answered_is_not_waited_for() -> None:
    ticket = at(Stage.HANDLING)
    about = {"subject": NUMBER, "time": NOON, "party": "DBA"}
    ticket.third_party_answered(TriageThirdPartyAnswered(**about, revision=5, answer="done"))
    assert ticket.third_party_engaged(TriageThirdPartyEngaged(**about, revision=4, reason="locks")) == []
    ticket.third_party_engaged(TriageThirdPartyEngaged(**about, revision=6, reason="again"))
    assert ticket.waiting_for is WaitingFor.THIRD_PARTY
