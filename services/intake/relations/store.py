from services.intake.relations.domain import Relation
from shared.mongo import Database
from shared.outbox import Sender
from shared.service import Now
from shared.store import Index, NewestFirst, Store


class Relations(Store[Relation]):
    kind = Relation
    projection = True
    has_outbox = False
    indexes = (Index(("ticket", "at")),)

    def __init__(self, database: Database, sender: Sender, now: Now) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("at", now)

    async def of(self, ticket: str, after: str | None, limit: int) -> tuple[list[Relation], str | None]:
        return await self.page({"ticket": ticket, "removed": False}, self.newest_first, after, limit)

    async def others(self, tickets: list[str], kind: str) -> set[str]:
        """To which these have that relation."""
        rows = await self.rows({"ticket": {"$in": tickets}, "relation": kind, "removed": False}, ("other",))
        return {row["other"] for row in rows}
