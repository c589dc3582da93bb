"""Many engineers at once. A row is an engineer by their subject: what it says is so from then on, what it does not say
stays as it is, so that the same rows again change nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.triage.routing.domain import Engineer
from services.triage.routing.engineers import EngineerHandlers
from shared.domain import Invalid, Origin, Refusal
from shared.imports import Facts, ImportedRow, ImportOutcome, row_origin


@dataclass(frozen=True)
class ImportHandlers:
    engineers: EngineerHandlers

    async def run(self, rows: Sequence[Facts | Refusal], dry_run: bool, by: Origin) -> list[ImportedRow]:
        """Row by row: one that is refused holds up no other."""
        seen: set[str] = set()
        return [await self._take(number, row, dry_run, by, seen) for number, row in enumerate(rows, start=1)]

    async def _take(self, number: int, row: Facts | Refusal, dry_run: bool, by: Origin, seen: set[str]) -> ImportedRow:
        try:
            if isinstance(row, Refusal):
                raise row
            id = str(row["id"])
            if id in seen:
                raise Invalid(f"{id} stands in an earlier row too", f"{id} 在前面的行中已出现")
            seen.add(id)
            facts = {name: value for name, value in row.items() if name != "id"}
            return ImportedRow(number, await self._enter(id, facts, dry_run, by), id)
        except Refusal as refusal:
            return ImportedRow(number, ImportOutcome.REFUSED, reason=refusal.detail)

    async def _enter(self, id: str, facts: Facts, dry_run: bool, by: Origin) -> ImportOutcome:
        there = await self.engineers.store.find(id)
        if there is None and not facts.get("name"):
            raise Invalid(f"{id} is new and has no name", f"{id} 是新工程师，请填写姓名")
        await self.engineers.routing.teams.ensure_exist(facts.get("teams", ()))  # type: ignore[arg-type]
        if there and not _changes(there, facts):
            return ImportOutcome.UNCHANGED
        if not dry_run:
            await self.engineers.enter(id, facts, row_origin(by, {**facts, "id": id}))
        return ImportOutcome.CHANGED if there else ImportOutcome.CREATED


def _changes(there: Engineer, facts: Facts) -> bool:
    described = there.model_copy(deep=True)
    described.describe(facts)
    return described != there
