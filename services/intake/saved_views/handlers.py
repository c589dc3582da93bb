"""Saved views, and how many tickets each of them finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from services.intake.keeping.handlers import Keeping, KeptStore
from services.intake.saved_views.domain import MOST_OWN, MOST_SHARED, SavedView
from services.intake.tickets.filters import TicketFilters, wanted_of
from services.intake.tickets.handlers import TicketHandlers
from services.intake.tickets.search import TicketSearch
from shared.http import Caller
from shared.search import Wanted


def views_in(store: KeptStore[SavedView]) -> Keeping[SavedView]:
    return Keeping(store, "V", MOST_OWN, MOST_SHARED)


@dataclass(frozen=True)
class SavedViewHandlers:
    kept: Keeping[SavedView]
    tickets: TicketHandlers
    search: TicketSearch
    now: Callable[[], datetime]

    async def counts(self, views: Sequence[SavedView], caller: Caller) -> list[int | None]:
        """How many tickets the caller would find with each; None where they may read none, the index is not complete,
        or the view asks for what only a newer version knows."""
        if caller.scope_of("ticket:read") is None or not self.search.follower.is_complete:
            return [None for _ in views]
        wanted = [await self._wanted(view, caller) for view in views]
        known = [one for one in wanted if isinstance(one, Wanted)]
        counted = iter(await self.search.count_each(known))
        return [next(counted) if isinstance(one, Wanted) else one for one in wanted]

    async def _wanted(self, view: SavedView, caller: Caller) -> Wanted | int | None:
        """0: it finds nothing."""
        try:
            filters = TicketFilters.model_validate(view.search)
        except ValidationError:
            return None
        return await wanted_of(filters, caller, self.tickets) or 0
