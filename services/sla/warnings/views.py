"""Warnings that stand, as the API shows them."""

from datetime import datetime
from typing import Self

from services.sla.clocks.clock import Standing
from services.sla.policies.ladder import Urgency, Whom
from services.sla.warnings.domain import RungNotice, Warned
from services.sla.warnings.handlers import WarnedTicket
from shared.http import View
from shared.terms import ClockKind, Priority


class RungNoticeView(View):
    """Of one rung of a clock's ladder."""

    percent: int
    """How much of the target had run"""
    notified_at: datetime
    """When people were notified"""
    to: list[Whom]
    """Who was notified"""
    labels: list[str]
    """That in words, in the language of the request"""
    urgency: Urgency
    """How loudly"""

    @classmethod
    def of(cls, notice: RungNotice, language: str) -> Self:
        labels = [whom.label.in_(language) for whom in notice.to]
        return cls(percent=notice.percent, notified_at=notice.at, to=notice.to, labels=labels, urgency=notice.urgency)


class WarnedClockView(View):
    clock: ClockKind
    """Which clock it is"""
    label: str
    """Its name, in the language of the request"""
    standing: Standing
    """Whether its target is missed, or will be soon"""
    due_at: datetime | None
    """When it is, or was, due"""
    percent: int
    """The highest rung of its ladder that it has reached: so much of the target has run"""
    notices: list[RungNoticeView]
    """Who was notified of it since it began, the first first"""

    @classmethod
    def of(cls, warned: Warned, language: str) -> Self:
        return cls(
            clock=warned.kind,
            label=warned.kind.label.in_(language),
            standing=warned.what,
            due_at=warned.clock.breached_at or warned.clock.due_at,
            percent=warned.clock.reached,
            notices=[RungNoticeView.of(one, language) for one in warned.notices],
        )


class WarningView(View):
    """A ticket of which people were warned, and of which that is so still."""

    ticket: str
    """Its number"""
    company: str
    """The company of its customer"""
    priority: Priority | None
    """Its priority; null until it has one"""
    team: str
    """The queue that it is in; empty until it is in one"""
    engineer: str
    """Who has it, as a subject; empty if nobody does"""
    standing: Standing
    """The worst that is so of its clocks"""
    label: str
    """That in words, in the language of the request"""
    clocks: list[WarnedClockView]
    """The clocks that it is about, the worst first"""

    @classmethod
    def of(cls, found: WarnedTicket, language: str) -> Self:
        worst = found.warnings[0].what
        return cls(
            ticket=found.ticket.id,
            company=found.ticket.company,
            priority=found.ticket.priority,
            team=found.team,
            engineer=found.engineer,
            standing=worst,
            label=worst.label.in_(language),
            clocks=[WarnedClockView.of(one, language) for one in found.warnings],
        )
