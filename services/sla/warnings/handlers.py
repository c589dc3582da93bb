"""The warnings that stand, with who has the tickets."""

from dataclasses import dataclass
from typing import NamedTuple

from prometheus_client import Gauge

from services.sla.clocks.clock import Standing
from services.sla.clocks.domain import TicketClocks
from services.sla.clocks.handlers import ClockHandlers
from services.sla.figures.handlers import FigureHandlers
from services.sla.warnings.domain import Warned, warned
from shared.telemetry import STANDING


class WarnedTicket(NamedTuple):
    """`engineer` and `team` are empty where nobody has it."""

    ticket: TicketClocks
    warnings: list[Warned]
    engineer: str
    team: str


@dataclass(frozen=True)
class WarningHandlers:
    clocks: ClockHandlers
    figures: FigureHandlers

    async def measure(self) -> list[tuple[Gauge, str, float]]:
        """How many tickets are late, and how many will be soon."""
        return [(STANDING, what.value, float(count)) for what, count in (await self.clocks.count_warned()).items()]

    async def page(self, what: Standing | None, after: str | None, limit: int) -> tuple[list[WarnedTicket], str | None]:
        """Of so many tickets, the worst first."""
        tickets, next = await self.clocks.warned(what, after, limit)
        who = await self.figures.who_has([ticket.id for ticket in tickets])
        rules = self.clocks.rules
        return [WarnedTicket(one, warned(one, rules), *who.get(one.id, ("", ""))) for one in tickets], next
