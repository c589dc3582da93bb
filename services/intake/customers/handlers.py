"""Who the customers are, and which of them are one."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from services.intake.customers.domain import AlreadyMerged, Customer, TooManyAliases, newest_tickets
from services.intake.customers.history import KnownError, OpenedTicket, SeenTicket
from services.intake.customers.identity import customer_id
from services.intake.customers.store import Customers, KnownErrors
from services.intake.directory.domain import Party, digest
from services.intake.directory.handlers import DirectoryHandlers
from services.intake.directory.recognition import Known
from shared.domain import NotFound, Origin
from shared.events import CustomerMerged, Event, TicketOpened, TicketSummary
from shared.store import Decide

logger = logging.getLogger(__name__)
INTAKE = Origin.service("intake")
AT_ONCE = 50  # customers that are changed together


@dataclass(frozen=True)
class CustomerHandlers:
    """What is built from the stream: `record_ticket` and `record_merge` in any order end in the same customers."""

    store: Customers
    errors: KnownErrors
    directory: DirectoryHandlers
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
        records = Known(contact_id=event.contact_id, company_id=event.company_id)
        id = customer_id(event.company, event.contact, event.subject, records)
        customer = await self._change(id, partial(Customer.record_ticket, event=event))
        today = await self._resolve(id) if customer.into else customer
        return newest_tickets(await self.with_aliases(today or customer))

    async def record_taken(self, taken: Sequence[TicketSummary]) -> None:
        """Those that another desk had before: one change for each customer, all of them in few statements."""
        tickets: dict[str, list[TicketSummary]] = {}
        for one in taken:
            records = Known(contact_id=one.contact_id, company_id=one.company_id)
            tickets.setdefault(customer_id(one.company, one.contact, one.ticket, records), []).append(one)
        ids = list(tickets)
        for at in range(0, len(ids), AT_ONCE):
            some = ids[at : at + AT_ONCE]
            new = await self.store.change_all(some, lambda one: one.record_taken(tickets[one.id]), INTAKE)
            each = ((id, partial(Customer.record_taken, tickets=tickets[id])) for id in new)
            await asyncio.gather(*(self._add(id, record) for id, record in each))

    async def today(self, ids: Sequence[str]) -> dict[str, str]:
        """Who each of them is."""
        merged = [row["id"] for row in await self.store.rows({"_id": {"$in": list(ids)}}, ("into",)) if row.get("into")]
        found = {id: await self._resolve(id) for id in merged}
        return {id: one.id if (one := found.get(id)) else id for id in ids}

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
        await self._forget_alias(alias, other.into)
        return await self.store.get(into)

    async def record_merge(self, event: CustomerMerged) -> None:
        customer = await self._change(event.subject, partial(Customer.record_merge, event=event))
        if event.into and customer.into == event.into:
            await self._change(event.into, partial(Customer.add_alias, alias=event.subject))
        if event.before:
            await self._forget_alias(event.subject, event.before)

    # ---- what follows from the desk's records

    async def follow(self, ids: Sequence[str]) -> None:
        """The tickets of all names and addresses of a record are one customer's; what is no longer in it is taken out.
        Done again it changes nothing."""
        for id in ids:
            party = await self.directory.store.find(id)
            if party is None or party.due_at is None or party.due_at > self.now():
                continue
            wanted = await self._with_history(party)
            for other, whole in party.joined.items():
                if wanted.get(other) != whole and (there := await self.store.find(other)) and there.into == whole:
                    await self.unmerge(other, whole, party.id, INTAKE)
            for other, whole in wanted.items():
                if party.joined.get(other) != whole:
                    await self._join(other, whole, party.id)
            followed = partial(Party.followed, joined=wanted, seen=party.version)
            await self.directory.store.change(id, followed, INTAKE)

    async def _with_history(self, party: Party) -> dict[str, str]:
        """Those that tickets were opened for. Whom somebody merged by hand stays where they were put."""
        wanted = party.wanted
        found = await self.store.where({"_id": {"$in": sorted(wanted)}}) if wanted else []
        merged = {one.id: one.into for one in found}
        if party.into:
            merged.setdefault(party.own, "")  # whose tickets are still to come
        return {one: wanted[one] for one, into in merged.items() if into in ("", wanted[one])}

    async def _join(self, other: str, whole: str, record: str) -> None:
        for one in (other, whole):
            await self._change(one, lambda _: [])
        try:
            await self.merge(other, whole, record, INTAKE)
        except (AlreadyMerged, TooManyAliases) as refusal:
            logger.warning("the history of %s is not joined to %s: %s", other, whole, refusal)

    # ---- the same error

    async def record_error(self, customer: str, fingerprint: str, ticket: SeenTicket) -> list[SeenTicket]:
        """The tickets of the customer that have it, without this one."""
        new = KnownError(id=_error_id(customer, fingerprint))
        new.see(ticket)

        def decide(known: KnownError) -> list[Event]:
            known.see(ticket)
            return []

        try:
            known = await self.errors.change(new.id, decide, INTAKE)
        except NotFound:
            known = await self.errors.add(new, [], INTAKE)
            known = known if known is new else await self.errors.change(new.id, decide, INTAKE)
        ids = [_error_id(one, fingerprint) for one in await self.ids_of(customer) if one != customer]
        others = await self.errors.where({"_id": {"$in": ids}}) if ids else []
        return [one for there in (known, *others) for one in there.tickets if one.number != ticket.number]

    # ---- inside

    async def _forget_alias(self, alias: str, whole: str) -> None:
        """Unless it is merged into that one again by now."""
        await self._change(whole, partial(Customer.remove_alias, alias=alias))
        if (again := await self.store.find(alias)) and again.into == whole:
            await self._change(whole, partial(Customer.add_alias, alias=alias))

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
        if not self.store.is_missing(id):
            with suppress(NotFound):
                return await self.store.change(id, decide, INTAKE)
        return await self._add(id, decide)

    async def _add(self, id: str, decide: Decide[Customer]) -> Customer:
        """One that was not there a moment ago."""
        new = Customer(id=id)
        decide(new)
        added = await self.store.add(new, [], INTAKE)
        return new if added is new else await self.store.change(id, decide, INTAKE)


def _unconditional(by: Origin) -> Origin:
    """The version that the caller saw, if they named one, is of whom they asked for, not of the alias."""
    return replace(by, if_match=None)


def _error_id(customer: str, fingerprint: str) -> str:
    return f"E-{digest(f'{customer} {fingerprint}')}"
