"""Erasures as people ask for them and see them."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from services.intake.erasure.domain import Erasure, ErasureState
from shared.http import Body, View, example
from shared.terms import Id, Line, OptionalEmailAddress, Subject

MOST = 50
Address = Annotated[OptionalEmailAddress, Field(min_length=3)]


class NewErasure(Body):
    model_config = example(contact="P-5f0c2a9e7d3b41886c10", reason="王敏要求删除其个人信息")

    contact: Id | Literal[""] = ""
    """The desk's record of the person; what it says of them need not be said here. Empty if there is none"""
    names: list[Line] = Field(default_factory=list, max_length=MOST)
    """Names: taken out of the person's own tickets, and counted elsewhere"""
    subs: list[Subject] = Field(default_factory=list, max_length=MOST)
    """Who they are when they sign in"""
    emails: list[Address] = Field(default_factory=list, max_length=MOST)
    """Where they write mails from"""
    phones: list[Line] = Field(default_factory=list, max_length=MOST)
    """Their telephone numbers, if nobody else has them"""
    addresses: list[Line] = Field(default_factory=list, max_length=MOST)
    """Who they are in messengers: channel, account and the platform's id, with colons between"""
    reason: Line
    """Why; it is kept, so it should not name them"""


class CountedView(View):
    """What was done in one collection of the database."""

    collection: str
    """Which"""
    changed: int
    """Documents that were changed or removed"""
    left: int
    """Documents that still had an account, an address or a number of the person when all was done; none, if it is
    proved"""


class ErasureView(View):
    """The erasure of a person. It does not say who it was once it is done."""

    id: str
    """Its id"""
    version: int
    """Counts its changes; the ETag names it"""
    state: ErasureState
    """requested, running, finished or expired"""
    reason: str
    """Why"""
    requested_by: str
    """Who asked for it, as a subject"""
    requested_at: datetime
    """When"""
    confirmed_by: str
    """Who confirmed it, as a subject; empty before"""
    confirmed_at: datetime | None
    """When; null before"""
    finished_at: datetime | None
    """When it was done; null before"""
    tickets: list[str]
    """The numbers of the person's tickets"""
    files: int
    """Stored files that were removed"""
    counted: list[CountedView]
    """What was done, by collection"""
    names_elsewhere: int
    """Documents that have a name of theirs; nobody can say whose it is there"""
    digests: list[str]
    """Of each account, address and number, keyed with the desk's secret"""
    proof: str
    """HMAC-SHA256 with the desk's secret, in hexadecimal, over all of this; empty before"""
    proved: bool
    """Whether the proof is the desk's own and fits, and nothing is left"""

    @classmethod
    def of(cls, one: Erasure, is_proved: bool) -> Self:
        nothing_left = not any(counted.left for counted in one.counted)
        return cls.model_validate({**one.model_dump(), "proved": is_proved and nothing_left})
