"""People say that they are on a ticket, and see who else is."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from services.triage.presence.domain import LEASE, Doing, Presence, Present
from services.triage.presence.store import Presences
from services.triage.work.handlers import WorkHandlers
from shared.domain import NotFound, Origin
from shared.service import Now

MOST_TICKETS = 500  # that are listed at once


@dataclass(frozen=True)
class PresenceHandlers:
    store: Presences
    work: WorkHandlers
    now: Now

    async def read(self, ticket: str) -> list[Present]:
        """Raises NotFound for a ticket that there is not."""
        await self._ensure_ticket(ticket)
        found = await self.store.find(ticket)
        return found.now_present(self.now()) if found else []

    async def read_all(self) -> list[tuple[str, list[Present]]]:
        """Of each ticket that somebody is on."""
        found = await self.store.where({"until": {"$gt": self.now()}}, "-until", MOST_TICKETS)
        there = [(one.id, one.now_present(self.now())) for one in found]
        return [(ticket, people) for ticket, people in there if people]

    async def enter(self, ticket: str, sub: str, name: str, doing: Doing) -> list[Present]:
        """Who is there then. Raises NotFound. The lease is of no account a moment later, so no key is kept."""
        await self._ensure_ticket(ticket)
        enter = partial(Presence.enter, sub=sub, name=name, doing=doing, now=self.now())
        await self.store.add(Presence(id=ticket, until=self.now() + LEASE), [], Origin(sub))
        return (await self.store.change(ticket, enter, Origin(sub))).now_present(self.now())

    async def leave(self, ticket: str, sub: str) -> None:
        """Who is not there has nothing to do. Raises NotFound."""
        await self._ensure_ticket(ticket)
        with suppress(NotFound):
            await self.store.change(ticket, partial(Presence.leave, sub=sub, now=self.now()), Origin(sub))

    async def _ensure_ticket(self, ticket: str) -> None:
        """Raises NotFound."""
        if not await self.work.store.rows({"_id": ticket}, (), limit=1):
            raise NotFound.of(ticket)
