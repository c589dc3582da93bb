"""People say that they are on a ticket, and see who else is."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from services.triage.presence.domain import LEASE, Doing, Presence, Present
from services.triage.presence.store import Presences
from services.triage.work.handlers import WorkHandlers
from shared.bus import Notices
from shared.domain import NotFound, Origin
from shared.events import Event
from shared.events.presence import PRESENCE_CHANGED, PresenceChanged, PresentNow
from shared.service import Now

MOST_TICKETS = 500  # that are listed at once


@dataclass(frozen=True)
class PresenceHandlers:
    store: Presences
    work: WorkHandlers
    notices: Notices
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
        now, news = self.now(), [False]

        def enter(there: Presence) -> list[Event]:
            news[0] = there.is_new(sub, doing, now)
            return there.enter(sub, name, doing, now)

        await self.store.add(Presence(id=ticket, until=now + LEASE), [], Origin(sub))
        people = (await self.store.change(ticket, enter, Origin(sub))).now_present(now)
        if news[0]:
            await self._publish(ticket, people)
        return people

    async def leave(self, ticket: str, sub: str) -> None:
        """Who is not there has nothing to do. Raises NotFound."""
        await self._ensure_ticket(ticket)
        with suppress(NotFound):
            left = await self.store.change(ticket, partial(Presence.leave, sub=sub, now=self.now()), Origin(sub))
            await self._publish(ticket, left.now_present(self.now()))

    async def _publish(self, ticket: str, people: Sequence[Present]) -> None:
        there = [PresentNow.model_validate(one, from_attributes=True) for one in people]
        await self.notices.publish(PRESENCE_CHANGED, PresenceChanged(ticket=ticket, people=there))

    async def _ensure_ticket(self, ticket: str) -> None:
        """Raises NotFound."""
        if not await self.work.store.rows({"_id": ticket}, (), limit=1):
            raise NotFound.of(ticket)
