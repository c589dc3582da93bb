"""Keeping drafts, and posting those whose moment has come."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from services.intake.conversation.handlers import ConversationHandlers
from services.intake.drafts.domain import Audience, Draft, id_of
from services.intake.drafts.store import Drafts
from services.intake.tickets.values import Author
from shared.auth import Principal
from shared.domain import NotFound, Origin, Refusal
from shared.events import Event
from shared.service import Now, Runtime
from shared.terms import Text

logger = logging.getLogger(__name__)
MOST_LISTED = 100


@dataclass(frozen=True)
class DraftHandlers:
    store: Drafts
    conversation: ConversationHandlers
    now: Now

    @classmethod
    def wired(cls, runtime: Runtime, conversation: ConversationHandlers) -> "DraftHandlers":
        drafts = cls(runtime.store(Drafts), conversation, runtime.now)
        runtime.when_due(drafts.store, drafts.post_due)
        return drafts

    async def of(self, owner: str) -> list[Draft]:
        """That have a text; the last that was changed, first."""
        return await self.store.where({"owner": owner, "text": {"$gt": ""}}, "-changed_at", MOST_LISTED)

    async def on(self, ticket: str, owner: str) -> list[Draft]:
        """The person's own on this ticket, also empty ones: their version says that they were sent."""
        ids = [id_of(owner, ticket, audience) for audience in Audience]
        return await self.store.where({"_id": {"$in": ids}})

    async def keep(self, ticket: str, audience: Audience, text: str, who: Principal, by: Origin) -> Draft:
        """Raises OnItsWay, Stale."""
        id = await self._there(ticket, audience, who, by)
        return await self.store.change(id, partial(Draft.keep, text=text, now=self.now()), by)

    async def send(self, ticket: str, audience: Audience, text: str, who: Principal, by: Origin) -> Draft:
        """Once for each key. Raises OnItsWay, Stale."""
        id = await self._there(ticket, audience, who, by)

        def decide(draft: Draft) -> list[Event]:
            return draft.send(text, f"{by.actor} draft/{id}/{draft.version}", self.now())

        return await self.store.change(id, decide, by)

    async def take_back(self, ticket: str, audience: Audience, owner: str, by: Origin) -> Draft:
        """Raises NotFound, NotOnItsWay, OnItsWay."""
        id = id_of(owner, ticket, audience)
        return await self.store.change(id, partial(Draft.take_back, now=self.now()), by)

    async def post_due(self, ids: Sequence[str]) -> None:
        """Each once, however often this is done: the key is that of the draft as it was sent."""
        for id in ids:
            try:
                draft = await self.store.change(id, partial(Draft.leave, now=self.now()), Origin.service("intake"))
            except NotFound:  # of a ticket that was erased
                continue
            if draft.is_leaving:
                await self._post(draft)

    async def _post(self, draft: Draft) -> None:
        author, by = Author(draft.owner, draft.owner_name, by_staff=True), Origin(draft.owner, "draft", draft.key)
        refused: Text | None = None
        try:
            internal = draft.audience is Audience.NOTE
            await self.conversation.post(draft.ticket, draft.text, lambda _: author, internal, by, lambda _: None)
        except Refusal as why:
            logger.warning("a reply on %s was not posted: %s", draft.ticket, why)
            refused = why.detail
        arrive = partial(Draft.arrive, key=draft.key, refused=refused, now=self.now())
        await self.store.change(draft.id, arrive, Origin.service("intake"))

    async def _there(self, ticket: str, audience: Audience, who: Principal, by: Origin) -> str:
        id = id_of(who.sub, ticket, audience)
        new = Draft(id=id, ticket=ticket, owner=who.sub, owner_name=who.name or who.sub, audience=audience)
        new.changed_at = self.now()
        if await self.store.find(id) is None:
            await self.store.add(new, [], Origin(by.actor, by.cause))
        return id
