"""Where teams are kept: a few, which change rarely and are asked for with every ticket."""

from collections.abc import Callable
from datetime import datetime

from services.triage.teams.domain import Team
from shared.cache import Cache
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import ByText, Index, Store

FRESH_FOR = 5.0  # seconds in which a change by another replica may go unseen


class Teams(Store[Team]):
    kind = Team
    has_outbox = False
    indexes = (Index(("name",)),)

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.by_name = ByText("name", first="")
        self.known = Cache(self._read, FRESH_FOR)

    async def _read(self) -> dict[str, Team]:
        return {team.id: team async for team in self.all()}
