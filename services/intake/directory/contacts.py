"""The record of a person on a customer's side: their names, addresses, numbers, and who they are in messengers."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from services.intake.directory.domain import Party, digest, record_id
from services.intake.directory.names import normal
from shared.domain import Invalid

MAX_ADDRESSES = 20  # of each kind


class Person(Party):
    """`company` is the id of a company's record; `subs` are who they are when they sign in, `addresses` where they
    write from in messengers: `wecom:<account>:<member>`."""

    prefix: ClassVar[str] = "P-"

    kind: Literal["person"] = "person"
    company: str = ""
    position: str = ""
    language: str = ""
    subs: list[str] = Field(default_factory=list)
    emails: list[str] = Field(default_factory=list)
    addresses: list[str] = Field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        return list(dict.fromkeys([*super().keys, *identity_keys(self.subs, self.emails, self.addresses)]))

    @property
    def hints(self) -> list[str]:
        return [*super().hints, *([f"named:{self.company}/{normal(self.name)}"] if self.company else [])]

    @property
    def others(self) -> list[str]:
        return [f"C-{digest(known)}" for known in known_by(self.subs, self.emails, self.addresses)]

    def check(self) -> None:
        """A name alone is nobody in particular."""
        if not (self.subs or self.emails or self.addresses or self.phones):
            raise Invalid(
                "A contact needs an account, an address or a telephone number: a name alone is nobody in particular",
                "联系人至少需要账号、地址或电话号码之一：仅凭姓名无法区分",
                "body.emails",
            )


def new_person(facts: Mapping[str, object], by: str, now: datetime, attempt: int = 0) -> Person:
    """Raises Invalid."""
    person = Person.model_validate({**facts, "id": "", "added_at": now, "added_by": by})
    person.check()
    known = known_by(person.subs, person.emails, person.addresses)
    said = f"record {person.name}/{person.company}/{person.phones}"  # who called, and is known by nothing else
    person.id = record_id(Person.prefix, known[0] if known else said, attempt)
    person.follow_soon(now)
    return person


def identity_keys(subs: list[str], emails: list[str], addresses: list[str]) -> list[str]:
    """What proves who somebody is comes first."""
    return [
        *(f"sub:{sub}" for sub in subs),
        *(f"mail:{email.lower()}" for email in emails),
        *(f"channel:{address}" for address in addresses),
    ]


def known_by(subs: list[str], emails: list[str], addresses: list[str]) -> list[str]:
    """How customers/identity.py knows them while there is no record."""
    return [
        *(f"sub {sub}" for sub in subs),
        *(f"mailto {email.lower()}" for email in emails),
        *(f"channel {address}" for address in addresses),
    ]
