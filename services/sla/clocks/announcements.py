"""What is published about the clocks: only what is new, compared with what was published before.

What was published is kept as it was. Facts that arrive late may show that it was otherwise: then the clock is met with
other figures, or the deadline moves, and that is published as new. A breach that was published is never taken back by
an event of its own: `within_target` of the clock that is met afterwards, and `late` of the deadline, say what holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import AwareDatetime

from services.sla.calendars.working_time import epoch_ms
from services.sla.clocks.clock import Clock
from services.sla.policies.ladder import WHOLE, LadderRung, rung_of
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

# What sla published itself, which it receives when it is rebuilt from the stream.
ANNOUNCEMENTS = (SlaWarned, SlaBreached, SlaMet, SlaConsultationDue, SlaCallBackDue, SlaDeadlineMoved)


class Published(Value):
    """The last event about a topic: our revision with which it was published, its time, and `what` can change."""

    revision: int
    at: AwareDatetime
    what: str = ""


class ClockStatus(NamedTuple):
    """Of a clock before a change."""

    begun_at: datetime
    reached: int
    late: bool

    @property
    def passed_rungs(self) -> range:
        """Rungs that need not be told of any more."""
        return range(max(self.reached, WHOLE * self.late) + 1)


def statuses(clocks: Mapping[ClockKind, Clock]) -> dict[ClockKind, ClockStatus]:
    return {
        kind: ClockStatus(clock.begun_at, clock.reached if clock.due_at else 0, bool(clock.breached_at))
        for kind, clock in clocks.items()
    }


@dataclass
class Announcer:
    """Collects the `events` to publish at the moment `at`, and notes them in `published` as of our `revision`."""

    ticket: str
    published: dict[str, Published]
    revision: int
    at: datetime
    events: list[Event] = field(default_factory=list)

    def clock(self, kind: ClockKind, clock: Clock, before: ClockStatus | None, ladder: Sequence[LadderRung]) -> None:
        """A breach is published once, also where another target makes it one since another moment. Of the rungs that
        were reached since people were last warned only the highest is told of."""
        if clock.target is None:
            return
        known = before if before and before.begun_at == clock.begun_at else None
        head: dict[str, Any] = {"subject": self.ticket, "time": self.at, "clock": kind}
        late, percent = clock.breached_at, clock.reached
        if late and not (known and known.late and f"breached {kind}" in self.published):
            # Who would be told at a higher rung that has been reached too is told with it.
            self._publish_once(
                SlaBreached(**head, **_recipients(ladder, WHOLE, max(percent, WHOLE)), due_at=late), late
            )
            if kind is ClockKind.CONSULTATION and clock.is_open:
                due = SlaConsultationDue(subject=self.ticket, time=self.at, due_at=late)
                self._publish_once(due, max(late, clock.begun_at))
        elif clock.is_open and clock.due_at and percent not in {WHOLE, *(known.passed_rungs if known else (0,))}:
            warned = SlaWarned(**head, **_recipients(ladder, percent), due_at=clock.due_at, percent=percent)
            self._publish_once(warned, clock.rung_at(percent) or self.at)
        if clock.met_at:
            met = SlaMet(
                subject=self.ticket,
                time=clock.met_at,
                clock=kind,
                elapsed_seconds=clock.elapsed_ms / 1000,
                target_seconds=clock.target.seconds,
                within_target=clock.within_target is True,
            )
            self._publish_change(met)

    def call_back(self, clock: Clock) -> None:
        """Each call-back is requested once, however its clock goes on."""
        if clock.is_open:
            begun_at = clock.begun_at
            due = SlaCallBackDue(subject=self.ticket, time=begun_at, due_at=clock.due_at or begun_at)
            self._publish_once(due, begun_at)

    def deadline(self, clock: ClockKind | None, due_at: datetime | None, late: bool, provisional: bool) -> None:
        moved = SlaDeadlineMoved(
            subject=self.ticket, time=self.at, clock=clock, due_at=due_at, late=late, provisional=provisional
        )
        self._publish_change(moved)

    def _publish_once(self, event: Event, since: datetime) -> None:
        """Unless it was published at that moment or after it."""
        last = self.published.get(topic_of(event)[0])
        if last is None or last.at < since:
            self._publish(event)

    def _publish_change(self, event: Event) -> None:
        """Unless the last about its topic said the same."""
        topic, what = topic_of(event)
        last = self.published.get(topic)
        if last is None or last.what != what:
            self._publish(event)

    def _publish(self, event: Event) -> None:
        topic, what = topic_of(event)
        self.published[topic] = Published(revision=self.revision, at=event.time, what=what)
        self.events.append(event)


def _recipients(ladder: Sequence[LadderRung], *percents: int) -> dict[str, Any]:
    rungs = [rung_of(ladder, percent) for percent in percents]
    to = list(dict.fromkeys(whom.value for rung in rungs for whom in rung.to))
    return {"to": to, "urgency": rungs[-1].urgency.value}


def topic_of_rung(kind: ClockKind, percent: int) -> str:
    return f"breached {kind}" if percent == WHOLE else f"warned {kind} {percent}"


def topic_of(event: Event) -> tuple[str, str]:
    """What it is about, and what of that can change; empty for an event about no clock."""
    match event:
        case SlaBreached():
            return topic_of_rung(event.clock, WHOLE), ""
        case SlaWarned():
            return topic_of_rung(event.clock, event.percent), ""
        case SlaConsultationDue():
            return "consultation due", ""
        case SlaCallBackDue():
            return "call-back due", ""
        case SlaMet():
            return f"met {event.clock}", f"{epoch_ms(event.time)} {event.elapsed_seconds:.3f} {event.within_target}"
        case SlaDeadlineMoved():
            what = f"{event.clock} {event.due_at and epoch_ms(event.due_at)} {event.late}"
            return "deadline", f"{what} provisional" if event.provisional else what
    return "", ""
