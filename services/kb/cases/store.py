from services.kb.cases.domain import Case
from shared.domain import NotFound
from shared.events import Event
from shared.store import Decide, Index, Store


class Cases(Store[Case]):
    kind = Case
    stamped = True
    projection = True
    indexes = (Index(("article",)),)

    async def hear(self, ticket: str, decide: Decide[Case], by: Event) -> Case:
        """Change the case of this ticket, also when nothing was received about it before."""
        try:
            return await self.change(ticket, decide, by)
        except NotFound:
            new = Case.awaiting(ticket)
            saved = await self.add(new, decide(new), by)
        return saved if saved is new else await self.change(ticket, decide, by)

    async def solved_by(self, article: str) -> list[Case]:
        return await self.where({"article": article})
