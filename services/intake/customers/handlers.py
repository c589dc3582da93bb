"""Who the customers are, and which of them are one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.customers.domain import Customer, Opened, SameCustomer, identify, newest_of
from services.intake.customers.store import Customers
from shared.domain import NotFound, Origin
from shared.events import CustomerMerged, Event, TicketOpened

OWN = Origin.service("intake")


@dataclass(frozen=True)
class Directory:
    """What is built from the stream: `remember` and `was_merged` in any order end in the same customers."""

    customers: Customers
    now: Callable[[], datetime]

    async def find(self, id: str) -> tuple[str, list[Opened]]:
        """Who that is today, and their tickets that are known, newest first."""
        one = await self._who(id)
        return (one.id, newest_of(await self.all_of(one))) if one else (id, [])

    async def read(self, id: str) -> tuple[Customer, list[Customer]]:
        """Who that is today, and all who are one with them, themselves first. Raises NotFound."""
        one = await self._who(id)
        if one is None:
            raise NotFound.of(id)
        return one, await self.all_of(one)

    async def all_of(self, one: Customer) -> list[Customer]:
        """Them and their aliases, each with theirs."""
        found, asked = {one.id: one}, {one.id}
        while ask := {alias for there in found.values() for alias in there.aliases} - asked:
            asked |= ask
            for alias in await self.customers.where({"_id": {"$in": sorted(ask)}}):
                if alias.into in found:
                    found[alias.id] = alias
        return list(found.values())

    async def remember(self, event: TicketOpened) -> list[Opened]:
        """The newest tickets of whose this one is."""
        id = identify(event.company, event.contact, event.subject)
        one = await self._change(id, lambda customer: customer.had(event))
        whole = await self._who(id) if one.into else one
        return newest_of(await self.all_of(whole or one))

    async def merge(self, alias: str, into: str, reason: str, by: Origin) -> Customer:
        """Raises NotFound, SameCustomer, TooMany. Saying it again changes nothing."""
        one, _ = await self.read(into)
        other, _ = await self.read(alias)
        if one.id == alias:
            raise SameCustomer(f"{alias} is {into} already", f"{alias} 与 {into} 已是同一客户")
        if one.id == other.id:
            return one
        await self.customers.change(one.id, lambda customer: customer.is_also(other.id), OWN)
        await self.customers.change(
            other.id, lambda customer: customer.merge(one.id, reason, self.now()), _unconditional(by)
        )
        return one

    async def part(self, alias: str, into: str, reason: str, by: Origin) -> Customer:
        """They are two again. Raises NotFound."""
        other = await self.customers.get(alias)
        if other.into != into:
            raise NotFound(f"{alias} is no alias of {into}", f"{alias} 不是 {into} 的别名")
        await self.customers.change(alias, lambda customer: customer.merge("", reason, self.now()), _unconditional(by))
        return await self.customers.get(into)

    async def was_merged(self, event: CustomerMerged) -> None:
        await self._change(event.subject, lambda customer: customer.was_merged(event))
        if event.into:
            await self._change(event.into, lambda customer: customer.is_also(event.subject))

    async def _who(self, id: str) -> Customer | None:
        """Of a circle, as two who say the opposite at once may make it, the one with the smallest id."""
        seen: dict[str, Customer] = {}
        while (one := await self.customers.find(id)) and one.into:
            if id in seen:
                return seen[min(seen)]
            seen[id], id = one, one.into
        return one

    async def _change(self, id: str, decide: Callable[[Customer], list[Event]]) -> Customer:
        """The customer, changed; made if there is none yet."""
        try:
            return await self.customers.change(id, decide, OWN)
        except NotFound:
            new = Customer(id=id)
            decide(new)
        there = await self.customers.add(new, [], OWN)
        return new if there is new else await self.customers.change(id, decide, OWN)


def _unconditional(by: Origin) -> Origin:
    """The version that the caller saw, if they named one, is of whom they asked for, not of the alias."""
    return replace(by, if_match=None)
