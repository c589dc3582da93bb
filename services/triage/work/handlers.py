"""Facts that a work item hears, and changes by the people who work on it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from prometheus_client import Gauge

from services.triage.remote_tools.handlers import RemoteToolHandlers
from services.triage.third_parties.handlers import PartyHandlers
from services.triage.work import facts, remote_sessions, third_parties
from services.triage.work.domain import WorkItem
from services.triage.work.files import TicketFiles
from services.triage.work.forgetting import forget_words
from services.triage.work.store import WorkItems
from services.triage.work.values import TRIAGE_ORIGIN, Actor
from shared.domain import NotFound, Origin
from shared.events import ContactErased, Event, TicketConsentRevoked, TicketThirdPartyReplied
from shared.service import Now
from shared.store import Decide
from shared.telemetry import OLDEST, UNASSIGNED


@dataclass(frozen=True)
class WorkHandlers:
    store: WorkItems
    tools: RemoteToolHandlers
    files: TicketFiles
    parties: PartyHandlers
    now: Now

    async def hear(self, event: Event) -> WorkItem:
        """Tell the work item a fact."""

        def hear(item: WorkItem) -> list[Event]:
            facts.hear(item, event)
            return []

        return await self.store.change(event.subject, hear, event)

    async def revoke_consent(self, event: TicketConsentRevoked) -> None:
        """Remote sessions under it end at once, each in a write of its own."""
        item = await self.hear(event)
        for id in remote_sessions.running_under(item, event.consent):
            by = replace(TRIAGE_ORIGIN, cause=event.id, key=f"{event.id}/{id}")
            await self.store.change(event.subject, partial(remote_sessions.cut_off, id=id, now=self.now()), by)

    async def end_sessions(self, ids: Sequence[str]) -> None:
        """Whose consent was given for a time that is over, each once, whichever replica does it."""
        for id in ids:
            for session in remote_sessions.running_beyond(await self.store.get(id), self.now()):
                decide = partial(remote_sessions.cut_off, id=session, now=self.now())
                await self.store.change(id, decide, TRIAGE_ORIGIN)

    async def record_third_party_reply(self, event: TicketThirdPartyReplied) -> None:
        await self.store.change(event.subject, partial(third_parties.hear_reply, said=event, now=self.now()), event)

    async def remind(self, ids: Sequence[str]) -> None:
        """Who is late is told once, whichever replica does it."""
        for id in ids:
            while any(
                one.remind_at and one.remind_at <= self.now() for one in (await self.store.get(id)).third_parties
            ):
                await self.store.change(id, partial(third_parties.remind, now=self.now()), TRIAGE_ORIGIN)

    async def measure(self) -> list[tuple[Gauge, str, float]]:
        """How many tickets nobody has, and how long the oldest of them has waited."""
        found, now = await self.store.unassigned(), self.now()
        waiting = [(UNASSIGNED, priority or "none", float(count)) for priority, count, _ in found]
        ages = [(OLDEST, priority or "none", (now - first).total_seconds()) for priority, _, first in found]
        return [*waiting, *ages]

    async def forget(self, event: ContactErased) -> None:
        """Whose tickets these were is forgotten, and what was said and written about them."""
        for ticket in event.tickets:
            with suppress(NotFound):
                await self.store.change(ticket, forget_words, event)

    async def ensure_involved(self, ticket: str, by: Actor) -> WorkItem:
        """Before anything is looked up for them. Raises NotFound, NotAssignee."""
        item = await self.store.get(ticket)
        item.ensure_involved(by)
        return item

    async def change(self, ticket: str, decide: Decide[WorkItem], origin: Origin, by: Actor) -> WorkItem:
        """Only by leads, the assignee, and the one before them. Raises NotAssignee."""
        return await self.store.change(ticket, decide, origin, lambda item: item.ensure_involved(by))
