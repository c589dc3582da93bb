"""Figures as the API shows them."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Self

from services.sla.figures.domain import TicketRecord
from services.sla.figures.summary import Figures, figures_of
from shared.http import View
from shared.terms import Category, Channel, OpenTerm, Priority

MOST_VALUES = 200
TERMS: Mapping[str, type[OpenTerm]] = {"priority": Priority, "category": Category, "channel": Channel}


class ValueFigures(View):
    """Of the tickets with one value."""

    value: str
    """As `value` of the list of tickets takes it; empty for those that have none"""
    label: str
    """That in words, in the language of the request"""
    figures: Figures
    """What is counted of them"""


class FiguresView(View):
    since: date | None
    """The first day; null for the tickets that are open now, whenever they were opened"""
    until: date | None
    """The day before which it ends"""
    by: str
    """The dimension"""
    total: Figures
    """Of all of them"""
    values: list[ValueFigures]
    """By value, the one with the most tickets first"""
    left_off: int
    """How many values more there are"""

    @classmethod
    def of(
        cls,
        period: tuple[date, date] | None,
        by: str,
        total: Mapping[str, int],
        added: Mapping[str, Counter[str]],
        language: str,
    ) -> Self:
        ordered = sorted(added.items(), key=lambda one: (-one[1]["opened"], one[0]))
        shown = [] if by == "all" else ordered[:MOST_VALUES]
        return cls(
            since=period[0] if period else None,
            until=period[1] if period else None,
            by=by,
            total=figures_of(total),
            values=[
                ValueFigures(value=value, label=label(by, value, language), figures=figures_of(counted))
                for value, counted in shown
            ],
            left_off=0 if by == "all" else len(ordered) - len(shown),
        )


class CountedTicket(View):
    """A ticket behind a figure."""

    ticket: str
    """Its number"""
    opened_on: date
    """The day on which it was opened, in the desk's time zone"""
    company: str
    """The company of its customer"""
    priority: Priority | None
    """Its priority; null until it has one"""
    engineer: str
    """Who has it, or had it last"""

    @classmethod
    def of(cls, record: TicketRecord) -> Self:
        return cls(
            ticket=record.id,
            opened_on=date.fromisoformat(record.day),
            company=record.company,
            priority=record.priority,
            engineer=record.engineer,
        )


class TicketsBehind(View):
    """The tickets that make up a figure."""

    numbers: str
    """Their numbers, one in a line, to be pasted elsewhere"""
    tickets: list[CountedTicket]
    """In the order in which they were opened"""
    more: bool
    """Whether there are more than these"""

    @classmethod
    def of(cls, records: list[TicketRecord], more: bool) -> Self:
        numbers = "\n".join(record.id for record in records)
        return cls(numbers=numbers, tickets=[CountedTicket.of(record) for record in records], more=more)


def label(by: str, value: str, language: str) -> str:
    if not value:
        return "（无）" if language == "zh" else "(none)"
    term = TERMS.get(by)
    return term.of(value).label.in_(language) if term else value
