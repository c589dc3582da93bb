"""What intake tells of tickets that come from another desk, and of people who are forgotten."""

from shared.events.envelope import Event, Part
from shared.events.intake import Contact
from shared.terms import Channel, Moment, Outcome


class TicketSummary(Part):
    """A ticket that another desk has closed and that is kept here: `external_id` and `number` are what it was called
    there, for programs and for people."""

    ticket: str
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


class ImportPartTaken(Event):
    """Tickets of another desk, `imported_from`, are kept here now; `subject` is the import, of which this is a part, or
    some of it. Nobody has anything to do with them; customers' histories have them."""

    kind = "import.part_taken"
    imported_from: str
    part: int
    tickets: list[TicketSummary]


class ContactErased(Event):
    """A person is taken out of all that is kept; `subject` names the erasure, and nothing here names the person.
    `tickets` were theirs: whoever keeps words of these blanks them and keeps what is counted. A long list comes in
    several events."""

    kind = "contact.erased"
    tickets: list[str]
