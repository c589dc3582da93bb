"""Who the customers are, and which of them are one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from services.intake.customers.domain import AlreadyMerged, Customer, OpenedTicket, newest_tickets
from services.intake.customers.identity import customer_id
from services.intake.customers.store import Customers
from shared.domain import NotFound, Origin
from shared.events import CustomerMerged, TicketOpened
from shared.store import Decide

INTAKE = Origin.service("intake")


@dataclass(frozen=True)
class CustomerHandlers:
    """What is built from the stream: `record_ticket` and `record_merge` in any order end in the same customers."""

    store: Customers
    now: Callable[[], datetime]

    async def find(self, id: str) -> tuple[str, list[OpenedTicket]]:
        """Who that is today, and their tickets that are known, newest first."""
        found = await self._resolve(id)
        return (found.id, newest_tickets(await self.with_aliases(found))) if found else (id, [])

    async def get(self, id: str) -> tuple[Customer, list[Customer]]:
        """Who that is today, and all who are one with them, themselves first. Raises NotFound."""
        found = await self._resolve(id)
        if found is None:
            raise NotFound.of(id)
        return found, await self.with_aliases(found)

    async def ids_of(self, id: str) -> list[str]:
        """Of all who are one with them."""
        found = await self._resolve(id)
        return [one.id for one in await self.with_aliases(found)] if found else [id]

    async def with_aliases(self, customer: Customer) -> list[Customer]:
        """Them and their aliases, each with theirs."""
        found, asked = {customer.id: customer}, {customer.id}
        while ask := {alias for one in found.values() for alias in one.aliases} - asked:
            asked |= ask
            for alias in await self.store.where({"_id": {"$in": sorted(ask)}}):
                if alias.into in found:
                    found[alias.id] = alias
        return list(found.values())

    async def record_ticket(self, event: TicketOpened) -> list[OpenedTicket]:
        """The newest tickets of the customer whose this one is."""
        id = customer_id(event.company, event.contact, event.subject)
        customer = await self._change(id, partial(Customer.record_ticket, event=event))
        today = await self._resolve(id) if customer.into else customer
        return newest_tickets(await self.with_aliases(today or customer))

    async def merge(self, alias: str, into: str, reason: str, by: Origin) -> Customer:
        """Raises NotFound, AlreadyMerged, TooManyAliases. A second time it changes nothing."""
        whole, _ = await self.get(into)
        other, _ = await self.get(alias)
        if whole.id == alias:
            raise AlreadyMerged(f"{alias} and {into} are already the same customer", f"{alias} 与 {into} 已是同一客户")
        if whole.id == other.id:
            return whole
        await self.store.change(whole.id, partial(Customer.add_alias, alias=other.id), INTAKE)
        decide = partial(Customer.merge, into=whole.id, reason=reason, now=self.now())
        await self.store.change(other.id, decide, _unconditional(by))
        return whole

    async def unmerge(self, alias: str, into: str, reason: str, by: Origin) -> Customer:
        """They are two again, also where one was merged into the other through a third. Raises NotFound."""
        other = await self.store.get(alias)
        whole = await self._resolve(alias)
        if not other.into or into not in (other.into, whole.id if whole else ""):
            raise NotFound(f"{alias} is not an alias of {into}", f"{alias} 不是 {into} 的别名")
        decide = partial(Customer.merge, into="", reason=reason, now=self.now())
        await self.store.change(alias, decide, _unconditional(by))
        return await self.store.get(into)

    async def record_merge(self, event: CustomerMerged) -> None:
        await self._change(event.subject, partial(Customer.record_merge, event=event))
        if event.into:
            await self._change(event.into, partial(Customer.add_alias, alias=event.subject))

    async def _resolve(self, id: str) -> Customer | None:
        """Whom they were merged into. Of a circle, as two who say the opposite at once may make it, the one with the
        smallest id."""
        seen: dict[str, Customer] = {}
        while (one := await self.store.find(id)) and one.into:
            if id in seen:
                return seen[min(seen)]
            seen[id], id = one, one.into
        return one

    async def _change(self, id: str, decide: Decide[Customer]) -> Customer:
        """The customer, changed; made if there is none yet."""
        try:
            return await self.store.change(id, decide, INTAKE)
        except NotFound:
            new = Customer(id=id)
            decide(new)
        added = await self.store.add(new, [], INTAKE)
        return new if added is new else await self.store.change(id, decide, INTAKE)


def _unconditional(by: Origin) -> Origin:
    """The version that the caller saw, if they named one, is of whom they asked for, not of the alias."""
    return replace(by, if_match=None)
