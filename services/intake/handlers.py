"""Everything that intake can do."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from services.intake.customer import Customer
from services.intake.domain import Ticket
from services.intake.parts import Attachment, Consent
from services.intake.store import Customers, Tickets
from shared.domain import Conflict, Invalid, NotFound, Origin, TooLarge
from shared.events import (
    Contact,
    Event,
    Problem,
    TicketOpened,
    TriageAssigned,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageDiagnosed,
    TriageLogAnalysed,
    TriageReclassified,
    TriageReleased,
    TriageSolutionVerified,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
)
from shared.http import SAME_REQUEST_WITHIN, Caller
from shared.links import Link, Links
from shared.mongo import Counter, Files
from shared.terms import Channel, Satisfaction

ATTACHMENT_BYTES = 20 * 1024 * 1024
LINK_VALID_FOR = timedelta(days=7)
ACTIONS = ("accept_solution", "reject_solution", "give_feedback", "give_consent")
OWN = Origin.service("intake")
Decide = Callable[[Ticket], list[Event]]


@dataclass(frozen=True)
class Intake:
    tickets: Tickets
    customers: Customers
    numbers: Counter
    files: Files
    links: Links
    now: Callable[[], datetime]

    # ---- what people ask for

    async def open(
        self,
        problem: Problem,
        customer: str,
        company: str,
        contact: Contact,
        channel: Channel,
        taken_by: str,
        by: Origin,
    ) -> tuple[Ticket, bool]:
        """The ticket, and whether it is new: a repeated request is answered with the ticket that there is."""
        now = self.now()
        number = f"TK-{now.year}-{await self.numbers.next(str(now.year)):06d}"
        earlier = await self._earlier(customer, number)
        ticket, events = Ticket.open(number, problem, customer, company, contact, channel, taken_by, earlier, now)
        if by.key:
            there = await self.tickets.add(ticket, events, by, [by.key])
            return there, there is ticket
        # Without a key the same request by the same person within a minute is the same ticket. A ticket claims its
        # own minute and the next one, so that one unique index finds a double also across the turn of a minute.
        minute = int(now.timestamp()) // SAME_REQUEST_WITHIN
        for first in (minute, minute + 1):
            keys = [f"{by.actor} {by.digest}/{m}" for m in (first, first + 1)]
            there = await self.tickets.add(ticket, events, by, keys)
            if there is ticket or now - there.opened_at <= timedelta(seconds=SAME_REQUEST_WITHIN):
                return there, there is ticket
        raise Conflict("the same request again and again; please wait a minute", "重复提交过于频繁，请稍后再试")

    async def _earlier(self, customer: str, number: str) -> list[str]:
        known = await self.customers.find(customer)
        return known.earlier_than(number) if known else []

    async def change(self, number: str, decide: Decide, by: Origin) -> Ticket:
        return await self.tickets.change(number, decide, by)

    async def attach(
        self, number: str, name: str, media_type: str, chunks: AsyncIterator[bytes], by_staff: bool, by: Origin
    ) -> Ticket:
        """Store the file, then add it to the ticket. Raises TooLarge; what is refused or repeated leaves nothing."""
        id = uuid4().hex[:24]
        await self.tickets.get(number)
        size, digest = 0, sha256()

        async def counted() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                if size > ATTACHMENT_BYTES:
                    raise TooLarge("an attachment may have 20 MB at most", "单个附件不得超过 20 MB")
                digest.update(chunk)
                yield chunk

        await self.files.save(id, name, counted())
        if not size:
            await self.files.delete(id)
            raise Invalid("the file is empty", "文件为空")
        now = self.now()
        attachment = Attachment(
            id=id, name=name, size=size, media_type=media_type, sha256=digest.hexdigest(), added_by=by.actor, at=now
        )
        ticket = None
        try:
            ticket = await self.tickets.change(
                number, lambda t: t.attach(attachment, by_staff, now), replace(by, digest="")
            )
            return ticket
        finally:
            if ticket is None or all(there.id != id for there in ticket.attachments):
                await self.files.delete(id)

    async def consent(
        self, number: str, caller: Caller, scope: str, given_by: str, words: str, expires_at: datetime | None
    ) -> Ticket:
        now = self.now()
        if expires_at and expires_at <= now:
            raise Invalid("the consent would have expired already", "授权到期时间已过")

        def decide(ticket: Ticket) -> list[Event]:
            consent = Consent(
                id=f"c{len(ticket.consents) + 1}",
                scope=scope,
                given_by=given_by,
                recorded_by=caller.sub,
                words=words,
                at=now,
                expires_at=expires_at,
            )
            return ticket.give_consent(consent, now)

        return await self.tickets.change(number, decide, caller.origin)

    def link(self, ticket: Ticket, action: str) -> str:
        person = ticket.contact
        link = Link(ticket.id, action, person.sub or person.email, person.name, person.language, uuid4().hex)
        return self.links.url(link, self.now(), LINK_VALID_FOR)

    async def follow_link(self, link: Link, satisfaction: Satisfaction | None, comment: str) -> Ticket:
        """Do what the link allows, in the name of the person that it was made for."""
        now = self.now()
        by = Origin(link.sub, f"link:{link.nonce}", f"link/{link.nonce}/{link.action}/{satisfaction or ''}")

        def decide(ticket: Ticket) -> list[Event]:
            match link.action:
                case "accept_solution" | "reject_solution":
                    return ticket.judge(link.action == "accept_solution", comment, now)
                case "give_feedback" if satisfaction:
                    return ticket.rate(satisfaction, comment, now)
                case "give_consent":
                    consent = Consent(
                        id=f"link-{link.nonce[:12]}",
                        scope="remote assistance",
                        given_by=link.name,
                        recorded_by=link.sub,
                        words=comment or "agreed through a signed link · 通过签名链接同意",
                        at=now,
                    )
                    return ticket.give_consent(consent, now)
            raise Invalid("the link does not say what to do", "链接内容不完整")

        return await self.tickets.change(link.ticket, decide, by)

    async def wait_ran_out(self, numbers: Sequence[str]) -> None:
        now = self.now()
        await self.tickets.change_all(numbers, lambda ticket: ticket.wait_ran_out(now), OWN)

    # ---- what the other services say

    async def remember(self, event: TicketOpened) -> None:
        """The customer's next ticket is linked to this one; and this one to those that were opened at the same time."""
        try:
            customer = await self.customers.change(event.customer, lambda known: known.had(event.subject), OWN)
        except NotFound:
            new = Customer(id=event.customer, company=event.company, recent=[event.subject])
            customer = await self.customers.add(new, [], OWN)
            if event.subject not in customer.recent:
                customer = await self.customers.change(event.customer, lambda known: known.had(event.subject), OWN)
        earlier = customer.earlier_than(event.subject)
        if not set(earlier) <= set(event.linked):
            await self.tickets.change(event.subject, lambda ticket: ticket.link(earlier, self.now()), event)

    async def diagnosed(self, event: TriageDiagnosed | TriageReclassified) -> None:
        await self.tickets.change(event.subject, lambda ticket: ticket.diagnosed(event), event)

    async def assigned(self, event: TriageAssigned) -> None:
        await self.tickets.change(event.subject, lambda ticket: ticket.assigned(event), event)

    async def released(self, event: TriageReleased) -> None:
        await self.tickets.change(event.subject, lambda ticket: ticket.released(event), event)

    async def log_analysed(self, event: TriageLogAnalysed) -> None:
        await self.tickets.change(event.subject, lambda ticket: ticket.log_analysed(event), event)

    async def consultation_opened(self, event: TriageConsultationOpened) -> None:
        await self.tickets.change(event.subject, lambda ticket: ticket.consultation_opened(event), event)

    async def consultation_concluded(self, event: TriageConsultationConcluded) -> None:
        await self.tickets.change(event.subject, lambda ticket: ticket.consultation_concluded(event), event)

    async def third_party_engaged(self, event: TriageThirdPartyEngaged) -> None:
        await self.tickets.change(event.subject, lambda ticket: ticket.third_party_engaged(event), event)

    async def third_party_answered(self, event: TriageThirdPartyAnswered) -> None:
        await self.tickets.change(event.subject, lambda ticket: ticket.third_party_answered(event), event)

    async def verified(self, event: TriageSolutionVerified) -> None:
        await self.tickets.change(event.subject, lambda ticket: ticket.verified(event), event)


def facts_of(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}
