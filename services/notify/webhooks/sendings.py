"""The log of what was sent to a webhook: each event once, with its attempts."""

import hashlib
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, Field

from services.notify.webhooks.domain import Webhook
from shared.domain import Aggregate, Value
from shared.events import Event

MOST_ATTEMPTS = 20  # the latest, that are kept


class SendingState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class SendingAttempt(Value):
    """`status` is 0 where no answer came, `error` empty if it was taken."""

    at: AwareDatetime
    status: int
    error: str
    milliseconds: int


class Sending(Aggregate):
    """`id` is what receivers get as `webhook-id`, the same at each attempt. What was sent is not kept."""

    webhook: str
    event: str
    kind: str
    ticket: str
    sequence: int
    state: SendingState = SendingState.WAITING
    tries: int = 0
    attempts: list[SendingAttempt] = Field(default_factory=list)
    created_at: AwareDatetime

    @classmethod
    def of(cls, webhook: Webhook, event: Event, sequence: int, now: datetime) -> "Sending":
        return cls(
            id=id_of(webhook.id, event),
            webhook=webhook.id,
            event=event.id,
            kind=event.kind,
            ticket=event.subject,
            sequence=sequence,
            created_at=now,
        )

    def note(self, attempt: SendingAttempt, is_last: bool) -> list[Event]:
        self.tries += 1
        self.attempts = [*self.attempts, attempt][-MOST_ATTEMPTS:]
        if not attempt.error:
            self.state = SendingState.DELIVERED
        else:
            self.state = SendingState.FAILED if is_last else SendingState.WAITING
        return []

    def send_again(self) -> list[Event]:
        self.state = SendingState.WAITING
        return []


def id_of(webhook: str, event: Event) -> str:
    return "msg_" + hashlib.sha256(f"{webhook} {event.id}".encode()).hexdigest()[:32]
