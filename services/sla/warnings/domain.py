"""Who was told of what stands, and when."""

from datetime import datetime
from typing import NamedTuple

from services.sla.clocks.clock import Clock, Standing
from services.sla.clocks.domain import TicketClocks
from services.sla.clocks.rules import Rules
from services.sla.policies.ladder import WHOLE, Ladder, Urgency, Whom, rung_of
from shared.terms import ClockKind


class RungNotice(NamedTuple):
    """At which rung of the ladder, when, whom, and how loudly."""

    percent: int
    at: datetime
    to: list[Whom]
    urgency: Urgency


class Warned(NamedTuple):
    kind: ClockKind
    clock: Clock
    what: Standing
    notices: list[RungNotice]


def warned(ticket: TicketClocks, rules: Rules) -> list[Warned]:
    """The worst first, each with all that was told of it since it began, the first first."""
    if ticket.opened_as is None:
        return []
    ladder_of = rules.policy(*ticket.opened_as).ladder
    return [
        Warned(kind, clock, what, _notices(ticket, kind, clock, list(ladder_of(kind))))
        for kind, what in ticket.warnings
        for clock in (ticket.clocks[kind],)
    ]


def _notices(ticket: TicketClocks, kind: ClockKind, clock: Clock, ladder: Ladder) -> list[RungNotice]:
    """Who would have been told at a higher rung, had it not been reached by then, was told with a breach."""
    found = []
    for percent in sorted({WHOLE, *(rung.percent for rung in ladder)}):
        if at := _notified_at(ticket, kind, clock, percent):
            rungs = [rung_of(ladder, percent)]
            if percent == WHOLE < clock.reached and not _notified_at(ticket, kind, clock, clock.reached):
                rungs.append(rung_of(ladder, clock.reached))
            to = list(dict.fromkeys(whom for rung in rungs for whom in rung.to))
            found.append(RungNotice(percent, at, to, rungs[-1].urgency))
    return found


def _notified_at(ticket: TicketClocks, kind: ClockKind, clock: Clock, percent: int) -> datetime | None:
    published = ticket.published(kind, percent)
    return published.at if published and published.at >= clock.begun_at else None
