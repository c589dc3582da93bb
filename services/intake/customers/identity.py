"""Who the customer of a ticket is: the same on every replica and each time that it is asked."""

import hashlib
import re
import unicodedata

from shared.events import Contact

NOT_A_DIGIT = re.compile(r"\D")
CHINESE_MOBILE = re.compile(r"1[3-9]\d{9}")
MIN_DIGITS = 7  # anything shorter is an extension, which many people have


def customer_id(company: str, contact: Contact, number: str) -> str:
    """A company by its name as it was given; else a person by their subject, their address (of mail, or in a messenger)
    or their telephone number. A name alone is nobody in particular: such a ticket has a customer of its own."""
    if company:
        known = f"company {company}"
    elif contact.sub:
        known = f"sub {contact.sub}"
    elif contact.email:
        known = f"mailto {contact.email.lower()}"
    elif contact.address:
        known = f"channel {contact.address}"
    elif digits := normalized_phone(contact.phone):
        known = f"tel {digits}"
    else:
        known = f"ticket {number}"
    return f"C-{hashlib.sha256(known.encode()).hexdigest()[:20]}"


def normalized_phone(written: str) -> str:
    """A number as it is dialled from anywhere, as far as that can be told: `+8613800138000` for `138-0013-8000`. Empty
    for what is none."""
    text = unicodedata.normalize("NFKC", written).strip()
    digits = NOT_A_DIGIT.sub("", text)
    if text.startswith("00"):
        text, digits = f"+{digits[2:]}", digits[2:]
    if len(digits) < MIN_DIGITS:
        return ""
    if text.startswith("+"):
        return f"+{digits}"
    return f"+86{digits}" if CHINESE_MOBILE.fullmatch(digits) else digits
