"""A desk without servers: the domain alone, with each write as a step of its own. Between two of them anybody else may
write, or the process that was about to may be gone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from services.triage.routing import assignment
from services.triage.routing.candidates import Chosen, choose_dispatched, choose_urgent
from services.triage.routing.domain import Engineer, Reservation
from services.triage.work import facts
from services.triage.work.activities import record
from services.triage.work.domain import WorkItem
from services.triage.work.values import TRIAGE, Actor
from shared.domain import Refusal
from shared.events import Event, TriageAssigned, TriageDiagnosed, TriageReleased
from shared.terms import Category, Priority
from shared.testing import NOON
from tests.triage.builders import CRASH, completed, opened

RESERVED_FOR = timedelta(minutes=2)
ACKNOWLEDGED_WITHIN = timedelta(minutes=15)
Decide = Callable[[Engineer, datetime], list[Event]]


@dataclass
class Act:
    """An assignment on its way: capacity is reserved with the engineer, the work item is written next."""

    reservation: Reservation
    engineer: Engineer  # as the reservation left them
    decide: Decide
    had: str
    again: bool  # they had capacity reserved for this ticket, or held it


@dataclass
class Desk:
    now: datetime = NOON
    engineers: dict[str, Engineer] = field(default_factory=dict)
    items: dict[str, WorkItem] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    told: list[Event] = field(default_factory=list)
    _made: int = 0

    def open(self, priority: Priority) -> None:
        ticket = f"TK-{len(self.items):04}"
        item = facts.opened(opened(ticket, CRASH, self.now))
        diagnosed = TriageDiagnosed(
            subject=ticket,
            time=self.now,
            category=Category.FUNCTION,
            priority=priority,
            queue="function",
            reasons=[],
            confirmed=True,
        )
        record(item, diagnosed, TRIAGE)
        item.version = 1
        self.items[ticket] = item

    def queue(self) -> list[WorkItem]:
        waiting = [one for one in self.items.values() if one.open and not one.assignee]
        return sorted(waiting, key=WorkItem.queue_key)

    # ---- the first write: capacity is reserved with the very version of the engineer that was seen

    def reserve(self, item: WorkItem, seen: Engineer, decide: Decide) -> bool:
        """Raises CannotTake. False when they have changed since."""
        there = self.engineers[seen.id]
        if there.version != seen.version:
            return False
        self._made += 1
        one = Reservation(ticket=item.id, version=item.version + 1, at=self.now, made_by=str(self._made))
        changed = there.model_copy(deep=True)
        changed.reserve(one, item.is_urgent)
        self._write(changed)
        self.acts.append(Act(one, changed, decide, item.assignee, item.id in there.held))
        return True

    def dispatch(self, item: WorkItem, roster: dict[str, Engineer]) -> Chosen | None:
        """Whoever was chosen has changed since: they are looked at again."""
        give = partial(assignment.dispatch, item)
        while chosen := choose_dispatched(item, list(roster.values()), self.now):
            choice = chosen.choice
            if self.reserve(item, chosen.engineer, lambda one, now, by=choice: give(one, by, now)):  # type: ignore[misc]
                return chosen
            roster[chosen.engineer.id] = self.engineers[chosen.engineer.id]
        return None

    def give_urgent(self, item: WorkItem, roster: dict[str, Engineer]) -> None:
        late = assignment.is_unacknowledged(item, self.now)
        give = assignment.hand_on if late else assignment.assign_urgent
        by = self.now + ACKNOWLEDGED_WITHIN
        but_not = assignment.passed_by(item) if late else set()
        while chosen := choose_urgent(item, "lead", but_not, list(roster.values()), self.now):
            choice = chosen.choice
            if self.reserve(item, chosen.engineer, lambda one, now, rule=choice: give(item, one, rule, by, now)):  # type: ignore[misc]
                return
            roster[chosen.engineer.id] = self.engineers[chosen.engineer.id]

    def claim(self, item: WorkItem, engineer: Engineer) -> None:
        self.reserve(item, engineer, lambda one, now: assignment.claim(item, one, "", now, is_next=True))

    def transfer(self, item: WorkItem, to: Engineer) -> None:
        by = Actor(item.assignee)
        self.reserve(item, to, lambda one, now: assignment.transfer(item, one, "转交", by, now))

    # ---- the second write, and what follows from it

    def assign(self, act: Act) -> list[Event]:
        """The work item is written; then who gets and who had it are made to agree with it, unless killed first."""
        self.acts.remove(act)
        item = self.items[act.reservation.ticket]
        if self.now >= act.reservation.at + RESERVED_FOR:
            return []
        try:
            events = act.decide(act.engineer, self.now)
        except Refusal:
            events = []
        self._told(item, events)
        return events

    def settle(self, act: Act) -> None:
        item, one = self.items[act.reservation.ticket], self.engineers[act.engineer.id].model_copy(deep=True)
        if item.open and item.assignee == one.id:
            one.hold(item.id, item.version, self.now)
        else:
            one.cancel(act.reservation)
            one.release(item.id, item.version)
        self._write(one)
        if act.had:
            self.update(item, act.had)

    def release(self, item: WorkItem) -> None:
        self._told(item, assignment.release(item, "换班", Actor(item.assignee), self.now))

    def complete(self, item: WorkItem) -> None:
        facts.completed(item, completed(revision=99, time=self.now, ticket=item.id))
        item.version += 1

    def update(self, item: WorkItem, engineer: str) -> None:
        one = self.engineers[engineer].model_copy(deep=True)
        if item.open and item.assignee == engineer:
            one.hold(item.id, item.version, self.now)
        else:
            one.release(item.id, item.version)
        self._write(one)

    def hear(self, event: Event) -> None:
        """Late, twice, out of order: what follows from it is what the work item says now."""
        if isinstance(event, TriageAssigned | TriageReleased):
            for id in {event.engineer, getattr(event, "instead_of", "")} - {""}:
                if not self.engineers[id].knows(event.subject, event.revision):
                    self.update(self.items[event.subject], id)

    def reconcile(self) -> None:
        for id in list(self.engineers):
            one = self.engineers[id].model_copy(deep=True)
            theirs = {item.id for item in self.items.values() if item.open and item.assignee == id}
            for ticket in theirs ^ set(one.held):
                reserved = one.reservation_of(ticket)
                is_on_its_way = reserved and self.now < reserved.at + RESERVED_FOR
                if is_on_its_way and self.items[ticket].version < one.held.get(ticket, 0):
                    continue
                one.forget(ticket)
                if ticket in theirs:
                    one.hold(ticket, self.items[ticket].version, self.now)
            self._write(one)

    def given(self, engineer: str) -> list[str]:
        return sorted(item.id for item in self.items.values() if item.open and item.assignee == engineer)

    def assignments(self) -> Iterator[TriageAssigned]:
        return (event for event in self.told if isinstance(event, TriageAssigned))

    def _told(self, item: WorkItem, events: list[Event]) -> None:
        if events:
            item.version += 1
            self.told += events

    def _write(self, changed: Engineer) -> None:
        if changed != self.engineers[changed.id]:
            changed.version += 1
            self.engineers[changed.id] = changed
