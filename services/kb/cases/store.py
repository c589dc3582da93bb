from services.kb.cases import entry
from services.kb.cases.domain import Case
from services.kb.search.domain import Entry
from services.kb.search.indexed_store import Watched
from shared.domain import NotFound
from shared.events import Event
from shared.store import Decide, Index


class Cases(Watched[Case]):
    kind = Case
    projection = True
    indexes = (Index(("_place",)), Index(("article",)))

    def entry(self, one: Case) -> Entry | None:
        return entry.of_case(one)

    async def hear(self, ticket: str, decide: Decide[Case], by: Event) -> Case:
        """Change the case of this ticket, also when nothing was heard of it before."""
        try:
            return await self.change(ticket, decide, by)
        except NotFound:
            new = Case.of(ticket)
            saved = await self.add(new, decide(new), by)
        return saved if saved is new else await self.change(ticket, decide, by)

    async def naming(self, article: str) -> list[Case]:
        """Those whose solution this article was."""
        return await self.where({"article": article})
