"""The clocks of one ticket, and what its life does to them.

Times are those of the facts, not of their handling: an event may come late, twice or out of order. One that a later
fact has overtaken changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from pydantic import AwareDatetime, Field

from services.sla.calendar import WorkingTime
from services.sla.clock import Clock, Mark, State, Target, Why
from shared.domain import Aggregate
from shared.events import (
    Event,
    SlaBreached,
    SlaCallBackDue,
    SlaClockStarted,
    SlaConsultationDue,
    SlaDeadlineMoved,
    SlaDueChanged,
    SlaMet,
    SlaWarned,
    TicketCompleted,
    TicketFeedbackGiven,
    TicketOpened,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketWaiting,
    wire_time,
)
from shared.terms import ClockKind, Priority, Satisfaction, WaitingFor

FROM_THE_START = (ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.DIAGNOSIS, ClockKind.CONSULTATION)
# Only the customer's silence pauses, and never the answer and the call-back that we owe. Waiting for a third party
# pauses nothing: whom we work with is not the customer's concern.
PAUSABLE = (ClockKind.RESOLUTION, ClockKind.DIAGNOSIS, ClockKind.CONSULTATION)
PAUSED_BY = {
    WaitingFor.CUSTOMER_INFORMATION: Why.CUSTOMER_INFORMATION,
    WaitingFor.CUSTOMER_VERIFICATION: Why.CUSTOMER_VERIFICATION,
}
Change = Callable[[ClockKind, Clock, datetime], None]
Targets = Callable[[ClockKind, Priority | None], Target]


class TicketClocks(Aggregate):
    """`due_at` is when a clock has something to tell next; `deadline` when the first open one runs, or ran, out."""

    opened_at: AwareDatetime
    company: str = ""
    policy: str = ""
    calendar: str
    calendar_version: int = 0
    priority: Priority | None = None
    clocks: dict[ClockKind, Clock] = Field(default_factory=dict)
    prioritised_at: AwareDatetime | None = None
    waiting_for: WaitingFor = WaitingFor.NONE
    waiting_changed_at: AwareDatetime | None = None
    satisfaction: Satisfaction | None = None
    resolved_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    reopened_at: AwareDatetime | None = None
    open: bool = True
    due_at: AwareDatetime | None = None
    deadline: AwareDatetime | None = None
    deadline_of: ClockKind | None = None
    deadline_told: bool = False
    late: bool = False

    # ---- it begins

    @classmethod
    def start(
        cls, event: TicketOpened, policy: str, calendar: str, version: int, targets: Targets, hours: WorkingTime
    ) -> tuple["TicketClocks", list[Event]]:
        """Its priority is not known yet: the targets of a normal ticket hold until it is."""
        at = wire_time(event.time)
        new = cls(
            id=event.subject,
            opened_at=at,
            company=event.company,
            policy=policy,
            calendar=calendar,
            calendar_version=version,
        )
        events: list[Event] = []
        for kind in FROM_THE_START:
            events += new._begin(kind, targets(kind, None), at, hours)
        return new, [*events, *new._set_waiting(event.waiting_for, at, hours)]

    # ---- facts about it

    def prioritise(self, priority: Priority, at: datetime, targets: Targets, hours: WorkingTime) -> list[Event]:
        """Every open clock gets the target of this priority and keeps what has elapsed."""
        if self.prioritised_at and at < self.prioritised_at:
            return []
        self.priority, self.prioritised_at = priority, wire_time(at)
        return self._each(self.clocks, at, lambda kind, clock, at: clock.retarget(targets(kind, priority), at, hours))

    def meet(self, kinds: Iterable[ClockKind], at: datetime, hours: WorkingTime) -> list[Event]:
        return self._each(kinds, at, lambda _, clock, at: clock.stop(at, hours, met=True))

    def wait(self, event: TicketWaiting, hours: WorkingTime) -> list[Event]:
        return [] if self._is_overtaken(event) else self._set_waiting(event.waiting_for, event.time, hours)

    def go_on(self, event: TicketResumed | TicketSolutionRejected, hours: WorkingTime) -> list[Event]:
        """One wait may end in the moment in which another begins: only the end of the present one counts then."""
        at_once = self.waiting_changed_at == wire_time(event.time)
        another = isinstance(event, TicketResumed) and event.waited_for is not self.waiting_for
        if self._is_overtaken(event) or (at_once and another):
            return []
        return self._set_waiting(WaitingFor.NONE, event.time, hours)

    def accept(self, event: TicketSolutionAccepted, hours: WorkingTime) -> list[Event]:
        if self._was_reopened_after(event):
            return []
        self.resolved_at = wire_time(event.time)
        return self.meet((ClockKind.RESOLUTION, ClockKind.CONSULTATION), event.time, hours)

    def rate(self, event: TicketFeedbackGiven, targets: Targets, hours: WorkingTime) -> list[Event]:
        """Whoever is not satisfied is called back; once more if they were before."""
        at = wire_time(event.time)
        self.satisfaction = event.satisfaction
        there = self.clocks.get(ClockKind.CALL_BACK)
        closed = self.completed_at and at <= self.completed_at
        if event.satisfaction is not Satisfaction.DISSATISFIED or closed or (there and there.is_open):
            return []
        events = self._begin(ClockKind.CALL_BACK, targets(ClockKind.CALL_BACK, self.priority), at, hours)
        due_at = self.clocks[ClockKind.CALL_BACK].due_at or at
        return [*events, SlaCallBackDue(subject=self.id, time=at, due_at=due_at), *self._look_ahead(at)]

    def reopen(self, event: TicketReopened, hours: WorkingTime) -> list[Event]:
        at = wire_time(event.time)
        if self.completed_at and at <= self.completed_at:
            return []
        self.reopened_at = self.waiting_changed_at = at
        self.resolved_at = self.completed_at = None
        self.waiting_for = WaitingFor.NONE
        return self._each((ClockKind.RESOLUTION,), at, lambda _, clock, at: clock.reopen(at, hours))

    def complete(self, event: TicketCompleted, hours: WorkingTime) -> list[Event]:
        """The ticket is closed: what still runs is stopped and not judged."""
        if self._was_reopened_after(event):
            return []
        self.completed_at = wire_time(event.time)
        return self._each(self.clocks, event.time, lambda _, clock, at: clock.stop(at, hours, met=False))

    # ---- time passes, calendars change

    def look(self, now: datetime, hours: WorkingTime, version: int) -> list[Event]:
        """Tell what has come due, by the calendar as it is now."""
        changed = version != self.calendar_version
        self.calendar_version = version
        return self._each(self.clocks, now, lambda _, clock, at: clock.recount(hours) if changed else None)

    def running_out(self, until: datetime) -> list[ClockKind]:
        """Its running clocks that run out, or ran out, before that moment."""
        return [
            kind
            for kind, clock in self.clocks.items()
            if clock.state is State.RUNNING and clock.due_at and clock.due_at <= until
        ]

    # ---- inside

    def _is_overtaken(self, event: Event) -> bool:
        return self.waiting_changed_at is not None and wire_time(event.time) < self.waiting_changed_at

    def _was_reopened_after(self, event: Event) -> bool:
        return self.reopened_at is not None and event.time <= self.reopened_at

    def _begin(self, kind: ClockKind, target: Target, at: datetime, hours: WorkingTime) -> list[Event]:
        clock = self.clocks[kind] = Clock.start(target, at, hours)
        assert clock.due_at  # a clock that has just started is due some day
        return [
            SlaClockStarted(
                subject=self.id, time=at, clock=kind, due_at=clock.due_at, business_time=target.business_time
            )
        ]

    def _set_waiting(self, waiting_for: WaitingFor, at: datetime, hours: WorkingTime) -> list[Event]:
        self.waiting_for, self.waiting_changed_at = waiting_for, wire_time(at)
        why = PAUSED_BY.get(waiting_for)
        return self._each(
            PAUSABLE, at, lambda _, clock, at: clock.pause(why, at, hours) if why else clock.resume(at, hours)
        )

    def _each(self, kinds: Iterable[ClockKind], at: datetime, change: Change) -> list[Event]:
        """Change those of these clocks that there are, and tell what that means."""
        at = wire_time(at)
        events: list[Event] = []
        for kind in kinds:
            if clock := self.clocks.get(kind):
                was_due, was_met = clock.due_at, clock.met_at
                change(kind, clock, at)
                events += self._tell(kind, clock, at, was_due, was_met)
        return [*events, *self._look_ahead(at)]

    def _tell(
        self, kind: ClockKind, clock: Clock, at: datetime, was_due: datetime | None, was_met: datetime | None
    ) -> Iterator[Event]:
        mark = clock.mark(at)
        due_at = clock.due_at
        if clock.is_open and due_at != was_due:
            yield SlaDueChanged(subject=self.id, time=at, clock=kind, due_at=due_at)
        if mark is Mark.BREACHED and due_at:
            yield SlaBreached(subject=self.id, time=at, clock=kind, due_at=due_at)
            if kind is ClockKind.CONSULTATION and clock.is_open:
                yield SlaConsultationDue(subject=self.id, time=at, due_at=due_at)
        if mark is Mark.WARNED and due_at and clock.is_open:
            yield SlaWarned(subject=self.id, time=at, clock=kind, due_at=due_at)
        if clock.met_at and not was_met:
            yield SlaMet(
                subject=self.id,
                time=clock.met_at,
                clock=kind,
                elapsed_seconds=clock.elapsed_ms / 1000,
                target_seconds=clock.target.seconds,
                within_target=clock.within_target is True,
            )

    def _look_ahead(self, at: datetime) -> list[Event]:
        """When to look again, and what others show of it. That is told with the diagnosis, before which nobody shows
        the ticket, and then whenever it is something else than before."""
        clocks = self.clocks.values()
        running = {kind: clock for kind, clock in self.clocks.items() if clock.state is State.RUNNING}
        self.open = any(clock.is_open for clock in clocks)
        self.due_at = min((moment for clock in running.values() if (moment := clock.next_moment)), default=None)
        first = min(((clock.due_at, kind) for kind, clock in running.items() if clock.due_at), default=(None, None))
        late = any(clock.is_open and clock.breached_at for clock in clocks)
        told = self.deadline_told and (first, late) == ((self.deadline, self.deadline_of), self.late)
        (self.deadline, self.deadline_of), self.late = first, late
        if told or self.priority is None:
            return []
        self.deadline_told = True
        due_at, kind = first
        return [SlaDeadlineMoved(subject=self.id, time=at, clock=kind, due_at=due_at, late=late)]
