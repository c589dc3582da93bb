"""Files of a ticket, which intake keeps: whether it has them, asked over the bus."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from shared.bus import Bus
from shared.domain import Invalid, Unavailable
from shared.events.intake_files import FilesFound, FindFiles
from shared.terms import Text

logger = logging.getLogger(__name__)


class FileNotFound(Invalid):
    title = Text("The ticket has no such attachment", "工单没有该附件")


@dataclass(frozen=True)
class TicketFiles:
    """`within`: seconds that intake has to answer."""

    bus: Bus
    within: float

    async def ensure_there(self, ticket: str, ids: Sequence[str], field: str = "evidence") -> None:
        """Without intake nobody is kept from work: they are taken as they were named. Raises FileNotFound."""
        if not ids:
            return
        asked = FindFiles(ticket=ticket, files=list(dict.fromkeys(ids)))
        try:
            answer = await self.bus.ask("intake.find_files", asked, FilesFound, within=self.within)
        except Unavailable:
            logger.warning("intake did not say whether %s has the files that were named", ticket)
            return
        there = {one.id for one in answer.files}
        for place, id in enumerate(ids):
            if id not in there:
                raise FileNotFound(
                    f"{ticket} has no attachment {id}", f"{ticket} 没有附件 {id}", f"body.{field}.{place}"
                )
