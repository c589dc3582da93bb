"""Agendas as the API shows them."""

from datetime import date, datetime
from typing import Self

from services.sla.training.domain import Agenda
from shared.http import View


class HardCaseView(View):
    ticket: str
    """The ticket's number"""
    reasons: list[str]
    """Why it is worth a talk: `rounds`, `consultation`, `late`, `dissatisfied`, `reopened`"""
    words: str
    """That in words, in the language of the request"""


class AgendaView(View):
    quarter: str
    """Which quarter: `2026-Q1`"""
    since: date
    """Its first day"""
    until: date
    """The first day of the next"""
    proposed_at: datetime | None
    """When it was proposed"""
    cases: list[HardCaseView]
    """The hardest first, at most 20"""

    @classmethod
    def of(cls, agenda: Agenda, language: str) -> Self:
        comma = "，" if language == "zh" else "; "
        cases = [
            HardCaseView(
                ticket=one.ticket,
                reasons=[str(reason) for reason in one.reasons],
                words=comma.join(reason.label.in_(language) for reason in one.reasons),
            )
            for one in agenda.cases
        ]
        days = date.fromisoformat(agenda.since), date.fromisoformat(agenda.until)
        return cls(quarter=agenda.id, since=days[0], until=days[1], proposed_at=agenda.proposed_at, cases=cases)
