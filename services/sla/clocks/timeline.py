"""What follows from the facts about a ticket, applied one after the other in their order, and from nothing else."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from services.sla.clocks.clock import Clock, ClockState, Reason
from services.sla.clocks.facts import Fact, FactKind
from services.sla.clocks.rules import ApplicablePolicy
from services.sla.policies.matching import Subject
from shared.terms import ClockKind, Priority, Satisfaction, WaitingFor

FROM_THE_START = (ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.DIAGNOSIS, ClockKind.CONSULTATION)
UNTIL_RESOLVED = (ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.CONSULTATION)
RESTARTED = (ClockKind.RESOLUTION, ClockKind.CONSULTATION)
# Only waiting for the customer pauses, and never the response and the call-back that we owe. Waiting for a third party
# pauses nothing: whom we work with is not the customer's concern. Nor does a reason that only a newer release knows.
PAUSABLE = (ClockKind.RESOLUTION, ClockKind.DIAGNOSIS, ClockKind.CONSULTATION)
PAUSED_BY = {
    WaitingFor.CUSTOMER_INFORMATION: Reason.CUSTOMER_INFORMATION,
    WaitingFor.CUSTOMER_VERIFICATION: Reason.CUSTOMER_VERIFICATION,
}


class Timeline(BaseModel):
    opened_at: AwareDatetime | None = None
    company: str = ""
    tier: str = ""
    product: str = ""
    team: str = ""
    agreed: str = ""
    priority: Priority | None = None
    waiting_for: WaitingFor = WaitingFor.NONE
    satisfaction: Satisfaction | None = None
    resolved_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    clocks: dict[ClockKind, Clock] = Field(default_factory=dict)
    earlier_call_backs: list[Clock] = Field(default_factory=list)

    @property
    def subject(self) -> Subject:
        return Subject(company=self.company, tier=self.tier, product=self.product, team=self.team, policy=self.agreed)

    def apply(self, fact: Fact, at: datetime, policy: ApplicablePolicy) -> None:
        """`at` is the moment from which it counts; what people are shown is the fact's own."""
        match fact.what:
            case FactKind.OPENED:
                self._open(fact, at, policy)
            case FactKind.AMENDED:
                self.product = fact.about.get("product", "")
            case FactKind.PRIORITISED:
                self.team = self.team or fact.about.get("team", "")
                self._prioritise(Priority.of(fact.value), at, policy)
                if fact.more:
                    self._meet((ClockKind.DIAGNOSIS,), at)
            case FactKind.CONFIRMED:
                self._meet((ClockKind.DIAGNOSIS,), at)
            case FactKind.REPLIED:
                self._meet((ClockKind.RESPONSE,), at)
            case FactKind.CONSULTED:
                self._meet((ClockKind.CONSULTATION,), at)
            case FactKind.WAITING:
                self._wait(WaitingFor.of(fact.value), at)
                if self.waiting_for == WaitingFor.CUSTOMER_VERIFICATION:  # a solution has been proposed to them
                    self._meet((ClockKind.RESPONSE,), at)
            case FactKind.RESUMED:
                self._stop_waiting(WaitingFor.of(fact.value), at)
            case FactKind.REJECTED:
                self._stop_waiting(WaitingFor.CUSTOMER_VERIFICATION, at)
            case FactKind.ACCEPTED:
                self._stop_waiting(WaitingFor.CUSTOMER_VERIFICATION, at)
                self.resolved_at = fact.at
                self._meet(UNTIL_RESOLVED, at)
            case FactKind.RATED:
                self._rate(Satisfaction.of(fact.value), max(fact.at, self.opened_at or at), policy)
            case FactKind.CALLED_BACK:
                self._meet((ClockKind.CALL_BACK,), at)
            case FactKind.COMPLETED:
                self.completed_at = fact.at
                for clock in self.clocks.values():  # what still runs is stopped without being met
                    clock.stop(at, met=False)
            case FactKind.REOPENED:
                self._reopen(at, policy, undone=bool(fact.more))

    def _open(self, fact: Fact, at: datetime, policy: ApplicablePolicy) -> None:
        """Its priority is not known yet: the targets of a normal ticket hold until it is."""
        self.opened_at, self.company = fact.at, fact.more
        self.tier, self.product, self.agreed = (fact.about.get(name, "") for name in ("tier", "product", "policy"))
        self.clocks = {kind: Clock.start(policy.target(kind, None), at) for kind in FROM_THE_START}
        self._wait(WaitingFor.of(fact.value), at)

    def _prioritise(self, priority: Priority, at: datetime, policy: ApplicablePolicy) -> None:
        self.priority = priority
        self._pause_or_resume(at)
        for kind, clock in self.clocks.items():
            clock.retarget(policy.target(kind, priority), at)

    def _meet(self, kinds: Iterable[ClockKind], at: datetime) -> None:
        for kind in kinds:
            if clock := self.clocks.get(kind):
                clock.stop(at, met=True)

    def _wait(self, waiting_for: WaitingFor, at: datetime) -> None:
        self.waiting_for = waiting_for
        self._pause_or_resume(at)

    def _pause_or_resume(self, at: datetime) -> None:
        """An urgent ticket is not paused by our own questions; what else it waits for does."""
        reason = PAUSED_BY.get(self.waiting_for)
        if reason is Reason.CUSTOMER_INFORMATION and self.priority == Priority.URGENT:
            reason = None
        for kind in PAUSABLE:
            if reason:
                self.clocks[kind].pause(reason, at)
            else:
                self.clocks[kind].resume(at)

    def _stop_waiting(self, waited_for: WaitingFor, at: datetime) -> None:
        """The end of one wait is not the end of another."""
        if self.waiting_for == waited_for:
            self._wait(WaitingFor.NONE, at)

    def _rate(self, satisfaction: Satisfaction, at: datetime, policy: ApplicablePolicy) -> None:
        """A dissatisfied customer is called back; once more if they were before, and both stay on record."""
        self.satisfaction = satisfaction
        call_back = self.clocks.get(ClockKind.CALL_BACK)
        if satisfaction != Satisfaction.DISSATISFIED or self.completed_at or (call_back and call_back.is_open):
            return
        if call_back:
            self.earlier_call_backs.append(call_back)
        self.clocks[ClockKind.CALL_BACK] = Clock.start(policy.target(ClockKind.CALL_BACK, self.priority), at)

    def _reopen(self, at: datetime, policy: ApplicablePolicy, undone: bool) -> None:
        """It is not answered or diagnosed again, but it is not resolved either: these clocks run on. Where a closing is
        undone, those do that it stopped."""
        self.resolved_at = self.completed_at = self.satisfaction = None
        self._wait(WaitingFor.NONE, at)
        stopped = (kind for kind in FROM_THE_START if self.clocks[kind].state is ClockState.STOPPED)
        unmet = [kind for kind in stopped if not self.clocks[kind].met_at]
        for kind in unmet if undone else RESTARTED:
            self.clocks[kind].reopen(policy.target(kind, self.priority), at)
