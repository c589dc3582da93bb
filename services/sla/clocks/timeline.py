"""What follows from the facts about a ticket, applied one after the other in their order, and from nothing else."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from services.sla.clocks.clock import Clock
from services.sla.clocks.facts import Fact, FactKind
from services.sla.clocks.ledger import Reason
from services.sla.clocks.rules import ApplicablePolicy
from services.sla.policies.matching import Subject
from services.sla.policies.targets import TargetDuration
from shared.domain import SERVICE, Value
from shared.terms import ClockKind, Priority, Satisfaction, WaitingFor

MAX_EARLIER = 200  # clocks that a later one of their kind took the place of
FROM_THE_START = (ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.DIAGNOSIS, ClockKind.CONSULTATION)
UNTIL_RESOLVED = (ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.CONSULTATION)
RESTARTED = (ClockKind.RESOLUTION, ClockKind.CONSULTATION)
ANSWERED = (ClockKind.RESPONSE, ClockKind.NEXT_RESPONSE)
# They run on when a closing is undone that stopped them. A customer who was asked to verify is asked anew.
OWED = (*FROM_THE_START, ClockKind.NEXT_RESPONSE, ClockKind.THIRD_PARTY, ClockKind.SECOND_PLAN)
# Only waiting for the customer pauses, and never the response and the call-back that we owe. Waiting for a third party
# pauses nothing: whom we work with is not the customer's concern. Nor does a reason that only a newer release knows.
PAUSABLE = (ClockKind.RESOLUTION, ClockKind.DIAGNOSIS, ClockKind.CONSULTATION)
PAUSED_BY = {
    WaitingFor.CUSTOMER_INFORMATION: Reason.CUSTOMER_INFORMATION,
    WaitingFor.CUSTOMER_VERIFICATION: Reason.CUSTOMER_VERIFICATION,
}


class EarlierClock(Value):
    kind: ClockKind
    clock: Clock


class Timeline(BaseModel):
    """`parties` are the third parties whose answer is awaited."""

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
    parties: list[str] = Field(default_factory=list)
    clocks: dict[ClockKind, Clock] = Field(default_factory=dict)
    earlier_call_backs: list[Clock] = Field(default_factory=list)
    earlier: list[EarlierClock] = Field(default_factory=list)

    @property
    def subject(self) -> Subject:
        return Subject(company=self.company, tier=self.tier, product=self.product, team=self.team, policy=self.agreed)

    @property
    def earlier_clocks(self) -> list[tuple[ClockKind, Clock]]:
        """Those that others of their kind took the place of."""
        call_backs = ((ClockKind.CALL_BACK, clock) for clock in self.earlier_call_backs)
        return [*call_backs, *((one.kind, one.clock) for one in self.earlier)]

    @property
    def all_clocks(self) -> list[tuple[ClockKind, Clock]]:
        return [*self.earlier_clocks, *self.clocks.items()]

    def forget_people(self) -> None:
        for _, clock in self.all_clocks:
            for segment in clock.ledger:
                segment.by = segment.by if segment.by.startswith(SERVICE) else ""

    def has_run_on_since(self, moment: datetime) -> bool:
        """Whether a pause ended by itself later than that."""
        last = (clock.ledger[-1] for clock in self.clocks.values())
        return any(segment.why is Reason.CAPPED and segment.start > moment for segment in last)

    def apply(self, fact: Fact, at: datetime, policy: ApplicablePolicy) -> None:
        """`at` is the moment from which it counts; what people are shown is the fact's own."""
        known = {kind: (clock, len(clock.ledger)) for kind, clock in self.clocks.items()}
        self._apply(fact, at, policy)
        for kind, clock in self.clocks.items():
            before, signed = known.get(kind, (None, 0))
            for segment in clock.ledger[signed if clock is before else 0 :]:
                if segment.why is not Reason.CAPPED:
                    segment.by = fact.by

    def _apply(self, fact: Fact, at: datetime, policy: ApplicablePolicy) -> None:
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
                self._meet(ANSWERED, at)
            case FactKind.WROTE:
                self._customer_wrote(at, policy)
            case FactKind.CONSULTED:
                self._meet((ClockKind.CONSULTATION,), at)
            case FactKind.ENGAGED:
                self._engage(fact.value, at, policy)
            case FactKind.ANSWERED_BY:
                self._hear_from(fact.value, at)
            case FactKind.WAITING:
                self._wait(WaitingFor.of(fact.value), at, policy)
                if self.waiting_for == WaitingFor.CUSTOMER_VERIFICATION:  # a solution has been proposed to them
                    self._meet(ANSWERED, at)
            case FactKind.RESUMED:
                self._stop_waiting(WaitingFor.of(fact.value), at, policy)
            case FactKind.REJECTED:
                self._stop_waiting(WaitingFor.CUSTOMER_VERIFICATION, at, policy)
            case FactKind.ACCEPTED:
                self._stop_waiting(WaitingFor.CUSTOMER_VERIFICATION, at, policy)
                self.resolved_at = fact.at
                self._meet(UNTIL_RESOLVED, at)
            case FactKind.RATED:
                self._rate(Satisfaction.of(fact.value), max(fact.at, self.opened_at or at), policy)
            case FactKind.CALLED_BACK:
                self._meet((ClockKind.CALL_BACK,), at)
            case FactKind.PLANNED:
                self._plan(fact.more, at, policy)
            case FactKind.CARRIED_OUT:
                self._meet((ClockKind.SECOND_PLAN,), at)
            case FactKind.COMPLETED:
                self._complete(fact, at)
            case FactKind.REOPENED:
                self._reopen(at, policy, undone=bool(fact.more))

    def _open(self, fact: Fact, at: datetime, policy: ApplicablePolicy) -> None:
        """Its priority is not known yet: the targets of a normal ticket hold until it is."""
        self.opened_at, self.company = fact.at, fact.more
        self.tier, self.product, self.agreed = (fact.about.get(name, "") for name in ("tier", "product", "policy"))
        self.clocks = {kind: Clock.start(policy.target(kind, None), at) for kind in FROM_THE_START}
        self._wait(WaitingFor.of(fact.value), at, policy)

    def _prioritise(self, priority: Priority, at: datetime, policy: ApplicablePolicy) -> None:
        self.priority = priority
        self._pause_or_resume(at, policy)
        for kind, clock in self.clocks.items():
            clock.retarget(policy.target(kind, priority), at)

    def _meet(self, kinds: Iterable[ClockKind], at: datetime) -> None:
        for kind in kinds:
            if clock := self.clocks.get(kind):
                clock.stop(at, met=True)

    def _begin(self, kind: ClockKind, clock: Clock) -> None:
        """In place of the one before it, which stays on record."""
        if before := self.clocks.get(kind):
            if kind is ClockKind.CALL_BACK:
                self.earlier_call_backs.append(before)
            else:
                self.earlier = [*self.earlier, EarlierClock(kind=kind, clock=before)][-MAX_EARLIER:]
        self.clocks[kind] = clock

    def _is_open(self, kind: ClockKind) -> bool:
        return kind in self.clocks and self.clocks[kind].is_open

    def _customer_wrote(self, at: datetime, policy: ApplicablePolicy) -> None:
        """Unless they wait for an answer anyway. What they write while the ticket is closed opens it again, or becomes
        another ticket."""
        if self.opened_at is None or self.completed_at or any(self._is_open(kind) for kind in ANSWERED):
            return
        self._begin(ClockKind.NEXT_RESPONSE, Clock.start(policy.target(ClockKind.NEXT_RESPONSE, self.priority), at))

    def _engage(self, party: str, at: datetime, policy: ApplicablePolicy) -> None:
        """One clock for all of them: it runs until the last has answered."""
        if self.completed_at or party in self.parties:
            return
        self.parties = [*self.parties, party][-MAX_EARLIER:]
        if not self._is_open(ClockKind.THIRD_PARTY):
            self._begin(ClockKind.THIRD_PARTY, Clock.start(policy.target(ClockKind.THIRD_PARTY, self.priority), at))

    def _hear_from(self, party: str, at: datetime) -> None:
        self.parties = [one for one in self.parties if one != party]
        if not self.parties:
            self._meet((ClockKind.THIRD_PARTY,), at)

    def _plan(self, due_at: str, at: datetime, policy: ApplicablePolicy) -> None:
        """A plan that names its day has its own target; a later plan takes the place of one not carried out."""
        self._stop((ClockKind.SECOND_PLAN,), at)
        target = policy.target(ClockKind.SECOND_PLAN, self.priority)
        if due_at:
            seconds = round((datetime.fromisoformat(due_at) - at).total_seconds())
            target = TargetDuration(seconds=max(seconds, 1), business_time=False)
        self._begin(ClockKind.SECOND_PLAN, Clock.start(target, at, fixed=bool(due_at)))

    def _complete(self, fact: Fact, at: datetime) -> None:
        """What still runs is stopped without being met."""
        self.completed_at, self.parties = fact.at, []
        self._stop(self.clocks, at, fact.value)

    def _stop(self, kinds: Iterable[ClockKind], at: datetime, closed_as: str = "") -> None:
        for kind in kinds:
            if clock := self.clocks.get(kind):
                clock.stop(at, met=False, closed_as=closed_as)

    def _wait(self, waiting_for: WaitingFor, at: datetime, policy: ApplicablePolicy) -> None:
        self.waiting_for = waiting_for
        self._pause_or_resume(at, policy)
        kind = ClockKind.VERIFICATION_WAIT
        if waiting_for != WaitingFor.CUSTOMER_VERIFICATION:
            self._meet((kind,), at)
        elif not self._is_open(kind):
            self._begin(kind, Clock.start(policy.target(kind, self.priority), at))

    def _pause_or_resume(self, at: datetime, policy: ApplicablePolicy) -> None:
        """An urgent ticket is not paused by our own questions; what else it waits for does."""
        reason = PAUSED_BY.get(self.waiting_for)
        if reason is Reason.CUSTOMER_INFORMATION and self.priority == Priority.URGENT:
            reason = None
        for kind in PAUSABLE:
            if reason:
                self.clocks[kind].pause(reason, at, policy.longest_pause)
            else:
                self.clocks[kind].resume(at)

    def _stop_waiting(self, waited_for: WaitingFor, at: datetime, policy: ApplicablePolicy) -> None:
        """The end of one wait is not the end of another."""
        if self.waiting_for == waited_for:
            self._wait(WaitingFor.NONE, at, policy)

    def _rate(self, satisfaction: Satisfaction, at: datetime, policy: ApplicablePolicy) -> None:
        """A dissatisfied customer is called back; once more if they were before, and both stay on record."""
        self.satisfaction = satisfaction
        if satisfaction != Satisfaction.DISSATISFIED or self.completed_at or self._is_open(ClockKind.CALL_BACK):
            return
        self._begin(ClockKind.CALL_BACK, Clock.start(policy.target(ClockKind.CALL_BACK, self.priority), at))

    def _reopen(self, at: datetime, policy: ApplicablePolicy, undone: bool) -> None:
        """It is not answered or diagnosed again, but it is not resolved either: these clocks run on. Where a closing is
        undone, those do that it stopped."""
        self.resolved_at = self.completed_at = self.satisfaction = None
        self._wait(WaitingFor.NONE, at, policy)
        stopped = (kind for kind in OWED if kind in self.clocks and not self.clocks[kind].is_open)
        unmet = [kind for kind in stopped if not self.clocks[kind].met_at]
        for kind in unmet if undone else RESTARTED:
            self.clocks[kind].reopen(policy.target(kind, self.priority), at)
