"""SLA policies as the API shows them."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from services.sla.policies.domain import Policy, PolicyDetails
from services.sla.policies.ladder import Ladders, Urgency, Whom
from services.sla.policies.matching import Match, Subject
from services.sla.policies.simulation import Case, Draft, Outcome
from services.sla.policies.targets import SlaTargets, Unit
from shared.http import Body, View, example
from shared.terms import ClockKind, Day, Id, Known, Moment, Number, OptionalLine, Priority


class PolicyBody(Body):
    """A version of a policy. Targets that it does not name stay as they are."""

    model_config = example(
        company="Huadong Trading", calendar="cn", targets={"response": {"urgent": {"amount": 1, "unit": "hours"}}}
    )

    company: OptionalLine = ""
    """Whose tickets it is for; empty: those of all companies"""
    tier: OptionalLine = ""
    """For which tier of customers, as the records of companies say; empty: all"""
    product: OptionalLine = ""
    """For tickets about which product; empty: all"""
    team: OptionalLine = ""
    """For tickets that were first given to which queue; empty: all"""
    order: int | None = Field(default=None, ge=1, le=1000)
    """Policies are asked by it, the smallest first; of two the narrower one. Null: as before, 100 at first"""
    valid_from: Day | None = None
    """The day from whose beginning on it is in force; null: from now on"""
    calendar: Id = "cn"
    """By whose working time its targets are counted"""
    targets: SlaTargets = Field(default_factory=dict)
    """How soon what has to be done, by clock and by priority"""
    ladders: Ladders = Field(default_factory=dict)
    """By clock: at how much of the target who is told, and how loudly. An empty ladder warns nobody"""
    max_pause_hours: Number | None = Field(default=None, ge=0, le=2160, allow_inf_nan=False)
    """For how long a clock may be paused in all, by the wall clock; 0: without limit. Null: as before"""

    @property
    def match(self) -> Match:
        return Match(company=self.company, tier=self.tier, product=self.product, team=self.team)

    def draft(self, id: str) -> Draft:
        terms = PolicyDetails(self.calendar, self.targets, self.order, self.ladders, self.max_pause_hours)
        return Draft(id, self.match, self.valid_from, terms)


class RetirementBody(Body):
    model_config = example(valid_from="2027-01-01")

    valid_from: Day | None = None
    """The day from whose beginning on no ticket is opened under it; null: from now on"""


class DraftBody(PolicyBody):
    policy: Id
    """The policy that it would be a version of, or the id of a new one"""


class SimulationBody(Body):
    """A ticket that might be opened, and a version of a policy that might be set."""

    model_config = example(company="Huadong Trading", tier="gold", priority="urgent")

    company: OptionalLine = ""
    """The company of its customer"""
    tier: OptionalLine = ""
    """The tier that the record of the company says"""
    product: OptionalLine = ""
    """What it is about"""
    team: OptionalLine = ""
    """The queue that it is first given to"""
    policy: Id | Literal[""] = ""
    """The policy that the record of the company says was agreed"""
    priority: Known[Priority] | None = None
    """Its priority; null: counted as a normal one"""
    opened_at: Moment | None = None
    """When it is opened; null: now"""
    draft: DraftBody | None = None
    """A version that is not set; what it would change is shown beside what holds"""

    def case(self, now: datetime) -> Case:
        subject = Subject(
            company=self.company, tier=self.tier, product=self.product, team=self.team, policy=self.policy
        )
        return Case(subject, self.priority, self.opened_at or now)


class SlaTargetView(View):
    amount: float
    """How many of the unit"""
    unit: Unit
    """Hours of the wall clock, or working hours or days of the policy's calendar"""


class LadderRungView(View):
    percent: int
    """How much of the target has run"""
    to: list[Whom]
    """Who is told"""
    urgency: Urgency
    """How loudly"""


class PolicyVersionView(View):
    valid_from: datetime
    """From when on it is in force"""
    revision: int
    """The version of the policy when it was added"""
    order: int
    """Policies are asked by it, the smallest first"""
    retired: bool
    """Whether no ticket is opened under it"""
    calendar: str
    """By whose working time its targets are counted"""
    targets: dict[ClockKind, dict[Priority, SlaTargetView]] = Field(validation_alias="promises")
    """How soon what has to be done, by clock and by priority; a clock that is not named is measured, not judged"""
    ladders: dict[ClockKind, list[LadderRungView]]
    """Whom its clocks warn, where that is not as usual"""
    max_pause_hours: float
    """For how long a clock may be paused in all, by the wall clock; 0: without limit"""


class PolicyView(View):
    id: str
    """Its id"""
    company: str
    """Whose tickets it is for; empty: those of all companies"""
    tier: str
    """For which tier of customers; empty: all"""
    product: str
    """For tickets about which product; empty: all"""
    team: str
    """For tickets that were first given to which queue; empty: all"""
    version: int
    """Counts the changes; the ETag has it too"""
    current: PolicyVersionView | None
    """The version in force; null while the first is yet to come"""
    versions: list[PolicyVersionView]
    """All of them, the earliest first"""

    @classmethod
    def of(cls, policy: Policy, now: datetime) -> Self:
        return cls.model_validate(
            {
                "id": policy.id,
                **policy.match.model_dump(),
                "version": policy.version,
                "current": policy.version_at(now),
                "versions": policy.terms,
            }
        )


class ConsideredView(View):
    policy: str
    """The policy that was asked"""
    chosen: bool
    """Whether it is the one"""
    why: str
    """Why, in the language of the request"""


class PromisedClockView(View):
    clock: ClockKind
    """Which clock it is"""
    target: SlaTargetView
    """How long it may run"""
    due_at: datetime
    """When it would be due if it began with the ticket and never stood still"""
    provisional: bool
    """Whether that may move, because it is in a year whose days off are not announced yet"""


class OutcomeView(View):
    policy: str
    """The id of the policy that holds"""
    revision: int
    """Which version of it"""
    calendar: str
    """By whose working time its targets are counted"""
    considered: list[ConsideredView]
    """The policies that were asked, in their order, up to the one that holds"""
    clocks: list[PromisedClockView]
    """What that means for each clock"""

    @classmethod
    def of(cls, outcome: Outcome, language: str) -> Self:
        considered = [
            ConsideredView(policy=one.policy, chosen=one.chosen, why=one.why.in_(language))
            for one in outcome.considered
        ]
        clocks = [
            PromisedClockView(
                clock=one.clock,
                target=SlaTargetView.model_validate(one.target),
                due_at=one.due_at,
                provisional=one.provisional,
            )
            for one in outcome.clocks
        ]
        return cls(
            policy=outcome.policy,
            revision=outcome.revision,
            calendar=outcome.calendar,
            considered=considered,
            clocks=clocks,
        )


class SimulationView(View):
    present: OutcomeView
    """What holds for such a ticket"""
    draft: OutcomeView | None
    """What would hold if the draft were set; null without one"""
