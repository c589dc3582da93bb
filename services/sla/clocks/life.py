"""What follows from the facts about a ticket, told one after the other in their order. Nothing else is looked at."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from services.sla.clocks.clock import Clock, Why
from services.sla.clocks.facts import Fact, What
from services.sla.policies.domain import Target
from shared.terms import ClockKind, Priority, Satisfaction, WaitingFor

FROM_THE_START = (ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.DIAGNOSIS, ClockKind.CONSULTATION)
UNTIL_SOLVED = (ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.CONSULTATION)
BEGIN_AGAIN = (ClockKind.RESOLUTION, ClockKind.CONSULTATION)
# Only the customer's silence pauses, and never the answer and the call-back that we owe. Waiting for a third party
# pauses nothing: whom we work with is not the customer's concern. Nor does a reason that only a newer release knows.
PAUSABLE = (ClockKind.RESOLUTION, ClockKind.DIAGNOSIS, ClockKind.CONSULTATION)
PAUSED_BY = {
    WaitingFor.CUSTOMER_INFORMATION: Why.CUSTOMER_INFORMATION,
    WaitingFor.CUSTOMER_VERIFICATION: Why.CUSTOMER_VERIFICATION,
}
Targets = Callable[[ClockKind, Priority | None], Target]


@dataclass(frozen=True)
class Promised:
    """What holds for a ticket: the policy, its revision that decided so, the calendar, and the targets."""

    policy: str
    revision: int
    calendar: str
    target: Targets


class Life(BaseModel):
    opened_at: AwareDatetime | None = None
    company: str = ""
    priority: Priority | None = None
    waiting_for: WaitingFor = WaitingFor.NONE
    satisfaction: Satisfaction | None = None
    resolved_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    clocks: dict[ClockKind, Clock] = Field(default_factory=dict)
    earlier_call_backs: list[Clock] = Field(default_factory=list)

    def happens(self, fact: Fact, at: datetime, promised: Promised) -> None:
        """`at` is the moment from which it counts; what people read is the fact's own."""
        match fact.what:
            case What.OPENED:
                self._open(fact, at, promised)
            case What.PRIORITISED:
                self._prioritise(Priority.of(fact.value), at, promised)
                if fact.more:
                    self._meet((ClockKind.DIAGNOSIS,), at)
            case What.CONFIRMED:
                self._meet((ClockKind.DIAGNOSIS,), at)
            case What.REPLIED:
                self._meet((ClockKind.RESPONSE,), at)
            case What.CONSULTED:
                self._meet((ClockKind.CONSULTATION,), at)
            case What.WAITING:
                self._wait(WaitingFor.of(fact.value), at)
                if self.waiting_for == WaitingFor.CUSTOMER_VERIFICATION:  # they have been told a solution
                    self._meet((ClockKind.RESPONSE,), at)
            case What.RESUMED:
                self._go_on(WaitingFor.of(fact.value), at)
            case What.REJECTED:
                self._go_on(WaitingFor.CUSTOMER_VERIFICATION, at)
            case What.ACCEPTED:
                self._go_on(WaitingFor.CUSTOMER_VERIFICATION, at)
                self.resolved_at = fact.at
                self._meet(UNTIL_SOLVED, at)
            case What.RATED:
                self._rate(Satisfaction.of(fact.value), max(fact.at, self.opened_at or at), promised)
            case What.CALLED_BACK:
                self._meet((ClockKind.CALL_BACK,), at)
            case What.COMPLETED:
                self.completed_at = fact.at
                for clock in self.clocks.values():  # what still runs is stopped and not judged
                    clock.stop(at, met=False)
            case What.REOPENED:
                self._reopen(at, promised)

    def _open(self, fact: Fact, at: datetime, promised: Promised) -> None:
        """Its priority is not known yet: the targets of a normal ticket hold until it is."""
        self.opened_at, self.company = fact.at, fact.more
        self.clocks = {kind: Clock.start(promised.target(kind, None), at) for kind in FROM_THE_START}
        self._wait(WaitingFor.of(fact.value), at)

    def _prioritise(self, priority: Priority, at: datetime, promised: Promised) -> None:
        self.priority = priority
        for kind, clock in self.clocks.items():
            clock.retarget(promised.target(kind, priority), at)

    def _meet(self, kinds: Iterable[ClockKind], at: datetime) -> None:
        for kind in kinds:
            if clock := self.clocks.get(kind):
                clock.stop(at, met=True)

    def _wait(self, waiting_for: WaitingFor, at: datetime) -> None:
        self.waiting_for = waiting_for
        why = PAUSED_BY.get(waiting_for)
        for kind in PAUSABLE:
            if why:
                self.clocks[kind].pause(why, at)
            else:
                self.clocks[kind].resume(at)

    def _go_on(self, waited_for: WaitingFor, at: datetime) -> None:
        """The end of one wait is not the end of another."""
        if self.waiting_for == waited_for:
            self._wait(WaitingFor.NONE, at)

    def _rate(self, satisfaction: Satisfaction, at: datetime, promised: Promised) -> None:
        """Whoever is not satisfied is called back; once more if they were before, and both stay on record."""
        self.satisfaction = satisfaction
        there = self.clocks.get(ClockKind.CALL_BACK)
        if satisfaction != Satisfaction.DISSATISFIED or self.completed_at or (there and there.is_open):
            return
        if there:
            self.earlier_call_backs.append(there)
        self.clocks[ClockKind.CALL_BACK] = Clock.start(promised.target(ClockKind.CALL_BACK, self.priority), at)

    def _reopen(self, at: datetime, promised: Promised) -> None:
        """Nothing is answered or diagnosed anew, but solved it is not: these clocks run on."""
        self.resolved_at = self.completed_at = self.satisfaction = None
        self._wait(WaitingFor.NONE, at)
        for kind in BEGIN_AGAIN:
            self.clocks[kind].reopen(promised.target(kind, self.priority), at)
