"""Which tickets of a quarter are worth a talk, and why."""

import heapq
from collections.abc import Iterable
from datetime import date, datetime

from pydantic import AwareDatetime, Field

from services.sla.figures.domain import TicketRecord
from shared.domain import Aggregate, Value
from shared.events import Event
from shared.events.sla_reviews import HardCase, SlaTrainingProposed
from shared.terms import ClockKind, Satisfaction, Term

MOST_CASES = 20


class Reason(Term):
    ROUNDS = "rounds", "it took several rounds", "经过多轮处理"
    CONSULTATION = "consultation", "it was taken to a consultation", "经过专家会诊"
    LATE = "late", "it was resolved late", "解决超时"
    DISSATISFIED = "dissatisfied", "the customer was dissatisfied", "客户不满意"
    REOPENED = "reopened", "it was reopened", "被重新打开"


class Case(Value):
    ticket: str
    """The ticket's number"""
    reasons: list[Reason]
    """Why it is worth a talk"""


class Agenda(Aggregate):
    """Of one quarter, `2026-Q1`; `due_at` is when it is made, `cases` are the hardest first."""

    since: str
    until: str
    cases: list[Case] = Field(default_factory=list)
    proposed_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None

    @classmethod
    def of_quarter(cls, day: date, due_at: datetime | None = None) -> "Agenda":
        begins, ends = quarter_of(day)
        return cls(id=name_of(begins), since=begins.isoformat(), until=ends.isoformat(), due_at=due_at)

    def propose(self, cases: list[Case], now: datetime) -> list[Event]:
        """Once. A quarter without a hard case needs no session."""
        if self.due_at is None or self.due_at > now:
            return []
        self.cases, self.proposed_at, self.due_at = cases, now, None
        told = [HardCase(ticket=one.ticket, reasons=[str(reason) for reason in one.reasons]) for one in cases]
        return [SlaTrainingProposed(subject=self.id, time=now, quarter=self.id, tickets=told)] if told else []


def quarter_of(day: date) -> tuple[date, date]:
    """Its first day, and that of the next."""
    first = (day.month - 1) // 3 * 3 + 1
    return date(day.year, first, 1), date(day.year + first // 10, (first + 2) % 12 + 1, 1)


def name_of(begins: date) -> str:
    return f"{begins.year}-Q{(begins.month + 2) // 3}"


def hardest(
    records: Iterable[TicketRecord], known: Iterable[tuple[int, str, Case]] = ()
) -> list[tuple[int, str, Case]]:
    """With their scores, those known before among them."""
    scored = ((score, record.id, case) for record in records for score, case in [_scored(record)] if score)
    return heapq.nlargest(MOST_CASES, [*known, *scored], key=lambda one: (one[0], one[1]))


def _scored(record: TicketRecord) -> tuple[int, Case]:
    """The more went wrong, the harder; what it cost the customer counts twice."""
    resolution = record.clocks.get(ClockKind.RESOLUTION)
    rounds = len(record.rejected) + len(record.failed)
    weights = {
        Reason.ROUNDS: rounds,
        Reason.CONSULTATION: 2 * len(record.consulted),
        Reason.LATE: 2 * bool(resolution and resolution.breached_at),
        Reason.DISSATISFIED: 2 * (record.satisfaction == Satisfaction.DISSATISFIED),
        Reason.REOPENED: 2 * len(record.reopened),
    }
    counts = not record.disputed
    return counts * sum(weights.values()), Case(
        ticket=record.id, reasons=[why for why, weight in weights.items() if weight]
    )
