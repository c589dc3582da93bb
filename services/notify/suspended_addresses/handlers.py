"""Which addresses are suspended, as all replicas know within seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.notify.suspended_addresses.domain import SuspendedAddress, id_of
from services.notify.suspended_addresses.store import SuspendedAddresses
from shared.cache import Cache
from shared.domain import Origin
from shared.service import Now

SELF = Origin.service("notify")
FRESH_FOR = 5.0  # seconds in which a change by another replica may go unseen


@dataclass
class SuspendedAddressHandlers:
    store: SuspendedAddresses
    now: Now

    def __post_init__(self) -> None:
        self._spans = Cache(self.store.spans, FRESH_FOR)

    def is_suspended(self, address: str) -> bool:
        """As it was at the last refresh; while a lost database is rebuilt, as it was at the time of the events."""
        since, until = (self._spans.kept or {}).get(id_of(address), (None, None))
        return since is not None and since <= self.now() and (until is None or self.now() < until)

    async def refresh(self) -> None:
        await self._spans.get()

    async def suspend(self, address: str, status: str, ticket: str, delivery: str, at: datetime) -> None:
        new = SuspendedAddress(
            id=id_of(address),
            address=address,
            status=status,
            ticket=ticket,
            delivery=delivery,
            suspended_at=at,
        )
        known = await self.store.add(new, [], SELF)
        if known is not new:
            again = partial(SuspendedAddress.suspend_again, status=status, ticket=ticket, delivery=delivery)
            await self.store.change(new.id, partial(again, now=at), SELF)
        await self._spans.refresh()

    async def release(self, id: str, by: Origin) -> SuspendedAddress:
        """Raises NotFound."""
        released = await self.store.change(id, partial(SuspendedAddress.release, sub=by.actor, now=self.now()), by)
        await self._spans.refresh()
        return released

    async def forget(self, tickets: Sequence[str]) -> None:
        """Those that mails about these tickets went to."""
        await self.store.remove([row["id"] for row in await self.store.rows({"ticket": {"$in": list(tickets)}}, ())])
