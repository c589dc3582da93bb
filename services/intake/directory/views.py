"""Records of companies and contacts as people send and see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from services.intake.directory.companies import MAX_ALIASES, MAX_DOMAINS
from services.intake.directory.contacts import MAX_ADDRESSES
from services.intake.directory.domain import MAX_PHONES, Party, numbers
from services.intake.directory.doubles import Double, DoubleReason
from shared.domain import Invalid
from shared.http import Body, View, example
from shared.phones import e164
from shared.terms import (
    Id,
    Line,
    OptionalEmailAddress,
    OptionalLine,
    OptionalParagraph,
    Subject,
)
from shared.texts import on_one_line


def _distinct(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _phones(written: list[str]) -> list[str]:
    if wrong := [one for one in written if not e164(one)]:
        raise ValueError(f"{wrong[0]} is no telephone number")
    return numbers(written)


Phone = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Address = Annotated[OptionalEmailAddress, Field(min_length=3)]
Domain = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=3, max_length=253)]
Messenger = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=5, max_length=400, pattern=r"^[a-z]{1,20}:[^\s:]{1,80}:\S"),
    BeforeValidator(on_one_line),
]
Phones = Annotated[list[Phone], Field(max_length=MAX_PHONES), AfterValidator(_phones)]
Aliases = Annotated[list[Line], Field(max_length=MAX_ALIASES), AfterValidator(_distinct)]
Domains = Annotated[list[Domain], Field(max_length=MAX_DOMAINS), AfterValidator(_distinct)]
Subjects = Annotated[list[Subject], Field(max_length=MAX_ADDRESSES), AfterValidator(_distinct)]
Addresses = Annotated[list[Address], Field(max_length=MAX_ADDRESSES), AfterValidator(_distinct)]
Messengers = Annotated[list[Messenger], Field(max_length=MAX_ADDRESSES), AfterValidator(_distinct)]
Language = Annotated[str, Field(pattern="^(zh|en)?$")]


class NewCompany(Body):
    model_config = example(
        name="华东贸易有限公司", aliases=["华东贸易"], domains=["huadong.example"], tier="gold", owner="a-lin"
    )

    name: Line
    """What it is called"""
    aliases: Aliases = Field(default_factory=list)
    """What else it is called: tickets with one of these names are its tickets"""
    domains: Domains = Field(default_factory=list)
    """Mail domains of its own: who writes from there, and from below, is one of its people"""
    phones: Phones = Field(default_factory=list)
    """Its telephone numbers; one without a country code is Chinese"""
    tier: OptionalLine = ""
    """The desk's word for how it is served"""
    owner: Subject | Literal[""] = ""
    """Who at the desk looks after it, as a subject; empty for nobody"""
    policy: Id | Literal[""] = ""
    """The SLA policy that was agreed with it, by id; empty for none"""
    notes: OptionalParagraph = ""
    """What else staff should know"""


class CompanyAmendment(Body):
    model_config = example(aliases=["华东贸易", "华东"], tier="gold")

    name: Line | None = None
    """What it is called; keep the old name as an alias while people still use it"""
    aliases: Aliases | None = None
    """All that it is called besides"""
    domains: Domains | None = None
    """All its mail domains"""
    phones: Phones | None = None
    """All its telephone numbers"""
    tier: OptionalLine | None = None
    """The desk's word for how it is served"""
    owner: Subject | Literal[""] | None = None
    """Who at the desk looks after it, as a subject; empty for nobody"""
    policy: Id | Literal[""] | None = None
    """The SLA policy that was agreed with it, by id; empty for none"""
    notes: OptionalParagraph | None = None
    """What else staff should know"""


class NewContact(Body):
    model_config = example(name="王敏", emails=["wang.min@huadong.example"], phones=["138 0013 8000"])

    name: Line
    """Their name"""
    company: Id | Literal[""] = ""
    """The id of their company's record; empty for none"""
    position: OptionalLine = ""
    """What they do there"""
    language: Language = ""
    """zh or en; empty if nobody said"""
    subs: Subjects = Field(default_factory=list)
    """Who they are when they sign in"""
    emails: Addresses = Field(default_factory=list)
    """Where they write mails from"""
    phones: Phones = Field(default_factory=list)
    """Their telephone numbers; one without a country code is Chinese"""
    addresses: Messengers = Field(default_factory=list)
    """Who they are in messengers: the channel, its account in the settings and the platform's id of the person, with
    colons between"""
    notes: OptionalParagraph = ""
    """What else staff should know"""


class ContactAmendment(Body):
    model_config = example(emails=["wang.min@huadong.example", "wm@huadong.example"])

    name: Line | None = None
    """Their name"""
    company: Id | Literal[""] | None = None
    """The id of their company's record; empty for none"""
    position: OptionalLine | None = None
    """What they do there"""
    language: Language | None = None
    """zh or en"""
    subs: Subjects | None = None
    """All that they are when they sign in"""
    emails: Addresses | None = None
    """All addresses that they write mails from"""
    phones: Phones | None = None
    """All their telephone numbers"""
    addresses: Messengers | None = None
    """All that they are in messengers"""
    notes: OptionalParagraph | None = None
    """What else staff should know"""


class NewPartyMerge(Body):
    model_config = example(into="CO-5f0c2a9e7d3b41886c10", reason="They are the same company")

    into: Id
    """The id of the record that stays"""
    reason: Line
    """Why they are one"""


class PartyUnmerge(Body):
    model_config = example(reason="Two companies of one name")

    reason: Line
    """Why they are two"""


class PartyMergeView(View):
    """That somebody said that it is the same as another record."""

    into: str
    """The id of the other"""
    reason: str
    """Why"""
    by: str
    """Who said so, as a subject"""
    at: datetime
    """When"""
    undone_by: str
    """Who undid it, as a subject; empty if nobody did"""
    undone_at: datetime | None
    """When; null if nobody did"""
    undone_reason: str
    """Why"""


class PartyRow(View):
    id: str
    """Its id"""
    name: str
    """What it is called"""


class PartyView(View):
    id: str
    """Its id"""
    version: int
    """Counts its changes; the ETag names it"""
    name: str
    """What it is called"""
    phones: list[str]
    """Telephone numbers, as E.164"""
    notes: str
    """What else staff should know"""
    into: str
    """The id of the record that it was merged into; empty if it was not"""
    merges: list[PartyMergeView]
    """When it was merged into another, in order"""
    merged: list[PartyRow] = Field(default_factory=list)
    """The records that were merged into it: what they have counts as its own"""
    customer: str = Field(validation_alias="own")
    """The customer under whose id its tickets are listed"""
    added_at: datetime
    """When it was recorded"""
    added_by: str
    """Who did, as a subject"""

    @classmethod
    def of(cls, party: Party, parts: Iterable[Party] = ()) -> Self:
        merged = [PartyRow.model_validate(one) for one in parts]
        return cls.model_validate(party).model_copy(update={"merged": merged})


class CompanyView(PartyView):
    """The record of a company."""

    aliases: list[str]
    """What else it is called"""
    domains: list[str]
    """Its mail domains"""
    tier: str
    """The desk's word for how it is served"""
    owner: str
    """Who at the desk looks after it, as a subject; empty for nobody"""
    policy: str
    """The SLA policy that was agreed with it, by id; empty for none"""


class ContactView(PartyView):
    """The record of a person on a customer's side."""

    company: str
    """The id of their company's record; empty for none"""
    position: str
    """What they do there"""
    language: str
    """zh or en; empty if nobody said"""
    subs: list[str]
    """Who they are when they sign in"""
    emails: list[str]
    """Where they write mails from"""
    addresses: list[str]
    """Who they are in messengers"""


class DoubleView(View):
    """A record that may be the same."""

    id: str
    """Its id"""
    name: str
    """What it is called"""
    reasons: list[DoubleReason]
    """Why it may be the same: same_core (the same name but for region and legal form), similar_name, same_domain_name,
    same_phone, same_name_in_company"""

    @classmethod
    def of(cls, double: Double) -> Self:
        return cls(id=double.party.id, name=double.party.name, reasons=double.reasons)


def facts_of(body: Body) -> dict[str, object]:
    """What a body says: what is null is left as it is. Raises Invalid where it says nothing."""
    facts = body.model_dump(exclude_none=True)
    if not facts:
        raise Invalid("At least one field is required", "请至少填写一个字段", "body")
    return facts
