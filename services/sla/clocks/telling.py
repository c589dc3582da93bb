"""What the clocks tell the other services, and what they have told: only what is new is told.

What is told is kept as it was told. Facts that are heard late may show that it was otherwise: then the clock is met
with other figures, or the deadline moves, and that is told as what is new. A breach that was told is never unsaid
word by word: `within_target` of the clock that is met afterwards, and `late` of the deadline, say what holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import AwareDatetime

from services.sla.calendars.domain import EPOCH, MILLISECOND
from services.sla.clocks.clock import Clock
from shared.domain import Value
from shared.events import (
    Event,
    SlaBreached,
    SlaCallBackDue,
    SlaConsultationDue,
    SlaDeadlineMoved,
    SlaMet,
    SlaWarned,
)
from shared.terms import ClockKind


class Told(Value):
    """The last event of its kind: of which revision of ours, its time, and `what` of it can be news."""

    revision: int
    at: AwareDatetime
    what: str = ""


class Stood(NamedTuple):
    """How a clock stood before a change."""

    begun_at: datetime
    warned: bool
    late: bool


def as_they_stand(clocks: Mapping[ClockKind, Clock]) -> dict[ClockKind, Stood]:
    return {
        kind: Stood(clock.begun_at, bool(clock.warned_at and clock.due_at), bool(clock.breached_at))
        for kind, clock in clocks.items()
    }


@dataclass
class Telling:
    """Says what is new at the moment `at`, and notes it in `told` as of our `revision`."""

    ticket: str
    told: dict[str, Told]
    revision: int
    at: datetime
    events: list[Event] = field(default_factory=list)

    def clock(self, kind: ClockKind, clock: Clock, before: Stood | None) -> None:
        """Late is told once, also where another target makes it late since another moment."""
        stood = before if before and before.begun_at == clock.begun_at else None
        head: dict[str, Any] = {"subject": self.ticket, "time": self.at}
        if late := clock.breached_at:
            if not (stood and stood.late and f"breached {kind}" in self.told):
                self._tell_once(SlaBreached(**head, clock=kind, due_at=late), late)
                if kind is ClockKind.CONSULTATION and clock.is_open:
                    self._tell_once(SlaConsultationDue(**head, due_at=late), max(late, clock.begun_at))
        elif clock.is_open and clock.warned_at and clock.due_at and not (stood and (stood.warned or stood.late)):
            self._tell_once(SlaWarned(**head, clock=kind, due_at=clock.due_at), clock.warned_at)
        if clock.met_at:
            met = SlaMet(
                subject=self.ticket,
                time=clock.met_at,
                clock=kind,
                elapsed_seconds=clock.elapsed_ms / 1000,
                target_seconds=clock.target.seconds,
                within_target=clock.within_target is True,
            )
            self._tell_news(met)

    def call_back(self, clock: Clock) -> None:
        """Each call-back is asked for once, however its clock goes on."""
        if clock.is_open:
            begun_at = clock.begun_at
            due = SlaCallBackDue(subject=self.ticket, time=begun_at, due_at=clock.due_at or begun_at)
            self._tell_once(due, begun_at)

    def deadline(self, clock: ClockKind | None, due_at: datetime | None, late: bool) -> None:
        self._tell_news(SlaDeadlineMoved(subject=self.ticket, time=self.at, clock=clock, due_at=due_at, late=late))

    def _tell_once(self, event: Event, since: datetime) -> None:
        """Unless it has been told at that moment or after it."""
        there = self.told.get(content(event)[0])
        if there is None or there.at < since:
            self._tell(event)

    def _tell_news(self, event: Event) -> None:
        """Unless the last of its kind said the same."""
        key, what = content(event)
        there = self.told.get(key)
        if there is None or there.what != what:
            self._tell(event)

    def _tell(self, event: Event) -> None:
        key, what = content(event)
        self.told[key] = Told(revision=self.revision, at=event.time, what=what)
        self.events.append(event)


def content(event: Event) -> tuple[str, str]:
    """What kind of thing it tells, and what of that can be news; nothing of events that tell of no clock."""
    match event:
        case SlaBreached():
            return f"breached {event.clock}", ""
        case SlaWarned():
            return f"warned {event.clock}", ""
        case SlaConsultationDue():
            return "consultation due", ""
        case SlaCallBackDue():
            return "call-back due", ""
        case SlaMet():
            return f"met {event.clock}", f"{_ms(event.time)} {event.elapsed_seconds:.3f} {event.within_target}"
        case SlaDeadlineMoved():
            return "deadline", f"{event.clock} {event.due_at and _ms(event.due_at)} {event.late}"
    return "", ""


def _ms(moment: datetime) -> int:
    return (moment - EPOCH) // MILLISECOND
