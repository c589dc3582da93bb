"""Who the customer of a ticket is: the same on every replica and each time that it is asked."""

from services.intake.directory.domain import digest, own_customer
from services.intake.directory.recognition import NOBODY, Known
from shared.events import Contact
from shared.phones import e164


def customer_id(company: str, contact: Contact, number: str, records: Known = NOBODY) -> str:
    """A company by its record, or by its name as it was given; else a person by their record, their subject, their
    address (of mail, or in a messenger) or their telephone number. A name alone is nobody in particular: such a ticket
    has a customer of its own."""
    if records.company_id:
        return own_customer(records.company_id)
    if company:
        known = f"company {company}"
    elif records.contact_id:
        return own_customer(records.contact_id)
    elif contact.sub:
        known = f"sub {contact.sub}"
    elif contact.email:
        known = f"mailto {contact.email.lower()}"
    elif contact.address:
        known = f"channel {contact.address}"
    elif phone := e164(contact.phone):
        known = f"tel {phone}"
    else:
        known = f"ticket {number}"
    return f"C-{digest(known)}"
