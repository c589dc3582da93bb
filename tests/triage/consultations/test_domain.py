from datetime import timedelta

import pytest

from services.triage.consultations import domain as consultations
from services.triage.work import facts
from services.triage.work.values import DeepAnalysis, LogAnalysis
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


@pytest.mark.parametrize(
    ("logs", "named", "several"),
    [
        (["com.acme.orders.OrderService"], ["下单"], False),  # the same, as code and as people call it
        (["com.acme.orders.OrderService", "com.acme.orders.dao.OrderDao"], [], False),
        (["com.acme.orders.OrderService", "com.acme.export.Exporter"], [], True),
        (["Acme.Orders.OrderForm", "Acme.Orders.Grid", ""], [], False),
        (["shop/orders/views.py", "shop/orders/models.py"], [], False),
        (["shop/orders/views.py", "shop/billing/models.py"], [], True),
        (["github.com/acme/orders", "github.com/acme/export"], [], True),
        (["acme::orders", "acme::orders::db"], [], False),
        ([], ["下单", "对账"], True),
        ([], [], False),
    ],
)
def test_several_modules_are_those_that_engineers_name_or_that_traces_are_in(
    logs: list[str], named: list[str], several: bool
) -> None:
    item = at_work()
    item.log_analyses = [
        LogAnalysis(id=str(n), by="e-chen", at=NOON, exceptions=[], fingerprints=[], module=one)
        for n, one in enumerate(logs)
    ]
    item.deep_analyses = [DeepAnalysis(round=1, features="x", modules=named, by="e-chen", at=NOON)]
    assert consultations.touches_several_modules(item) is several
    item.round = 2
    assert consultations.touches_several_modules(item) is (several and bool(logs))
