"""What intake tells of tickets that come from another desk, and of people who are forgotten."""

from shared.events.envelope import Event
from shared.events.intake import Contact
from shared.terms import Channel, Moment, Outcome


class TicketImported(Event):
    """A ticket that another desk has closed is kept here: `imported_from` names that desk, `external_id` what it was
    called there. Nobody has anything to do with it; customers' histories have it."""

    kind = "ticket.imported"
    imported_from: str
    external_id: str
    number: str = ""
    title: str
    product: str = ""
    product_version: str = ""
    customer: str
    customer_name: str = ""
    company: str = ""
    contact: Contact
    contact_id: str = ""
    company_id: str = ""
    channel: Channel
    opened_at: Moment
    completed_at: Moment
    outcome: Outcome = Outcome.SOLVED


class ContactErased(Event):
    """A person is taken out of all that is kept; `subject` names the erasure, and nothing here names the person.
    `tickets` were theirs: whoever keeps words of these blanks them and keeps what is counted. A long list comes in
    several events."""

    kind = "contact.erased"
    tickets: list[str]
