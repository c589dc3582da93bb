"""What administrators send and see of webhooks."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from services.notify.stream.filters import OptionalTicket, Pattern
from services.notify.webhooks.course import Course
from services.notify.webhooks.domain import DisabledBecause, Payload, Webhook, WebhookState
from services.notify.webhooks.endpoint import Answer
from services.notify.webhooks.sendings import Sending, SendingState
from shared.http import Body, View, example
from shared.terms import Line, OptionalLine

Url = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Patterns = Annotated[list[Pattern], Field(min_length=1, max_length=50)]
Sequence = Annotated[int, Field(ge=0, lt=2**53)]


class NewWebhook(Body):
    model_config = example(name="ERP", url="https://erp.example/hooks/desk", events=["ticket.*"])

    name: Line
    """What people call it"""
    url: Url
    """Where events are sent to"""
    events: Patterns
    """Which: `ticket.opened`, `ticket.*`, or `*` for all that customers may see"""
    company: OptionalLine = ""
    """Only those of this company's tickets"""
    ticket: OptionalTicket = ""
    """Only those of this ticket"""
    payload: Payload = Payload.FULL
    """`thin` says what happened to which ticket, and no more"""


class WebhookAmendment(Body):
    """A field that is not there stays as it is."""

    model_config = example(events=["ticket.opened", "ticket.completed"])

    name: Line | None = None
    """What people call it"""
    url: Url | None = None
    """Where events are sent to"""
    events: Patterns | None = None
    """Which: `ticket.opened`, `ticket.*`, or `*` for all that customers may see"""
    company: OptionalLine | None = None
    """Only those of this company's tickets; empty for all"""
    ticket: OptionalTicket | None = None
    """Only those of this ticket; empty for all"""
    payload: Payload | None = None
    """`thin` says what happened to which ticket, and no more"""


class NewReplay(Body):
    model_config = example(after=1200, until=1300)

    after: Sequence
    """The event in the stream behind which it begins"""
    until: Sequence
    """The last event that is sent again; at most the one that was sent last"""


class WebhookView(View):
    """An address that is told what happens."""

    id: str
    """Its id"""
    name: str
    """What people call it"""
    url: str
    """Where events are sent to"""
    events: list[str]
    """Which"""
    company: str
    """Only those of this company's tickets; empty for all"""
    ticket: str
    """Only those of this ticket; empty for all"""
    payload: Payload
    """How much of an event is sent"""
    state: WebhookState
    """Whether anything is sent"""
    disabled_because: DisabledBecause | None
    """Why not; null while it is active"""
    created_at: datetime
    """When it was added"""
    created_by: str
    """By whom, as a subject"""
    old_secret_until: datetime | None
    """Until when the secret before signs too; null where there is none"""
    secret: str | None = None
    """The signing secret (`whsec_…`): only in the answer to who made it, and never again"""

    @classmethod
    def of(cls, one: Webhook, secret: str = "") -> Self:
        old = one.secrets[1].until if len(one.secrets) > 1 else None
        return cls.model_validate({**one.model_dump(), "old_secret_until": old, "secret": secret or None})


class WebhookProgress(View):
    """How far a webhook has come in the stream of events."""

    position: int
    """The event in the stream up to which everything was taken, has failed, or waits"""
    waiting: int
    """Events that wait behind one of their ticket that was not taken"""
    failing_since: datetime | None
    """Since when nothing was taken; null otherwise"""
    due_at: datetime | None
    """When it goes on, at the latest; null while it is disabled"""
    is_replaying: bool
    """Whether what was sent before is sent again just now"""

    @classmethod
    def of(cls, one: Course) -> Self:
        known = {name: getattr(one, name) for name in ("position", "waiting", "failing_since", "due_at")}
        return cls.model_validate({**known, "is_replaying": one.replay is not None})


class WebhookDetail(WebhookView):
    """A webhook, and how far it has come."""

    progress: WebhookProgress
    """How far it has come"""


class SendingAttemptView(View):
    """A request to the receiver."""

    attempted_at: datetime = Field(validation_alias="at")
    """When it ended"""
    status: int
    """What was answered; 0 where no answer came"""
    error: str
    """Why it does not count as taken; empty if it does"""
    milliseconds: int
    """How long it took"""


class SendingView(View):
    """An event that was sent to a webhook."""

    id: str
    """The receiver gets it as `webhook-id`"""
    event: str
    """The event's id"""
    kind: str
    """Which kind of event it is"""
    ticket: str
    """The ticket that it is about"""
    sequence: int
    """Its number in the stream"""
    state: SendingState
    """What became of it"""
    tries: int
    """How often it was sent"""
    attempts: list[SendingAttemptView]
    """The latest of them, the first one first"""
    created_at: datetime
    """When it was sent for the first time"""

    @classmethod
    def of(cls, one: Sending) -> Self:
        return cls.model_validate(one)


class TestView(View):
    """What a receiver answered to an event that never happened (`bihuan.webhook.test.v1`)."""

    __test__ = False

    delivered: bool = Field(validation_alias="taken")
    """Whether it was taken: the answer was 2xx, within 15 s"""
    status: int
    """What was answered; 0 where no answer came"""
    error: str
    """Why it does not count as taken; empty if it does"""
    seconds: float
    """How long it took"""

    @classmethod
    def of(cls, answer: Answer) -> Self:
        return cls.model_validate(answer)
