"""The clocks of one ticket: the facts that were heard about it, what follows from them, and what of that was told.

Events may come late, twice and in any order. So the facts are kept, and when one arrives that is not the newest all are
gone through again: whatever the order of arrival was, the outcome is the same.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from pydantic import AwareDatetime, Field, model_validator

from services.sla.calendars.domain import EPOCH
from services.sla.calendars.working_time import WorkingTime
from services.sla.clocks.clock import Clock, State
from services.sla.clocks.facts import Fact
from services.sla.clocks.heard import MOST_FACTS, Heard, Placed
from services.sla.clocks.life import Life, Promised
from services.sla.clocks.old_documents import with_facts
from services.sla.clocks.telling import Stood, Telling, Told, as_they_stand, content
from shared.domain import Aggregate
from shared.events import Event
from shared.terms import ClockKind


class Rulebook(Protocol):
    """What people have set."""

    def promised(self, company: str, opened_at: datetime) -> Promised: ...

    def set_at(self, calendar: str, moment: datetime | None) -> datetime:
        """Since when the calendar is what it was at that moment; None: what it is now."""

    def hours(self, calendar: str, moment: datetime | None) -> WorkingTime:
        """As it was set at that moment; None: as it is set now."""


class OutOfDate(Exception):
    """The ticket was counted by other rules than those at hand, which may be the older ones."""


class TicketClocks(Aggregate, Heard, Life):
    """`opened_at` is None until it is heard that the ticket was opened; until then nothing follows from the facts.

    `due_at` is when a clock has something to tell next, `deadline` when the first that runs runs out, or ran out.
    `disputed`: another ticket was opened under its number, nobody knows any more whose the facts are, its clocks tell
    nothing and count nowhere. `heard_until` is the moment of the last fact. The clocks are counted by what the policy's
    revision `promise` made of it, and by the calendar as it is since `calendar_since`.
    """

    policy: str = ""
    promise: int = 0
    calendar: str = ""
    calendar_since: AwareDatetime = EPOCH
    told: dict[str, Told] = Field(default_factory=dict)
    heard_until: AwareDatetime = EPOCH
    open: bool = False
    due_at: AwareDatetime | None = None
    deadline: AwareDatetime | None = None
    deadline_of: ClockKind | None = None
    late: bool = False
    disputed: bool = False

    @model_validator(mode="before")
    @classmethod
    def _of_an_older_release(cls, doc: Any) -> Any:
        return with_facts(doc) if isinstance(doc, dict) else doc

    # ---- what happens

    def hear(self, fact: Fact, rules: Rulebook, sure: bool = True, silent: bool = False) -> list[Event]:
        """Answers with what is new by it, `silent` with nothing, as when it was told before. Raises OutOfDate unless it
        is `sure` that these rules hold."""
        known = [there.event for there in self.facts]
        if self.disputed or not self.take(fact) or self.opened_as is None:
            return []
        before, open_before = as_they_stand(self.clocks), [clock for clock in self.clocks.values() if clock.is_open]
        promised = rules.promised(*self.opened_as)
        counted_so = self._is_counted_so(promised, rules, sure)
        placed = self.in_order()
        if counted_so and [there.event for there in self.facts] == [*known, fact.event]:
            self.happens(fact, placed[-1][0], promised)
            still_open = [clock for clock in self.clocks.values() if clock.is_open]
            self._count([*open_before, *still_open], promised, rules)
        else:
            self._begin_again(placed, promised, rules)
        if len(self.facts) > MOST_FACTS:
            self.forget(placed, promised)
        self.heard_until = placed[-1][0] if placed else fact.at
        return self._tell(before, self.heard_until, silent)

    def look(self, now: datetime, rules: Rulebook, sure: bool = True, silent: bool = False) -> list[Event]:
        """Answers with what has come due, by the rules as they are now; otherwise as `hear`."""
        if self.disputed or self.opened_as is None:
            return []
        before, promised = as_they_stand(self.clocks), rules.promised(*self.opened_as)
        if not self._is_counted_so(promised, rules, sure):
            self._begin_again(self.in_order(), promised, rules)
        return self._tell(before, now, silent)

    def dispute(self) -> list[Event]:
        self.disputed, self.open, self.late = True, False, False
        self.due_at = self.deadline = self.deadline_of = None
        return []

    def recall(self, event: Event) -> list[Event]:
        """We told this once. Of several about one thing the one of our greatest revision was the last."""
        if self.disputed:
            return []
        key, what = content(event)
        told, there = Told(revision=event.revision, at=event.time, what=what), self.told.get(key)
        if there is None or (there.revision, there.at) < (told.revision, told.at):
            self.told = dict(sorted({**self.told, key: told}.items()))
        return self._tell(as_they_stand(self.clocks), event.time, silent=True)

    # ---- what is asked

    def running_out(self, until: datetime) -> list[ClockKind]:
        """Its running clocks that run out, or ran out, before that moment."""
        return [
            kind
            for kind, clock in self.clocks.items()
            if clock.state is State.RUNNING and clock.due_at and clock.due_at <= until
        ]

    # ---- inside

    def _is_counted_so(self, promised: Promised, rules: Rulebook, sure: bool) -> bool:
        if self.opened_at is None:
            return False
        by = (self.policy, self.promise, self.calendar, self.calendar_since)
        now = (promised.policy, promised.revision, promised.calendar, rules.set_at(promised.calendar, self._stopped_at))
        if by != now and not sure:
            raise OutOfDate
        return by == now

    @property
    def _stopped_at(self) -> datetime | None:
        """When the last of the clocks stopped; None while one is open."""
        moments = [clock.stopped_at for clock in self.clocks.values()]
        return max((at for at in moments if at), default=None) if all(moments) else None

    def _begin_again(self, placed: Placed, promised: Promised, rules: Rulebook) -> None:
        life = self.life(placed, promised)
        for name in Life.model_fields:
            setattr(self, name, getattr(life, name))
        self._count([*self.clocks.values(), *self.earlier_call_backs], promised, rules)

    def _count(self, clocks: Iterable[Clock], promised: Promised, rules: Rulebook) -> None:
        for clock in clocks:
            clock.count(rules.hours(promised.calendar, clock.stopped_at))
        self.policy, self.promise, self.calendar = promised.policy, promised.revision, promised.calendar
        self.calendar_since = rules.set_at(promised.calendar, self._stopped_at)

    def _tell(self, before: Mapping[ClockKind, Stood], at: datetime, silent: bool) -> list[Event]:
        """Mark what has come to pass, say what of that is new, and when to look again. The deadline is told with the
        priority, before which nobody shows the ticket, and then whenever it is another."""
        seen_until = max(at, self.heard_until, *(told.at for told in self.told.values()))
        for clock in (*self.clocks.values(), *self.earlier_call_backs):
            clock.mark(seen_until)
        self._look_ahead()
        telling = Telling(self.id, dict(self.told), self.version + 1, seen_until)
        if not silent:
            for kind, clock in self.clocks.items():
                telling.clock(kind, clock, before.get(kind))
            if call_back := self.clocks.get(ClockKind.CALL_BACK):
                telling.call_back(call_back)
            if self.priority is not None:
                telling.deadline(self.deadline_of, self.deadline, self.late)
        self.told = dict(sorted(telling.told.items()))
        return telling.events

    def _look_ahead(self) -> None:
        running = {kind: clock for kind, clock in self.clocks.items() if clock.state is State.RUNNING}
        self.open = any(clock.is_open for clock in self.clocks.values())
        self.due_at = min((moment for clock in running.values() if (moment := clock.next_moment)), default=None)
        first = min(((clock.due_at, kind) for kind, clock in running.items() if clock.due_at), default=(None, None))
        self.deadline, self.deadline_of = first
        self.late = any(clock.is_open and clock.breached_at for clock in self.clocks.values())
