"""Facts about one ticket, as the other services would tell them."""

from datetime import datetime
from typing import Any

from shared.events import (
    Contact,
    Problem,
    TicketCompleted,
    TicketFeedbackGiven,
    TicketMessagePosted,
    TicketOpened,
    TriageDiagnosed,
    TriageReclassified,
)
from shared.terms import Category, Channel, Priority, Satisfaction
from shared.testing import NOON

TICKET = "TK-2026-000001"
PROBLEM = Problem(title="导出失败", description="导出 Excel 时崩溃")


def opened(at: datetime = NOON, subject: str = TICKET, company: str = "华东贸易有限公司") -> TicketOpened:
    return TicketOpened(
        subject=subject,
        time=at,
        problem=PROBLEM,
        customer="C-1",
        company=company,
        contact=Contact(name="王敏", sub="u-wang"),
        channel=Channel.ONLINE,
        taken_by="u-wang",
    )


def diagnosed(priority: Priority, at: datetime = NOON, confirmed: bool = True) -> TriageDiagnosed:
    return TriageDiagnosed(
        subject=TICKET,
        time=at,
        category=Category.FUNCTION,
        priority=priority,
        queue="function",
        reasons=[],
        confirmed=confirmed,
    )


def reclassified(priority: Priority, at: datetime = NOON) -> TriageReclassified:
    return TriageReclassified(subject=TICKET, time=at, category=Category.DATA, priority=priority, queue="data")


def message(at: datetime = NOON, **how: Any) -> TicketMessagePosted:
    known = {"message": "m-1", "author": "e-chen", "by_staff": True, "internal": False, "text": "您好"}
    return TicketMessagePosted(subject=TICKET, time=at, **{**known, **how})


def rated(satisfaction: Satisfaction, at: datetime = NOON) -> TicketFeedbackGiven:
    return TicketFeedbackGiven(subject=TICKET, time=at, satisfaction=satisfaction)


def completed(at: datetime = NOON) -> TicketCompleted:
    return TicketCompleted(subject=TICKET, time=at, problem=PROBLEM, customer="C-1", opened_at=NOON)
