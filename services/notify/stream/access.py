"""Who sees which events: staff all of them, customers those of their own tickets."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from services.notify.permissions import PERMISSIONS
from services.notify.stream.visibility import StreamItem, is_public
from shared.auth import Principal, Scope, check, scope_of
from shared.domain import Forbidden
from shared.events import Event, TicketOpened

CACHED_OWNERS = 10_000  # of tickets
LOOKUP_ATTEMPTS = 5  # for the owner of a ticket that was opened a moment ago
LOOKUP_DELAY = 0.1  # seconds

FindOwner = Callable[[str], Awaitable[tuple[str, str] | None]]


def reads_all(principal: Principal) -> bool:
    return scope_of(principal, PERMISSIONS["stream:read"]) is Scope.ALL


class StreamAccess:
    """`find_owner` gives the `sub` and company of a ticket's customer."""

    def __init__(self, find_owner: FindOwner) -> None:
        self._find_owner = find_owner
        self._owners: OrderedDict[str, tuple[str, str]] = OrderedDict()

    async def visible_to(self, principal: Principal, item: StreamItem) -> bytes | None:
        """The event as this person may see it."""
        if reads_all(principal):
            return item.for_staff
        event = item.event
        if not is_public(event):
            return None
        owner, company = await self.owner_of(event)
        try:
            check(principal, PERMISSIONS, "stream:read", owner, company)
        except Forbidden:
            return None
        return item.for_customers

    async def owner_of(self, event: Event) -> tuple[str, str]:
        """`sub` and company of the customer of its ticket; empty when nobody knows."""
        ticket = event.subject
        if isinstance(event, TicketOpened):
            self._owners.setdefault(ticket, (event.contact.sub, event.company))
        for _ in range(LOOKUP_ATTEMPTS):
            if ticket in self._owners:
                break
            if found := await self._find_owner(ticket):
                self._owners[ticket] = found
                break
            await asyncio.sleep(LOOKUP_DELAY)  # the stream is ahead of our own copy
        if len(self._owners) > CACHED_OWNERS:
            self._owners.popitem(last=False)
        return self._owners.get(ticket, ("", ""))
