"""What somebody must acknowledge: while they do not, it is sent again, then others are told, again and again."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime

from shared.domain import Aggregate
from shared.erasing import ERASED
from shared.events import Event, NotifyUnacknowledged, wire_time

SENT_AGAIN = 1  # step, before others are told
PATIENT_AFTER = 4  # steps; from then on an hour apart
PATIENCE = timedelta(hours=1)
MOST_STEPS = 24


class Escalation(Aggregate):
    """Of the delivery with the same id. `due_at` is its next step; None: it was acknowledged, or is given up."""

    ticket: str
    recipient: str
    name: str
    title: str
    steps: int = 0
    due_at: AwareDatetime | None = None
    ended_because: str = ""
    created_at: AwareDatetime

    def step(self, now: datetime, every: timedelta) -> list[Event]:
        """It is time, and nobody has read it."""
        if self.due_at is None or now < self.due_at:
            return []
        self.steps += 1
        self.due_at = wire_time(now + (every if self.steps < PATIENT_AFTER else max(every, PATIENCE)))
        if self.steps >= MOST_STEPS:
            self.end("given_up")
        if self.steps <= SENT_AGAIN:
            return []
        told = {"delivery": self.id, "recipient": self.recipient, "name": self.name, "title": self.title}
        return [NotifyUnacknowledged(subject=self.ticket, time=now, times=self.steps - SENT_AGAIN, **told)]

    def end(self, because: str) -> list[Event]:
        """`acknowledged`, `passed_on` (somebody else has the ticket), `given_up`, `erased`."""
        self.due_at, self.ended_because = None, because
        return []

    def forget(self) -> list[Event]:
        self.name = self.title = ERASED
        return self.end("erased")
