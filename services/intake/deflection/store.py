from datetime import datetime, timedelta

from services.intake.deflection.domain import Counts, Group, Result, Suggestion
from shared.store import Index, Store

KEPT_FOR = timedelta(days=730)


class Suggestions(Store[Suggestion]):
    kind = Suggestion
    has_outbox = False
    indexes = (Index(("customer", "shown_at")), Index(("group", "result", "shown_at")))

    async def of_customer(self, customer: str) -> list[Suggestion]:
        """Those of the last day."""
        return await self.where({"customer": customer})

    async def counted(self, group: Group, since: datetime, before: datetime) -> Counts:
        known = {"group": group.value, "shown_at": {"$gte": since, "$lt": before}}
        settled = {**known, "result": {"$in": [Result.SUBMITTED.value, Result.NOT_SUBMITTED.value]}}
        visits = await self.count(settled)
        submitted = await self.count({**known, "result": Result.SUBMITTED.value})
        return Counts(visits, await self.count({**settled, "read.0": {"$exists": True}}), submitted)

    async def still_open(self, since: datetime, before: datetime) -> int:
        return await self.count({"result": Result.OPEN.value, "shown_at": {"$gte": since, "$lt": before}})

    async def remove_expired(self) -> int:
        removed = await self._docs.delete_many({"shown_at": {"$lt": self._now() - KEPT_FOR}})
        return int(removed.deleted_count) + await super().remove_expired()
