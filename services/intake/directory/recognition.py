"""Whose ticket it is, by what was said when it was opened."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.intake.directory.companies import domains_of, name_key
from services.intake.directory.contacts import identity_keys
from shared.domain import Value
from shared.events import Contact


class Known(Value):
    """The records of a person and of a company; empty where there is none. `tier` and `policy` are what the record of
    the company says."""

    contact_id: str = ""
    company_id: str = ""
    tier: str = ""
    policy: str = ""


NOBODY = Known()


def keys_of(company: str, contact: Contact) -> list[str]:
    """By which the records are found, those of the person first. Telephone numbers are not among them."""
    found = identity_keys(_some(contact.sub), _some(contact.email), _some(contact.address))
    if company:
        return [*found, name_key(company)]
    return [*found, *(f"domain:{domain}" for domain in domains_of(contact.email))]


def recognised(keys: Sequence[str], company: str, rows: Sequence[Mapping[str, Any]]) -> Known:
    """`rows` are the records that have one of the keys. The person is who the first key says. A company that was named
    is that or none; else it is the person's, or that of their mail domain, the nearest one."""
    holders = {key: row for row in rows for key in row["keys"]}
    found = [holders[key] for key in keys if key in holders]
    person = next((row for row in found if row["kind"] == "person"), {})
    named = next((row["id"] for row in found if row["kind"] == "company"), "")
    return Known(
        contact_id=person.get("id", ""),
        company_id=named if company else person.get("company", "") or named,
    )


def _some(value: str) -> list[str]:
    return [value] if value else []
