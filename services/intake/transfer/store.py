from collections.abc import Callable
from datetime import datetime

from services.intake.transfer.domain import Import, Part
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, NewestFirst, Row, Store

SUMMED = ("number", "taken_at", "results.outcome", "sums", "links_read", "links_there")


class Imports(Store[Import]):
    kind = Import
    has_outbox = False
    indexes = (Index(("created_at",)),)

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("created_at", now)


class ImportParts(Store[Part]):
    kind = Part
    collection = "importpart"
    indexes = (Index(("run",)),)

    async def summed(self, run: str) -> list[Row]:
        """The parts of an import without their rows."""
        return sorted(await self.rows({"run": run}, SUMMED), key=lambda row: row["number"])

    async def numbers(self, run: str) -> list[tuple[int, bool, bool]]:
        """Which there are, whether they are taken, and whether their links are made."""
        rows = await self.rows({"run": run}, ("number", "taken_at", "linked", "links_read"))
        return sorted(
            (row["number"], row.get("taken_at") is not None, row.get("linked", 0) >= row.get("links_read", 0))
            for row in rows
        )
