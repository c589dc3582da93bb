"""Companies and people in one collection: one read finds whose a key is, and no two of either have the same."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from services.intake.directory.companies import Company
from services.intake.directory.contacts import Person
from services.intake.directory.domain import Party
from shared.mongo import Database
from shared.outbox import Sender
from shared.service import Now
from shared.store import ByText, Index, Row, Store

KINDS: Mapping[str, type[Party]] = {"company": Company, "person": Person}


class Directory(Store[Party]):
    kind = Party
    collection = "party"
    has_outbox = False
    indexes = (
        Index(("keys",), unique=True),
        Index(("hints",)),
        Index(("company", "order"), sparse=True),
        Index(("kind", "order")),
    )
    row: ClassVar[Sequence[str]] = ("kind", "keys", "company", "into", "tier", "policy")

    def __init__(self, database: Database, sender: Sender, now: Now) -> None:
        super().__init__(database, sender, now)
        self.by_name = ByText("order")

    async def holders(self, keys: Sequence[str]) -> list[Row]:
        """Whose these keys are."""
        return await self.rows({"keys": {"$in": list(keys)}}, self.row) if keys else []

    async def hinted(self, hints: Sequence[str], limit: int) -> list[Party]:
        """Who has one of these hints."""
        return await self.where({"hints": {"$in": list(hints)}}, limit=limit) if hints else []

    def _load(self, doc: Mapping[str, Any]) -> Party:
        return KINDS[doc["kind"]].model_validate({**doc, "id": doc["_id"]})

    def _dump(self, party: Party) -> dict[str, Any]:
        return {**super()._dump(party), "keys": party.keys, "hints": party.hints, "order": party.order}
