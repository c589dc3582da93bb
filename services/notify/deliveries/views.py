"""What people see of a notification."""

import re
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.domain import Delivery, DeliveryState
from shared.domain import Refusal
from shared.http import Body, View, code_of, example
from shared.terms import Id

Kind = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z_.]*$")]
SIGNED_LINK = re.compile(r"(/links/)[\w.-]+")


class AttemptView(View):
    """An attempt to send it."""

    attempted_at: datetime = Field(validation_alias="at")
    """When it ended"""
    error: str
    """What the mail server or the messenger said; empty if it was taken"""
    channel: DeliveryChannel
    """By which it was tried"""


class NotificationView(View):
    """Who is notified of what, how and when. Signed links act in the name of their recipient, so nobody else gets to
    see them."""

    id: str
    """Its id"""
    ticket: str
    """The number of the ticket that it is about; empty where it is about an article that a person wrote"""
    event: str
    """The kind of event that it tells of"""
    template: str
    """Which of our texts it is"""
    recipient: str
    """A subject, an address (`mailto:…`, in a messenger `channel:…`), or `role:…`, the inbox of all with that role"""
    name: str
    """The recipient's name; empty for a role"""
    address: str
    """Where it is sent: an address of mail or in a messenger; empty if it is only read online"""
    channels: list[DeliveryChannel]
    """How they are notified; mail takes the place of a messenger that refused for good"""
    language: str
    """Of title and text: the reader's, where there are both"""
    title: str
    """What it is about, in a line"""
    text: str
    """What it says"""
    state: DeliveryState
    """What became of it"""
    attempts: list[AttemptView]
    """To send it, the first one first"""
    due_at: datetime | None
    """When it is sent next; null if it is not sent (any more)"""
    provider_id: str
    """What the mail server or the messenger calls it"""
    created_at: datetime
    """When it was made"""
    read_at: datetime | None
    """When it was read; null until then"""
    read_by: str
    """Who read it first, as a subject"""

    @classmethod
    def of(cls, delivery: Delivery, reads: str, own: bool) -> Self:
        """For somebody who reads this language; `own`: they are a recipient."""
        language = reads if reads in delivery.words else delivery.language
        content = delivery.words[language]
        text = content.text if own else SIGNED_LINK.sub(r"\1…", content.text)
        known = {name: getattr(delivery, name) for name in cls.model_fields if hasattr(delivery, name)}
        return cls.model_validate({**known, "language": language, "title": content.title, "text": text})


class NewRedeliveries(Body):
    model_config = example(state="failed", channel="email")

    state: Literal[DeliveryState.FAILED, DeliveryState.BOUNCED] = DeliveryState.FAILED
    """Those that failed, or came back"""
    notifications: Annotated[list[Id], Field(max_length=100)] = Field(default_factory=list)
    """These, by their ids, in any state; the other fields are not there then"""
    ticket: Id | None = None
    """Only about this ticket"""
    channel: DeliveryChannel | None = None
    """Only by this channel"""
    event: Kind = ""
    """Only of this kind of event"""
    template: Kind = ""
    """Only with this text"""


class RedeliveredOne(View):
    """What became of one of them."""

    notification: str
    """Its id"""
    status: int
    """202 where it is sent again, else the HTTP status with which its own request would be refused"""
    code: str
    """Why it is not; empty where it is"""
    detail: str
    """The same, as a sentence"""

    @classmethod
    def of(cls, id: str, result: Delivery | Refusal, language: str) -> Self:
        if isinstance(result, Delivery):
            return cls(notification=id, status=202, code="", detail="")
        code, detail = code_of(result), result.detail.in_(language)
        return cls(notification=id, status=result.status, code=code, detail=detail)


class Redelivered(View):
    """One for each notification that was found."""

    items: list[RedeliveredOne]
    """The oldest first"""
    has_more: bool
    """Whether others match as well"""
