"""Who sees which events: staff all of them, knowledge editors those of kb, customers those of their own tickets."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping

from services.notify.permissions import PERMISSIONS
from services.notify.stream.filters import Filters
from services.notify.stream.visibility import StreamItem, is_public
from shared.auth import Principal, Scope, check, scope_of
from shared.domain import Forbidden
from shared.events import Event, TicketOpened
from shared.terms import Role

CACHED_OWNERS = 10_000  # of tickets
LOOKUP_ATTEMPTS = 5  # for the owner of a ticket that was opened a moment ago
LOOKUP_DELAY = 0.1  # seconds

EVERYTHING = Filters()
FindOwner = Callable[[str], Awaitable[tuple[str, str] | None]]


# Of everything that staff hear, these roles hear only what begins so: editors may neither read incidents nor mails.
HEARD_BY: Mapping[Role, str] = {Role.KB_EDITOR: "kb."}


# Whom triage tells who is on a ticket, and nobody else.
SEE_PRESENCE = frozenset({Role.AGENT, Role.ENGINEER, Role.LEAD, Role.AUDITOR})


def is_of_staff(principal: Principal) -> bool:
    return scope_of(principal, PERMISSIONS["stream:read"]) is Scope.ALL


def hears_as_staff(principal: Principal, event: Event) -> bool:
    """Whether one of their roles lets them hear it whoever's it is."""
    rule = PERMISSIONS["stream:read"]
    return any(
        rule.get(role) is Scope.ALL and event.kind.startswith(HEARD_BY.get(role, "")) for role in principal.roles
    )


def hears_presence(principal: Principal) -> bool:
    """Whether they may know who is on a ticket: whoever may read it at triage."""
    return not principal.roles.isdisjoint(SEE_PRESENCE)


class StreamAccess:
    """`find_owner` gives the `sub` and company of a ticket's customer."""

    def __init__(self, find_owner: FindOwner) -> None:
        self._find_owner = find_owner
        self._owners: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._looking: dict[str, asyncio.Task[tuple[str, str]]] = {}

    async def visible_to(self, principal: Principal, item: StreamItem, filters: Filters = EVERYTHING) -> bytes | None:
        """The event as this person may see it; None for what they may not, or do not want to."""
        event, is_staff = item.event, hears_as_staff(principal, item.event)
        if not filters.lets_through(event) or not (is_staff or is_public(event)):
            return None
        if is_staff and not filters.company:
            return item.for_staff
        owner, company = await self.owner_of(event)
        if filters.company not in ("", company):
            return None
        if is_staff:
            return item.for_staff
        try:
            scope = check(principal, PERMISSIONS, "stream:read", owner, company)
        except Forbidden:
            return None
        return None if scope is Scope.ALL else item.for_customers  # as staff they do not hear it

    async def owner_of(self, event: Event) -> tuple[str, str]:
        """`sub` and company of the customer of its ticket; empty when nobody knows."""
        ticket = event.subject
        if isinstance(event, TicketOpened):
            self._owners.setdefault(ticket, (event.contact.sub, event.company))
        if ticket in self._owners:
            return self._owners[ticket]
        if ticket not in self._looking:  # one looks it up for all readers
            tries = LOOKUP_ATTEMPTS if is_public(event) else 1
            self._looking[ticket] = looking = asyncio.create_task(self._look_up(ticket, tries))
            looking.add_done_callback(lambda _: self._looking.pop(ticket, None))
        return await asyncio.shield(self._looking[ticket])

    async def _look_up(self, ticket: str, tries: int) -> tuple[str, str]:
        for _ in range(tries):
            if found := self._owners.get(ticket) or await self._find_owner(ticket):
                self._owners[ticket] = found
                if len(self._owners) > CACHED_OWNERS:
                    self._owners.popitem(last=False)
                return found
            await asyncio.sleep(LOOKUP_DELAY)  # the stream is ahead of our own copy
        return "", ""
