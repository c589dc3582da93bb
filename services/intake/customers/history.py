"""Which earlier tickets a new one is linked to (P1.5), and why."""

from datetime import datetime

from pydantic import AwareDatetime, Field

from services.intake.directory.recognition import Known
from shared.domain import Aggregate, Value
from shared.events import Contact, LinkReason, Problem, TicketLink, TicketOpened, TicketSummary
from shared.phones import e164
from shared.texts import plain

MAX_LINKED = 5  # earlier tickets that a new one is linked to
MAX_SAME_ERROR = 20  # tickets that are kept of an error, the newest


class SeenTicket(Value):
    number: str
    at: AwareDatetime

    @property
    def sort_key(self) -> tuple[AwareDatetime, str]:
        return self.at, self.number


class OpenedTicket(SeenTicket):
    """`linked` are the earlier ones that were known when it was opened; `who` says who asked, in all the ways that are
    known, `phone` from where, `version` about which version of which product. Older releases kept none of these."""

    linked: list[str] = Field(default_factory=list)
    who: list[str] = Field(default_factory=list)
    phone: str = ""
    is_company: bool = False
    version: str = ""

    @classmethod
    def of(
        cls, number: str, at: datetime, company: str, contact: Contact, problem: Problem, records: Known
    ) -> "OpenedTicket":
        ways = {
            "record": records.contact_id,
            "sub": contact.sub,
            "mail": contact.email.lower(),
            "channel": contact.address,
        }
        return cls(
            number=number,
            at=at,
            who=[f"{way}:{value}" for way, value in ways.items() if value],
            phone=e164(contact.phone),
            is_company=bool(company or records.company_id),
            version=version_of(problem),
        )

    @classmethod
    def taken(cls, one: TicketSummary) -> "OpenedTicket":
        """On another desk, before."""
        records = Known(contact_id=one.contact_id, company_id=one.company_id)
        known = {"product": one.product, "product_version": one.product_version}
        problem = Problem(title=one.title, description="", **known)
        return cls.of(one.ticket, one.opened_at, one.company, one.contact, problem, records)

    @classmethod
    def from_event(cls, event: TicketOpened) -> "OpenedTicket":
        records = Known(contact_id=event.contact_id, company_id=event.company_id)
        opened = cls.of(
            event.subject, event.opened_at or event.time, event.company, event.contact, event.problem, records
        )
        opened.linked = event.linked
        return opened

    def comes_after(self, other: "OpenedTicket") -> bool:
        """One that was linked to the other when it was opened came later, whatever the clocks say; else the moments
        count. Never both ways."""
        if other.number in self.linked or self.number in other.linked:
            return other.number in self.linked
        return self.sort_key > other.sort_key

    def reasons(self, other: "OpenedTicket") -> list[LinkReason]:
        """Of two tickets of one customer; one reason at least."""
        found: list[LinkReason] = []
        if set(self.who) & set(other.who):
            found.append(LinkReason.SAME_PERSON)
        elif self.phone and self.phone == other.phone:
            found.append(LinkReason.SAME_PHONE)
        if self.is_company and other.is_company:
            found.append(LinkReason.SAME_COMPANY)
        found = found or [LinkReason.SAME_CUSTOMER]
        if self.version and self.version == other.version:
            found.append(LinkReason.SAME_VERSION)
        return found


class KnownError(Aggregate):
    """An error that a customer has had: the newest tickets with its fingerprint."""

    tickets: list[SeenTicket] = Field(default_factory=list)

    def see(self, ticket: SeenTicket) -> None:
        others = [one for one in self.tickets if one.number != ticket.number]
        self.tickets = sorted([*others, ticket], key=lambda one: one.sort_key, reverse=True)[:MAX_SAME_ERROR]


def links_of(new: OpenedTicket, known: list[OpenedTicket]) -> list[TicketLink]:
    """To those that have most to do with it; of several with the same reasons, to the newest. `known` are the newest
    first."""
    found = [TicketLink(ticket=one.number, reasons=new.reasons(one)) for one in known if one.number != new.number]
    return sorted(found, key=lambda link: -len(link.reasons))[:MAX_LINKED]


def earlier_tickets(new: OpenedTicket, known: list[OpenedTicket]) -> list[TicketLink]:
    """The same of those that were opened before it."""
    return links_of(new, [one for one in known if new.comes_after(one)])


def version_of(problem: Problem) -> str:
    """`reports 3.2` of product "Reports" and version "V3.2"; empty where no version is known."""
    version = "".join(plain(problem.product_version, 60).casefold().split()).removeprefix("v")
    product = " ".join(plain(problem.product, 200).casefold().split())
    return f"{product} {version}" if version else ""
