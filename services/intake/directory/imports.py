"""Taking over records from elsewhere. A row is a record by its keys: one that is there gets what it lacks, and nothing
is taken from it, so that the same rows again change nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.intake.directory.companies import Company, name_key, new_company
from services.intake.directory.contacts import new_person
from services.intake.directory.domain import AlreadyRecorded, Party
from services.intake.directory.handlers import DirectoryHandlers
from services.intake.directory.sheets import LISTS
from shared.domain import Invalid, Origin, Refusal
from shared.imports import Facts, ImportedRow, ImportOutcome, row_origin

NO_FACT: tuple[object, ...] = ("", [], None)


@dataclass
class Run:
    """One import. What a dry run would have made is kept, so that later rows find it."""

    directory: DirectoryHandlers
    is_company: bool
    dry_run: bool
    by: Origin
    keys: dict[str, str] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)

    async def take(self, number: int, row: Facts | Refusal) -> ImportedRow:
        try:
            if isinstance(row, Refusal):
                raise row
            outcome, id = await self._take(row if self.is_company else await self._with_company(row))
        except Refusal as refusal:
            return ImportedRow(number, ImportOutcome.REFUSED, reason=refusal.detail)
        return ImportedRow(number, outcome, id)

    def _make(self, facts: Facts, attempt: int = 0) -> Party:
        make = new_company if self.is_company else new_person
        return make(facts, self.by.actor, self.directory.now(), attempt)

    async def _take(self, facts: Facts) -> tuple[ImportOutcome, str]:
        new = self._make(facts)
        ids = await self._holders(new.keys[1:] or new.keys)
        if not ids:
            if not self.dry_run:
                new = await self.directory.add(lambda attempt: self._make(facts, attempt), row_origin(self.by, facts))
            return ImportOutcome.CREATED, self._rehearse(new).id
        if len(ids) > 1:
            raise AlreadyRecorded(
                f"Several records have what is in this row: {', '.join(ids)}", f"该行内容分属多条记录：{'、'.join(ids)}"
            )
        there = self.parties.get(ids[0]) or await self.directory.store.get(ids[0])
        if isinstance(there, Company) and name_key(new.name) not in there.keys:
            raise AlreadyRecorded(
                f"{there.id} has this domain or name, and is called {there.name}; add the name there if it is the same",
                f"{there.id}（{there.name}）已有该域名或名称；如为同一企业，请先在该记录中添加别名",
            )
        lacking = _lacking(there, facts)
        if not lacking:
            return ImportOutcome.UNCHANGED, there.id
        if self.dry_run:
            there.amend(lacking, self.directory.now())
        else:
            there = await self.directory.amend(type(there), there.id, lacking, row_origin(self.by, facts))
        return ImportOutcome.CHANGED, self._rehearse(there).id

    async def _holders(self, keys: Sequence[str]) -> list[str]:
        made = [self.keys[key] for key in keys if key in self.keys]
        return sorted({*made, *(row["id"] for row in await self.directory.store.holders(keys))})

    async def _with_company(self, facts: Facts) -> Facts:
        """The company is named by its id, its name or an alias. Raises Invalid."""
        said = str(facts.get("company", ""))
        if not said:
            return facts
        ids = await self._holders([name_key(said), f"id:{said}"])
        if len(ids) != 1:
            raise Invalid(f"There is no company {said}: import it first", f"没有企业“{said}”，请先导入企业")
        return {**facts, "company": ids[0]}

    def _rehearse(self, party: Party) -> Party:
        if self.dry_run:
            self.parties[party.id] = party
            self.keys |= dict.fromkeys(party.keys, party.id)
        return party


@dataclass(frozen=True)
class ImportHandlers:
    directory: DirectoryHandlers

    async def companies(self, rows: Sequence[Facts | Refusal], dry_run: bool, by: Origin) -> list[ImportedRow]:
        run = Run(self.directory, True, dry_run, by)
        return [await run.take(number, row) for number, row in enumerate(rows, start=1)]

    async def contacts(self, rows: Sequence[Facts | Refusal], dry_run: bool, by: Origin) -> list[ImportedRow]:
        run = Run(self.directory, False, dry_run, by)
        return [await run.take(number, row) for number, row in enumerate(rows, start=1)]


def _lacking(there: Party, facts: Facts) -> dict[str, object]:
    """What a row says and the record does not: more of a list, and another text where one is given. A name in another
    spelling is none."""
    found: dict[str, object] = {}
    for name, value in facts.items():
        known = getattr(there, name)
        if name in LISTS and isinstance(value, list):
            more = [one for one in value if one.casefold() not in {old.casefold() for old in known}]
            if more:
                found[name] = [*known, *more]
        elif name != "name" and value not in (*NO_FACT, known):
            found[name] = value
    return found
