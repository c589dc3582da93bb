"""Showing customers what may solve their problem, and counting what comes of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import uuid4

from services.intake.deflection.domain import (
    WITHIN,
    Counts,
    Group,
    Suggestion,
    group_of,
    open_one,
)
from services.intake.deflection.settings import DeflectionSettings
from services.intake.deflection.similar import Row, similar
from services.intake.deflection.store import Suggestions
from services.intake.tickets.handlers import INTAKE, TicketHandlers
from shared.auth import Scope
from shared.bus import Bus
from shared.domain import Origin, Unavailable
from shared.events import FoundCases, SearchCases
from shared.events.kb import ArticleText, ReadArticle
from shared.events.kb import Suggestion as Found
from shared.http import Caller
from shared.service import Now, Runtime
from shared.terms import Stage

ASK_WITHIN = 0.8  # seconds
MOST_SHOWN = 5
MAX_TEXT = 20_000  # characters
MOST_COMPARED = 100
OPEN = [stage.value for stage in Stage if stage is not Stage.ARCHIVED]
AUDIENCES = ["public", "customers"]  # whose articles customers who have signed in may read


@dataclass(frozen=True)
class Shown:
    """`id` is empty where there was nothing to show."""

    id: str
    articles: Sequence[Found]


def theirs(caller: Caller) -> dict[str, str | list[str]]:
    """The tickets that a customer sees: their company's, for who may see those, else their own."""
    if caller.scope_of("ticket:read") is Scope.COMPANY and caller.principal.company:
        return {"company": caller.principal.company}
    return {"contact.sub": caller.sub}


@dataclass(frozen=True)
class DeflectionHandlers:
    store: Suggestions
    tickets: TicketHandlers
    bus: Bus
    held_out: float
    now: Now

    @classmethod
    def wired(cls, runtime: Runtime, tickets: TicketHandlers) -> "DeflectionHandlers":
        store = runtime.store(Suggestions)
        one = cls(store, tickets, runtime.bus, DeflectionSettings().hold_out, runtime.now)
        runtime.when_due(store, one.record_results)
        return one

    async def suggest(self, customer: str, title: str, description: str) -> Shown:
        """Articles that may solve this; none for the hold-out group, and none where kb does not answer in time."""
        question = SearchCases(text=f"{title}\n{description}"[:MAX_TEXT], limit=MOST_SHOWN, audiences=AUDIENCES)
        try:
            found = (await self.bus.ask("kb.search", question, FoundCases, within=ASK_WITHIN)).suggestions
        except Unavailable:
            return Shown("", ())
        if not found:
            return Shown("", ())
        group = group_of(customer, self.held_out)
        kept = await self._keep(customer, group, [one.article for one in found])
        return Shown(kept.id, found if kept.group is Group.SHOWN else ())

    async def open_like(self, caller: Caller, title: str) -> list[Row]:
        """Of the newest open tickets that they may read as a customer, the most similar first."""
        wanted = {**theirs(caller), "stage": OPEN}
        rows, _ = await self.tickets.store.newest(wanted, (None, None), None, MOST_COMPARED)
        return similar(rows, title)

    async def article(self, article: str) -> ArticleText | None:
        """As customers read it; None where there is none for them. Raises Unavailable."""
        question = ReadArticle(article=article, audiences=AUDIENCES)
        found = await self.bus.ask("kb.read_article", question, ArticleText, within=ASK_WITHIN)
        return found if found.article else None

    async def note_read(self, id: str, article: str, customer: str, by: Origin) -> Suggestion:
        """Raises NotFound."""
        return await self.store.change(id, partial(Suggestion.note_read, article=article, customer=customer), by)

    async def record_results(self, ids: Sequence[str]) -> None:
        """Whether a ticket of theirs was opened, by whichever way, within a day."""
        for one in await self.store.where({"_id": {"$in": list(ids)}}):
            if one.customer:
                span = (one.shown_at, one.shown_at + WITHIN)
                opened, _ = await self.tickets.store.newest({"contact.sub": one.customer}, span, None, 1)
                await self.store.change(one.id, partial(Suggestion.record_result, submitted=bool(opened)), INTAKE)

    async def counts(self, since: datetime, before: datetime) -> tuple[Counts, Counts, int]:
        """Of what was shown, of the hold-out group, and of how many it is not known yet."""
        shown, held_out, still = await asyncio.gather(
            self.store.counted(Group.SHOWN, since, before),
            self.store.counted(Group.HELD_OUT, since, before),
            self.store.still_open(since, before),
        )
        return shown, held_out, still

    async def _keep(self, customer: str, group: Group, articles: Sequence[str]) -> Suggestion:
        now = self.now()
        if known := open_one(await self.store.of_customer(customer), now):
            return await self.store.change(known.id, partial(Suggestion.add, articles=articles), INTAKE)
        return await self.store.add(Suggestion.made(uuid4().hex, customer, group, articles, now), [], INTAKE)
