"""Whatever happens in whatever order, with any number of replicas, and killed between any two writes: nobody has more
than their limit, nobody is given anything off shift, no ticket has two engineers, of equal ones the first comes first,
and nothing waits for ever."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.triage.routing.domain import CannotTake, Engineer, Level
from services.triage.routing.duty import OnCall, Shifts
from services.triage.work.values import WorkState
from shared.events import TriageAssigned, TriageReleased
from shared.terms import Priority
from shared.testing import NOON
from tests.triage.routing.desk_model import Desk

LONGEST_LEAD = timedelta(hours=16)  # that a high ticket has of a normal one
DAY = Shifts.model_validate({"weekly": [[{"start": "08:00", "end": "20:00"}]] * 7})
NIGHT = Shifts.model_validate(
    {"weekly": [[{"start": "00:00", "end": "08:00"}, {"start": "20:00", "end": "24:00"}]] * 7}
)
SUBS = ("chen", "liu", "gao", "lead")
REPLICAS = st.integers(0, 1)
PRIORITIES = (Priority.NORMAL, Priority.HIGH, Priority.URGENT)
WHICH = st.integers(0, 1000)


class Allocation(RuleBasedStateMachine):
    @initialize(
        limits=st.lists(st.integers(1, 3), min_size=4, max_size=4),
        first=st.lists(st.sampled_from(PRIORITIES), min_size=4, max_size=8),
    )
    def arrive(self, limits: list[int], first: list[Priority]) -> None:
        self.desk = Desk()
        on_call = [OnCall(start=NOON, end=NOON + timedelta(days=3))]
        kinds: tuple[dict[str, Any], ...] = (
            {"level": Level.ENGINEER, "shifts": DAY},
            {"level": Level.SENIOR, "shifts": DAY},
            {"level": Level.SENIOR, "shifts": NIGHT, "on_call": on_call},
            {"level": Level.ENGINEER},
        )
        for sub, limit, kind in zip(SUBS, limits, kinds, strict=True):
            self.desk.engineers[sub] = Engineer.model_validate(
                {"id": sub, "name": sub, "capacity": limit, "available": True, **kind}
            )
        for priority in first:
            self.desk.open(priority)
        self.seen = [dict(self.desk.engineers), dict(self.desk.engineers)]

    # ---- what happens

    @rule(priority=st.sampled_from(PRIORITIES))
    def a_ticket_is_opened(self, priority: Priority) -> None:
        self.desk.open(priority)

    @rule(minutes=st.sampled_from([1, 3, 20, 240, 1000]))
    def time_passes(self, minutes: int) -> None:
        self.desk.now += timedelta(minutes=minutes)

    @rule(replica=REPLICAS)
    def a_replica_looks_at_the_roster(self, replica: int) -> None:
        self.seen[replica] = dict(self.desk.engineers)

    @rule(replica=REPLICAS)
    def the_next_is_dispatched(self, replica: int) -> None:
        """With what the replica saw: who has had room only since then is passed over."""
        waiting = [item for item in self.desk.queue() if not item.is_urgent]
        knows = self.seen[replica] == self.desk.engineers
        for item in waiting:
            if self.desk.dispatch(item, self.seen[replica]):
                if knows:
                    self._is_whose_turn_it_is(item.id)
                break

    @rule(replica=REPLICAS, which=WHICH)
    def an_urgent_ticket_is_given_out_or_handed_on(self, replica: int, which: int) -> None:
        urgent = [item for item in self.desk.items.values() if item.due_at is not None]
        if urgent:
            self.desk.give_urgent(urgent[which % len(urgent)], self.seen[replica])

    @rule(sub=st.sampled_from(SUBS))
    def an_engineer_claims_the_next(self, sub: str) -> None:
        if waiting := self.desk.queue():
            try:
                self.desk.claim(waiting[0], self.desk.engineers[sub])
            except CannotTake:
                return
            self._is_whose_turn_it_is(waiting[0].id)

    @precondition(lambda self: self.desk.acts)
    @rule(which=WHICH, killed=st.booleans())
    def an_assignment_is_written(self, which: int, killed: bool) -> None:
        act = self.desk.acts[which % len(self.desk.acts)]
        self.desk.assign(act)
        if not killed:
            self.desk.settle(act)

    @precondition(lambda self: len(self.desk.acts) > 1)
    @rule(which=WHICH)
    def a_process_is_killed_before_it(self, which: int) -> None:
        self.desk.acts.pop(which % len(self.desk.acts))

    @rule(which=WHICH, to=st.sampled_from(SUBS))
    def a_ticket_is_transferred(self, which: int, to: str) -> None:
        had = [item for item in self.desk.items.values() if item.work is WorkState.IN_PROGRESS and item.assignee != to]
        if had:
            try:
                self.desk.transfer(had[which % len(had)], self.desk.engineers[to])
            except CannotTake:
                return

    @rule(which=WHICH, how=st.sampled_from(["released", "completed"]), killed=st.booleans())
    def a_ticket_is_given_back_or_done(self, which: int, how: str, killed: bool) -> None:
        had = [item for item in self.desk.items.values() if item.work is WorkState.IN_PROGRESS]
        if not had:
            return
        item = had[which % len(had)]
        who = item.assignee
        (self.desk.release if how == "released" else self.desk.complete)(item)
        if not killed:
            self.desk.update(item, who)

    @rule(which=WHICH)
    def an_event_is_heard_late_or_again(self, which: int) -> None:
        if self.desk.told:
            self.desk.hear(self.desk.told[which % len(self.desk.told)])

    @rule()
    def the_workload_is_reconciled(self) -> None:
        self.desk.reconcile()

    # ---- what holds

    def _is_whose_turn_it_is(self, ticket: str) -> None:
        """Of those that wait: nobody of the same priority came before, and no normal one has waited too long. Who gave
        one back is passed over by it while there is somebody else; what is being assigned to them had its turn."""
        chosen, act = self.desk.items[ticket], self.desk.acts[-1]
        if act.again:
            return
        for other in self.desk.queue():
            if other.last_assignee == act.engineer.id:
                continue
            if other.priority is chosen.priority:
                assert (chosen.opened_at, chosen.id) <= (other.opened_at, other.id)
            if other.priority is Priority.NORMAL and not chosen.is_urgent:
                assert chosen.opened_at <= other.opened_at + LONGEST_LEAD

    @invariant()
    def nobody_has_more_than_their_limit(self) -> None:
        for one in self.desk.engineers.values() if hasattr(self, "desk") else ():
            assert len(one.held) <= one.capacity
            assert len(self.desk.given(one.id)) <= one.capacity
            assert set(self.desk.given(one.id)) <= set(one.held)

    @invariant()
    def nobody_is_given_anything_off_shift_and_nothing_is_given_to_two(self) -> None:
        if not hasattr(self, "desk"):
            return
        holders: dict[str, str] = {}
        for event in self.desk.told:
            if isinstance(event, TriageAssigned):
                assert event.instead_of == holders.get(event.subject, "")
                assert event.rule
                assert event.engineer in {one.engineer for one in event.candidates}
                assert event.considered >= len(event.candidates)
                holders[event.subject] = event.engineer
                if event.rule in ("dispatched", "next"):
                    assert event.instead_of == ""
                # What was reserved in the last minutes of a shift may be written just after it.
                assert any(_works(event.engineer, event.time - late) for late in (timedelta(0), timedelta(minutes=2)))
            elif isinstance(event, TriageReleased):
                assert holders.pop(event.subject) == event.engineer

    def teardown(self) -> None:
        """Once it is quiet, what engineers hold is what they have."""
        if hasattr(self, "desk"):
            self.desk.acts.clear()
            self.desk.now += timedelta(minutes=10)
            self.desk.reconcile()
            for one in self.desk.engineers.values():
                assert sorted(one.held) == self.desk.given(one.id)


def _works(sub: str, at: datetime) -> bool:
    """By the hour in Shanghai; gao works at night and is on call, the lead is always there."""
    return sub in ("gao", "lead") or 8 <= (at.astimezone(UTC).hour + 8) % 24 < 20


TestAllocation = Allocation.TestCase
TestAllocation.settings = settings(stateful_step_count=80, suppress_health_check=list(HealthCheck))
