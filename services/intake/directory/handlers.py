"""Keeping the records of companies and people, and finding whose a ticket is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from services.intake.directory.companies import Company
from services.intake.directory.contacts import Person
from services.intake.directory.domain import AlreadyOne, AlreadyRecorded, Party
from services.intake.directory.doubles import Double, doubles
from services.intake.directory.recognition import NOBODY, Known, keys_of, recognised
from services.intake.directory.store import Directory
from shared.domain import Conflict, Invalid, NotFound, Origin
from shared.events import Contact, Event
from shared.http import repeatable
from shared.mongo import DuplicateKey

P = TypeVar("P", bound=Party)
ATTEMPTS = 10  # ids of a record
FARTHEST = 20  # merges one after the other
MOST_PARTS = 100  # records that are one
MOST_LOOKED_AT = 500  # for doubles
MOST_WITH_NUMBER = 20


@dataclass(frozen=True)
class DirectoryHandlers:
    store: Directory
    now: Callable[[], datetime]

    # ---- whose ticket it is

    async def recognise(self, company: str, contact: Contact) -> Known:
        """One read; another for each merge that leads to the person's company."""
        keys = keys_of(company, contact)
        if not keys:
            return NOBODY
        rows = await self.store.holders(keys)
        known = recognised(keys, company, rows)
        if known.contact_id and not known.company_id and not company:
            person = next(row for row in rows if row["id"] == known.contact_id)
            if person["into"] and isinstance(whole := await self._resolve(person["into"]), Person):
                known = known.model_copy(update={"company_id": whole.company})
        return known.model_copy(update=await self._terms(known.company_id, rows)) if known.company_id else known

    async def _terms(self, company: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """What the record of the company says of how its tickets are treated, which mostly has been read already."""
        row = next((row for row in rows if row["id"] == company), None)
        if row and not row["into"]:
            return {name: row.get(name, "") for name in ("tier", "policy")}
        found = await self._resolve(company)
        return {"tier": found.tier, "policy": found.policy} if isinstance(found, Company) else {}

    async def recognise_each(self, asked: Sequence[tuple[str, Contact]]) -> list[Known]:
        """The same for many: one read for all of them, and what it takes for those that were merged."""
        keys = [keys_of(company, contact) for company, contact in asked]
        rows = await self.store.holders(list(dict.fromkeys(key for some in keys for key in some)))
        holders = {key: row for row in rows for key in row["keys"]}
        found = []
        for (company, contact), own in zip(asked, keys, strict=True):
            theirs = [holders[key] for key in own if key in holders]
            is_merged = any(row["into"] for row in theirs)
            found.append(await self.recognise(company, contact) if is_merged else recognised(own, company, theirs))
        return found

    async def with_numbers(self, phones: Sequence[str]) -> list[Party]:
        """Who may call from these numbers; what was merged is not named beside what it was merged into."""
        hints = [f"phone:{phone}" for phone in dict.fromkeys(phones) if phone]
        found = await self.store.hinted(hints, MOST_WITH_NUMBER * len(hints))
        return sorted((one for one in found if not one.into), key=lambda one: (one.order, one.id))

    # ---- the records

    async def get(self, kind: type[P], id: str) -> tuple[P, list[Party]]:
        """Which record that is today, and those that were merged into it. Raises NotFound."""
        found = await self._resolve(id)
        if not isinstance(found, kind):
            raise NotFound.of(id)
        return found, await self._parts(found)

    async def find(self, kind: type[P], keys: Sequence[str], hints: Sequence[str]) -> list[P]:
        """Those that have one of the keys, and one of the hints; of what is not asked for, any."""
        rows = await self.store.holders(keys)
        found = await self.store.where({"_id": {"$in": [row["id"] for row in rows]}}) if rows else []
        if hints and not keys:
            found = await self.store.hinted(hints, MOST_WITH_NUMBER)
        fitting = [one for one in found if isinstance(one, kind) and set(hints) <= set(one.hints)]
        return sorted(fitting, key=lambda one: (one.order, one.id))

    async def add(self, make: Callable[[int], P], by: Origin) -> P:
        """The new record: `make` gives it, with another id for each attempt. The same request again is the same one.
        Raises AlreadyRecorded, and what `make` raises."""
        by = repeatable(by)
        new = make(0)
        await self._check_company(new)
        if taken := await self.store.holders(new.keys[1:]):
            return await self._same_request(new, [row["id"] for row in taken], by)
        for attempt in range(ATTEMPTS):
            added = await self.store.add(new, [], by)
            if added is new:
                return new
            if not set(added.keys[1:]) & set(new.keys[1:]) and new.keys[1:]:
                new = make(attempt + 1)
                continue
            return await self._same_request(new, [added.id], by)
        raise Conflict(f"There is no room for {new.name}", f"无法为 {new.name} 建立记录")

    async def amend(self, kind: type[P], id: str, facts: dict[str, object], by: Origin) -> P:
        """Raises NotFound, AlreadyRecorded, WasMerged, Stale, Invalid."""

        def decide(party: Party) -> list[Event]:
            return party.amend(facts, self.now())

        changed = (await self._named(kind, id)).model_copy(update=facts)
        await self._check_company(changed)
        try:
            found = await self.store.change(id, decide, by)
        except DuplicateKey:
            rows = await self.store.holders(changed.keys)
            raise _taken([row["id"] for row in rows if row["id"] != id]) from None
        return _as(kind, found)

    async def doubles(self, kind: type[P], id: str) -> list[Double]:
        """What may be the same as this one. Raises NotFound."""
        party = await self._named(kind, id)
        return doubles(party, await self.store.hinted(party.hints, MOST_LOOKED_AT))

    # ---- two that are one

    async def merge(self, kind: type[P], id: str, into: str, reason: str, by: Origin) -> P:
        """Raises NotFound, AlreadyOne. A second time it changes nothing."""
        whole, other = (await self.get(kind, into))[0], await self._named(kind, id)
        if whole.id == id:
            raise AlreadyOne(f"{id} and {into} are already the same record", f"{id} 与 {into} 已是同一条记录")
        if other.into and (await self.get(kind, id))[0].id == whole.id:
            return whole
        decide = partial(Party.merge, into=whole.id, reason=reason, by=by.actor, now=self.now())
        await self.store.change(id, decide, by)
        return whole

    async def unmerge(self, kind: type[P], id: str, reason: str, by: Origin) -> P:
        """They are two again. Raises NotFound."""
        await self._named(kind, id)
        decide = partial(Party.unmerge, reason=reason, by=by.actor, now=self.now())
        return _as(kind, await self.store.change(id, decide, by))

    # ---- inside

    async def _named(self, kind: type[P], id: str) -> P:
        return _as(kind, await self.store.get(id))

    async def _resolve(self, id: str) -> Party | None:
        """What it was merged into. Of a circle, as two who say the opposite at once may make it, the one with the
        smallest id."""
        seen: dict[str, Party] = {}
        while (one := await self.store.find(id)) and one.into and len(seen) < FARTHEST:
            if id in seen:
                return seen[min(seen)]
            seen[id], id = one, one.into
        return one

    async def _parts(self, whole: Party) -> list[Party]:
        found, ask = {whole.id: whole}, [whole.id]
        while ask and len(found) < MOST_PARTS:
            parts = await self.store.hinted([f"into:{id}" for id in ask], MOST_PARTS)
            ask = [one.id for one in parts if one.id not in found]
            found |= {one.id: one for one in parts}
        return sorted((one for one in found.values() if one.id != whole.id), key=lambda one: (one.order, one.id))

    async def _check_company(self, party: Party) -> None:
        company = party.company if isinstance(party, Person) else ""
        if company and not isinstance(await self.store.find(company), Company):
            raise Invalid(f"{company} does not exist", f"{company} 不存在", "body.company")

    async def _same_request(self, new: P, ids: Sequence[str], by: Origin) -> P:
        """The record that this very request has made. Raises AlreadyRecorded where another did."""

        def refuse(_: Party) -> list[Event]:
            raise _taken(ids)

        for id in ids:
            if id.startswith(new.prefix):
                found = await self.store.change(id, refuse, replace(by, if_match=None))
                if isinstance(found, type(new)):
                    return found
        raise _taken(ids)


def _as(kind: type[P], party: Party) -> P:
    """Raises NotFound for a record of the other kind."""
    if not isinstance(party, kind):
        raise NotFound.of(party.id)
    return party


def _taken(ids: Sequence[str]) -> AlreadyRecorded:
    named = "、".join(ids)
    return AlreadyRecorded(
        f"Already recorded{': ' + ', '.join(ids) if ids else ''}", f"记录已存在{'：' + named if named else ''}"
    )
