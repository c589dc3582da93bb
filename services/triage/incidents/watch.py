"""Tickets are watched for incidents: each is kept with what it can have in common with others, and compared.

All of it may be done again: what was seen stays seen, what is in an incident is in it. Where another process has just
made or changed one, the claims of incidents say so, and the ticket is looked at anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from services.triage.incidents import lifecycle
from services.triage.incidents.detection import Group, Sighting, alike, groups_of
from services.triage.incidents.domain import ACTIVE, Incident, IncidentState, Member, title_of
from services.triage.incidents.lifecycle import Limits
from services.triage.incidents.signature import Key, KeyKind, Signature, fingerprint_keys, signature_of
from services.triage.incidents.store import MOST_NEAR, Incidents, Sightings
from services.triage.routing.engineers import EngineerHandlers
from services.triage.work.domain import WorkItem
from services.triage.work.handlers import WorkHandlers
from services.triage.work.values import TRIAGE_ORIGIN
from shared.domain import Conflict, TooEarly
from shared.events import (
    Event,
    OnCallEngineer,
    Problem,
    TicketAmended,
    TicketOpened,
    TicketQuestionsAnswered,
    TriageLogAnalysed,
)
from shared.mongo import DuplicateKey
from shared.service import Now
from shared.texts import off_loop

ATTEMPTS = 5
MOST_REASONS = 5  # keys that one ticket has in common with others
MOST_ON_CALL = 20
OF_A_LOG = 2  # fingerprints: what comes most often; the rest of a log is noise that many have


@dataclass(frozen=True)
class IncidentWatch:
    incidents: Incidents
    sightings: Sightings
    work: WorkHandlers
    engineers: EngineerHandlers
    limits: Limits
    now: Now

    # ---- what is heard

    async def see(self, event: TicketOpened) -> None:
        """Not what was taken over from another desk: that is no news."""
        if event.imported_from:
            return
        customer = event.company or event.customer_name or event.customer
        await self._see(
            Sighting(id=event.subject, customer=customer, at=event.time, signature=await _read(event.problem))
        )

    async def see_again(self, event: TicketQuestionsAnswered | TicketAmended) -> None:
        """More is known of the problem."""
        await self._see_more(event, await _read(event.problem))

    async def see_log(self, event: TriageLogAnalysed) -> None:
        keys = fingerprint_keys(event.fingerprints[:OF_A_LOG], event.exceptions[:OF_A_LOG])
        await self._see_more(event, Signature(keys=keys))

    async def _see_more(self, event: Event, signature: Signature) -> None:
        item = await self.work.store.get(event.subject)
        if item.open:
            await self._see(Sighting(id=item.id, customer=customer_of(item), at=item.opened_at, signature=signature))

    async def _see(self, new: Sighting) -> None:
        if not (new.signature.keys or new.signature.bands):
            return
        window = self.limits.window
        new.set_marks(window)
        known = await self.sightings.add(new, [], TRIAGE_ORIGIN)
        if known is not new:
            known = await self.sightings.change(
                new.id, partial(Sighting.take, signature=new.signature, window=window), TRIAGE_ORIGIN
            )
        for _ in range(ATTEMPTS):
            if await self._compare(known):
                return
        raise TooEarly(f"incidents that concern {new.id} are being changed by others")

    # ---- comparing

    async def _compare(self, new: Sighting) -> bool:
        """False when somebody else was quicker and it has to be done once more."""
        window = self.limits.window
        asked = set(new.near_marks(window))
        found = await self.sightings.marked(asked)
        near = {one.id: one for one in found if one.id != new.id}
        neighbours = alike(new, near.values())
        # Where nobody is a stranger some are missing here, and are in an incident.
        is_flood = len(found) >= MOST_NEAR and not strangers(new, near.values(), neighbours)
        if neighbours and not is_flood:
            more = {mark for one in neighbours for mark in one.near_marks(window)} - asked
            if more:
                near |= {one.id: one for one in await self.sightings.marked(more) if one.id != new.id}
        keys = {key.id for key in new.signature.keys}
        if not near and keys.isdisjoint(await self.incidents.active_keys()):
            return True
        claims = [*(f"k:{key}" for key in keys), *(f"t:{id}" for id in (new.id, *near))]
        known = await self.incidents.claiming(claims)
        over = {ticket for one in known if one.state not in ACTIVE for ticket in one.tickets}
        if new.id in over or any(new.id in one.removed for one in known):
            return True
        others = [one for one in near.values() if one.id not in over]
        groups = groups_of(new, others, window, self.limits.customers)
        active = _concerned(known, new, groups, [one.id for one in neighbours], is_flood)
        members = self._members(groups)
        try:
            if active:
                await self._join(active, new, members, is_flood)
            elif members:
                return await self._propose(new, members)
        except (DuplicateKey, Conflict):
            return False
        return True

    def _members(self, groups: Sequence[Group]) -> dict[str, Member]:
        keys: dict[str, list[Key]] = {}
        for group in groups:
            for one in group.tickets:
                keys.setdefault(one.id, []).append(group.key)
        tickets = {one.id: one for group in groups for one in group.tickets}
        members = [self._member(one, keys[one.id]) for one in tickets.values()]
        return {one.ticket: one for one in sorted(members, key=lambda one: (one.opened_at, one.ticket))}

    def _member(self, one: Sighting, keys: Sequence[Key]) -> Member:
        return Member(
            ticket=one.id,
            customer=one.customer,
            opened_at=one.at,
            keys=list(keys[:MOST_REASONS]),
            added_at=self.now(),
            added_by=TRIAGE_ORIGIN.actor,
        )

    async def _join(
        self, active: Sequence[Incident], new: Sighting, members: dict[str, Member], is_flood: bool
    ) -> None:
        """Into the first; candidates that the ticket shows to be the same are merged into it."""
        first, *rest = sorted(active, key=lambda one: (one.state is not IncidentState.CONFIRMED, one.id))
        if new.id not in members and (is_flood or first.state is IncidentState.CONFIRMED):
            members = {**members, new.id: self._member(new, _common_keys(new, first))}
        for other in rest:
            if other.state is IncidentState.CANDIDATE:
                await self.incidents.change(
                    other.id, partial(lifecycle.merge, into=first.id, now=self.now()), TRIAGE_ORIGIN
                )
                await self.finish_merges([other.id])
        others = {ticket for one in rest if one.state is IncidentState.CONFIRMED for ticket in one.tickets}
        await self._admit(first.id, [one for id, one in members.items() if id not in others])

    async def _admit(self, id: str, members: Sequence[Member]) -> None:
        on_call = await self.on_call()
        decide = partial(lifecycle.join, found=members, limits=self.limits, on_call=on_call, now=self.now())
        await self.incidents.change(id, decide, TRIAGE_ORIGIN)

    async def _propose(self, new: Sighting, members: dict[str, Member]) -> bool:
        found, on_call = list(members.values()), await self.on_call()
        title = title_of((key for one in found for key in one.keys), new.signature.product, new.id)
        named = f"IN-{found[0].ticket.removeprefix('TK-')}"
        for id in (named, *(f"{named}.{n}" for n in range(2, 10))):
            incident, events = lifecycle.propose(id, title, found, self.limits, on_call, self.now())
            added = await self.incidents.add(incident, events, TRIAGE_ORIGIN)
            if added is incident:
                return True
            if added.state in ACTIVE:
                return False
        raise TooEarly(f"{named} was proposed too often")

    async def finish_merges(self, ids: Sequence[str]) -> None:
        """Tickets of candidates that were merged move into the other incident, as far as nobody else has them."""
        for id in ids:
            merged = await self.incidents.get(id)
            if merged.due_at is None:
                continue
            into = await self.incidents.get(merged.into)
            while into.state is IncidentState.MERGED:
                into = await self.incidents.get(into.into)
            holders = await self.incidents.claiming(f"t:{ticket}" for ticket in merged.tickets)
            taken = {ticket for one in holders if one.id != into.id for ticket in one.tickets}
            await self._admit(into.id, [one for one in merged.members if one.ticket not in taken])
            await self.incidents.change(id, lifecycle.moved, TRIAGE_ORIGIN)

    async def on_call(self) -> list[OnCallEngineer]:
        now = self.now()
        there = [one for one in await self.engineers.store.roster() if one.is_on_call(now)]
        return [
            OnCallEngineer(sub=one.id, name=one.name, email=one.email, language=one.language)
            for one in sorted(there, key=lambda one: one.id)[:MOST_ON_CALL]
        ]


def customer_of(item: WorkItem) -> str:
    """The company, or who asks without one."""
    return item.company or item.customer


def strangers(new: Sighting, near: Iterable[Sighting], neighbours: Iterable[Sighting]) -> list[Sighting]:
    """Those that it has nothing in common with but a mark of its text."""
    keys, known = {key.id for key in new.signature.keys}, {one.id for one in neighbours}
    return [one for one in near if one.id not in known and keys.isdisjoint(key.id for key in one.signature.keys)]


def _concerned(
    known: Sequence[Incident], new: Sighting, groups: Sequence[Group], neighbours: Sequence[str], is_flood: bool
) -> list[Incident]:
    """The active ones that it belongs to: by what its groups have in common with them; of those that are confirmed also
    by a key or a neighbour alone."""
    tickets = {one.id for group in groups for one in group.tickets} | {new.id}
    keys = {group.key.id for group in groups}
    mine = {key.id for key in new.signature.keys}

    def is_concerned(one: Incident) -> bool:
        if not (tickets.isdisjoint(one.tickets) and keys.isdisjoint(one.keys)):
            return True
        is_known = not (mine.isdisjoint(one.keys) and set(neighbours).isdisjoint(one.tickets))
        return is_known and (is_flood or one.state is IncidentState.CONFIRMED)

    return [one for one in known if one.state in ACTIVE and is_concerned(one)]


def _common_keys(new: Sighting, incident: Incident) -> list[Key]:
    shared = [key for key in new.signature.keys if key.id in incident.keys]
    return shared or [Key(kind=KeyKind.TEXT, value=new.id)]


async def _read(problem: Problem) -> Signature:
    return await off_loop(len(problem.description) + len(problem.error_text), signature_of, problem)
