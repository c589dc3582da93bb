"""Whether a ticket exists, asked of intake: what people write into an article's record must name one."""

from dataclasses import dataclass

from shared.bus import Bus
from shared.domain import Invalid
from shared.events.intake_files import FilesFound, FindFiles

WITHIN = 1.0  # seconds


@dataclass(frozen=True)
class KnownTickets:
    bus: Bus

    async def require(self, ticket: str) -> None:
        """Raises Invalid where there is none; Unavailable when intake does not say in time."""
        question = FindFiles(ticket=ticket, files=[])
        found = await self.bus.ask("intake.find_files", question, FilesFound, within=WITHIN)
        if found.known is False:
            raise Invalid(f"There is no ticket {ticket}", f"工单 {ticket} 不存在", "body.ticket")
