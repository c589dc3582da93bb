"""The parts of a ticket as people see them."""

from datetime import datetime

from pydantic import Field

from shared.events import LinkReason
from shared.http import View
from shared.terms import Channel, Outcome, Satisfaction


class ContactView(View):
    name: str
    """Their name"""
    sub: str
    """Who they are when they sign in; empty for a guest"""
    email: str
    """Where they are written to; empty if nobody said"""
    phone: str
    """Where they are called; empty if nobody said"""
    address: str
    """Where they write from in a messenger, with channel and account; empty if they do not"""
    language: str
    """zh or en"""


class ExternalView(View):
    """Where a ticket was before it was taken over."""

    source: str
    """What the other desk is called here"""
    id: str
    """What the ticket is called there, for programs"""
    number: str
    """What people call it there"""
    state: str
    """How it stood there, in the other desk's word"""
    is_history: bool
    """Whether it was closed there, and is only kept here"""
    files: int
    """How many files it had there"""
    tags: list[str]
    """Its tags there"""
    imported_at: datetime
    """When it was taken over"""


class TicketLinkView(View):
    """An earlier ticket."""

    ticket: str
    """Its number"""
    reasons: list[LinkReason]
    """Why it is linked: same_person, same_phone, same_company, same_customer, same_version, same_error, continued or
    duplicate"""


class QuestionView(View):
    field: str
    """The field of the problem that is missing: the answer's name"""
    en: str
    """In English"""
    zh: str
    """In Chinese"""


class TicketFormView(View):
    """The version of a ticket form by which a ticket is asked."""

    form: str
    """The id of the form"""
    number: int
    """The number of its version"""


class MessageView(View):
    id: str
    """The same each time"""
    author: str
    """Whose words they are: a subject, or `mailto:` or `channel:` and a guest's address"""
    name: str
    """Their name"""
    by_staff: bool
    """Whether the desk says it"""
    internal: bool
    """Whether only staff see it"""
    channel: Channel
    """How it came"""
    posted_at: datetime = Field(validation_alias="at")
    """When"""
    text: str
    """What was said"""
    recorded_by: str
    """Who wrote it down for the customer, as a subject; empty if they did so themselves"""
    via: str
    """The number of the merged ticket that it was written on, or of the one that it was split off from; else empty"""
    split_to: str
    """The number of the ticket that was made of it; empty if none was"""


class AttachmentView(View):
    id: str
    """By which it is downloaded"""
    name: str
    """The file's name"""
    size: int
    """In bytes"""
    media_type: str
    """By its content; downloads are always `application/octet-stream`"""
    sha256: str
    """Of its content, in hexadecimal"""
    added_by: str
    """Who uploaded it, as a subject"""
    added_at: datetime = Field(validation_alias="at")
    """When"""
    via: str
    """The number of the merged ticket that it was added to, or of the one that it was split off from; else empty"""
    internal: bool
    """Whether staff alone see it"""


class TicketConsentView(View):
    id: str
    """By which it is revoked"""
    scope: str
    """What the customer allows"""
    tool: str
    """The only tool that may be used; empty: any approved one"""
    purpose: str
    """What it is for; empty if nobody said"""
    message: str
    """The message in which it was given; empty if it was given in another way"""
    sha256: str
    """Of the words, in hexadecimal; empty in what an older release kept"""
    given_by: str
    """Who allowed it"""
    recorded_by: str
    """Who wrote it down, as a subject: the customer, or staff"""
    words: str
    """In their own words"""
    given_at: datetime = Field(validation_alias="at")
    """When"""
    expires_at: datetime | None
    """From when on it no longer holds; null: until it is revoked"""
    revoked_at: datetime | None
    """When it was revoked; null while it was not"""


class PhoneVerificationView(View):
    """What the customer said about a solution on the phone; it counts once someone else has confirmed it."""

    id: str
    """By which it is confirmed"""
    round: int
    """The round whose solution it is about"""
    accepted: bool
    """Whether the solution works"""
    given_by: str
    """Who said so"""
    phone: str = Field(validation_alias="number")
    """The telephone number of the call"""
    words: str
    """What they said"""
    called_at: datetime
    """When the call was"""
    recorded_by: str
    """Who wrote it down, as a subject"""
    recorded_at: datetime
    """When"""
    confirmed_by: str
    """Who confirmed it, as a subject; empty until then"""
    confirmed_at: datetime | None
    """When; null until then"""


class CallBackView(View):
    cause: str
    """Why the customer was dissatisfied"""
    listed_cause: str
    """The id of that cause in the desk's list; empty where it was none of those"""
    notes: str
    """What else was said"""
    by: str
    """Who called, as a subject"""
    called_at: datetime = Field(validation_alias="at")
    """When it was recorded"""


class ClosingView(View):
    """How a ticket was closed before it was reopened."""

    round: int
    """The round that ended so"""
    resolved_at: datetime | None
    """When the customer accepted the solution"""
    completed_at: datetime | None
    """When the ticket was completed"""
    satisfaction: Satisfaction | None
    """The customer's rating; null if there was none"""
    feedback_comment: str
    """What they added"""
    call_back: CallBackView | None
    """The call-back to a dissatisfied customer; customers do not see it"""
    second_plan: str
    """What was agreed with them"""
    second_plan_owner: str
    """Who sees to it, as a subject"""
    second_plan_due_at: datetime | None
    """Until when"""
    second_plan_result: str
    """What came of that"""
    outcome: Outcome | None
    """How it ended; null in what an older release kept"""
    outcome_reason: str
    """Why it was closed without a solution; empty if it was not, and to customers where it was a duplicate"""


class MergeView(View):
    """That the ticket was merged into another, and that this was undone."""

    into: str
    """The number of the other ticket"""
    reason: str
    """Why they are one"""
    by: str
    """Who merged them, as a subject"""
    merged_at: datetime = Field(validation_alias="at")
    """When"""
    messages: list[str]
    """The ids of messages of the other ticket that were written on this one meanwhile, in order"""
    undone_by: str
    """Who undid it, as a subject; empty while nobody did"""
    undone_at: datetime | None
    """When; null while nobody did"""
    undone_reason: str
    """Why they are two"""
