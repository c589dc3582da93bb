"""Erasing a person from everything that intake keeps. Each step finds nothing to do where it was done before, so it
goes on after a kill at any place; what the last step counts is there, not what the others meant to do."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import uuid4

from services.intake.directory.contacts import Person, identity_keys
from services.intake.directory.handlers import DirectoryHandlers
from services.intake.erasure.domain import ASKED_FOR, Counted, Erasure, ErasureState, Identities, StillOpen
from services.intake.erasure.rules import NEVER, Rules
from services.intake.erasure.store import Erasures
from shared.domain import Invalid, Origin
from shared.erasing import Needles
from shared.events import ContactErased
from shared.mongo import Files, Rewriting
from shared.search import Generations
from shared.terms import Stage

INTAKE = Origin.service("intake")
OWNED = ("contact", "contact_id", "stage")
SHOWN = 20  # numbers in a refusal
PROJECTIONS = ("timeline", "customer", "relation")


@dataclass(frozen=True)
class ErasureHandlers:
    store: Erasures
    directory: DirectoryHandlers
    files: Files
    rewriting: Rewriting
    index: Generations
    secret: str
    now: Callable[[], datetime]

    # ---- what people do

    async def request(self, contact: str, said: Identities, reason: str, by: Origin) -> Erasure:
        """Raises NotFound, Invalid for nobody in particular, StillOpen."""
        who = await self._known(contact, said)
        if not who.is_somebody:
            raise Invalid(
                "An account or an address is needed: a name or a number alone is nobody in particular",
                "请至少提供账号或地址：仅凭姓名或电话无法确定是谁",
                "body",
            )
        tickets = await self._tickets(who)
        _require_done(tickets)
        now = self.now()
        new = Erasure(
            id=f"ER-{hashlib.sha256((by.key or uuid4().hex).encode()).hexdigest()[:20]}",
            reason=reason,
            identities=who,
            tickets=sorted(tickets),
            requested_by=by.actor,
            requested_at=now,
            due_at=now + ASKED_FOR,
        )
        return await self.store.add(new, [], by)

    async def confirm(self, id: str, by: Origin) -> Erasure:
        """Raises NotFound, AlreadyConfirmed, SamePerson, StillOpen."""
        known = await self.store.get(id)
        if known.state is ErasureState.REQUESTED and known.identities:
            _require_done(await self._tickets(known.identities))
        return await self.store.change(id, lambda one: one.confirm(by.actor, self.now()), by)

    def is_proved(self, erasure: Erasure) -> bool:
        """Whether its proof is ours, and over what is said now."""
        return bool(erasure.proof) and erasure.proof == erasure.signed(self.secret)

    # ---- what happens by time

    async def when_due(self, ids: Sequence[str]) -> None:
        for id in ids:
            one = await self.store.find(id)
            if one is None or one.due_at is None or one.due_at > self.now():
                continue
            if one.state is ErasureState.REQUESTED:
                await self.store.change(id, Erasure.expire, INTAKE)
            elif one.identities:
                await self._erase(one, one.identities)

    async def hear(self, event: ContactErased) -> None:
        """Where histories and timelines are built again from the stream, which still knows what was told."""
        rules = Rules(Identities(), frozenset(event.tickets))
        for name in PROJECTIONS:
            await self.rewriting.rewrite(name, rules.of(name), self.now())

    async def _erase(self, erasure: Erasure, who: Identities) -> None:
        now = self.now()
        found = partial(Erasure.found, tickets=list(await self._tickets(who)), now=now)
        erasure = await self.store.change(erasure.id, found, INTAKE)
        rules = Rules(who, frozenset(erasure.tickets))
        files = await self._remove_files(rules)
        for name in await self._collections():
            changed = await self.rewriting.rewrite(name, rules.of(name), now)
            did = partial(Erasure.did, counted=[Counted(collection=name, changed=changed)], files=files)
            await self.store.change(erasure.id, did, INTAKE)
            files = 0
        await self.index.next()
        left, elsewhere = await self._left(rules.needles, rules.names)
        finish = partial(Erasure.finish, left=left, names_elsewhere=elsewhere, secret=self.secret, now=self.now())
        await self.store.change(erasure.id, finish, INTAKE)

    # ---- inside

    async def _known(self, contact: str, said: Identities) -> Identities:
        """What is said, and what the desk's records of them say: all that were merged, and all that have one of the
        accounts or addresses."""
        ids = [row["id"] for row in await self.directory.store.holders(_keys(said)) if row["kind"] == "person"]
        people: dict[str, Person] = {}
        for id in dict.fromkeys([contact, *ids] if contact else ids):
            whole, parts = await self.directory.get(Person, id)
            people |= {one.id: one for one in (whole, *parts) if isinstance(one, Person)}
        for one in people.values():
            said = said.merged(
                Identities(
                    records=[one.id],
                    names=[one.name],
                    subs=one.subs,
                    emails=one.emails,
                    phones=one.phones,
                    addresses=one.addresses,
                )
            )
        return said

    async def _tickets(self, who: Identities) -> dict[str, str]:
        """The stages of the tickets that are theirs, by their numbers."""
        rules = Rules(who, frozenset())
        return {
            doc["_id"]: doc["stage"]
            async for doc in self.rewriting.documents("ticket", OWNED)
            if rules.owns(doc["contact"], doc.get("contact_id") or "")
        }

    async def _remove_files(self, rules: Rules) -> int:
        """Also what tickets have in common that were split, since both are theirs; one that somebody else's ticket has
        too stays there."""
        theirs: set[str] = set()
        others: set[str] = set()
        async for doc in self.rewriting.documents("ticket", ("attachments.id", "attachments.added_by")):
            mine = set(rules.files_of(doc))
            theirs |= mine
            others |= {one["id"] for one in doc.get("attachments") or ()} - mine
        async for doc in self.rewriting.documents("inboundmail"):
            if rules.mail_is_theirs(doc):
                theirs |= set(doc.get("stored") or ())
        for id in sorted(theirs - others):
            await self.files.delete(id)
        return len(theirs - others)

    async def _left(self, needles: Needles, names: Needles) -> tuple[dict[str, int], int]:
        """How many documents of each collection still have something that the person is known by, and how many have a
        name like theirs."""
        left: dict[str, int] = {}
        elsewhere = 0
        for name in await self._collections():
            left[name] = 0
            async for doc in self.rewriting.documents(name):
                left[name] += needles.are_in(doc)
                elsewhere += names.are_in(doc)
        return left, elsewhere

    async def _collections(self) -> list[str]:
        return [name for name in await self.rewriting.collections() if name not in NEVER]


def _keys(who: Identities) -> list[str]:
    return identity_keys(who.subs, who.emails, who.addresses)


def _require_done(tickets: dict[str, str]) -> None:
    """Raises StillOpen: without its words nobody could go on with one."""
    still_open = sorted(number for number, stage in tickets.items() if stage != Stage.ARCHIVED)
    if still_open:
        named = ", ".join(still_open[:SHOWN])
        raise StillOpen(f"Close these tickets first: {named}", f"请先关闭以下工单：{named}")
