from datetime import timedelta

from services.triage.consultations import domain as consultations
from services.triage.work import facts
from shared.events import (
    SlaConsultationDue,
    TicketReopened,
)
from shared.testing import NOON
from tests.triage.builders import (
    BY_LEAD,
    TICKET,
    at_work,
    done,
)


def test_a_consultation_is_due_until_one_is_opened_and_again_after_a_reopening() -> None:
    item = at_work()
    at, later = NOON + timedelta(days=2), NOON + timedelta(days=20)
    facts.consultation_due(item, SlaConsultationDue(subject=TICKET, time=at, revision=3, due_at=at))
    assert item.consultation_due
    consultations.prepare(item, BY_LEAD, consultations.Plan("背景", "试过", "卡住", ["研发"]), at)
    assert not item.consultation_due
    done(item)
    reopened = TicketReopened(subject=TICKET, time=NOON + timedelta(days=10), revision=9, reason="又来了", round=2)
    facts.reopened(item, reopened)
    assert not item.consultation_due
    facts.consultation_due(item, SlaConsultationDue(subject=TICKET, time=later, revision=7, due_at=later))
    assert item.consultation_due
