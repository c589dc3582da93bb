"""The facts received about one ticket, each once, in order, and the timeline that follows from them."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from services.sla.clocks.facts import Fact, FactKind, in_order, subject_of
from services.sla.clocks.rules import ApplicablePolicy
from services.sla.clocks.timeline import Timeline
from services.sla.policies.matching import Subject
from shared.domain import SERVICE, Value
from shared.terms import EARLIEST

MAX_FACTS = 1_000
Placed = list[tuple[datetime, Fact]]


class Snapshot(Value):
    """What followed from facts that are no longer kept: up to these revisions of each service, and that moment. A fact
    from before it that arrives later changes nothing."""

    life: Timeline
    revisions: dict[str, int] = Field(default_factory=dict)
    until: AwareDatetime

    def covers(self, fact: Fact) -> bool:
        if fact.what is FactKind.OPENED:
            return True
        return fact.revision <= self.revisions.get(fact.maker, 0) if fact.revision else fact.at <= self.until


class ReceivedFacts(BaseModel):
    facts: list[Fact] = Field(default_factory=list)
    base: Snapshot | None = None

    @property
    def opening(self) -> Fact | None:
        return next((fact for fact in self.facts if fact.what is FactKind.OPENED), None)

    @property
    def opened_as(self) -> tuple[Subject, datetime] | None:
        """As what, as far as is known now, and when; None while the opening has not been received."""
        others = (fact for fact in self.facts if fact.what is not FactKind.OPENED)
        if self.base and self.base.life.opened_at:
            return subject_of(self.base.life.subject, others), self.base.life.opened_at
        if self.opening is None:
            return None
        begun = Subject(company=self.opening.more, **self.opening.about)
        return subject_of(begun, others), self.opening.at

    def add(self, fact: Fact) -> bool:
        """Whether it says anything new."""
        opened_before = fact.what is FactKind.OPENED and self.opening is not None
        known = any(one.event == fact.event for one in self.facts)
        if known or opened_before or (self.base and self.base.covers(fact)):
            return False
        self.facts = [*self.facts, fact]
        return True

    def contradicts(self, fact: Fact) -> bool:
        """Whether it says that another ticket was opened under this number."""
        opening = self.opening
        return fact.what is FactKind.OPENED and opening is not None and opening.event != fact.event

    def forget_people(self) -> None:
        """Who did what, but for services."""
        for fact in self.facts:
            fact.by = fact.by if fact.by.startswith(SERVICE) else ""
        if self.base:
            self.base.life.forget_people()

    def in_order(self) -> Placed:
        """All but the opening, each with the moment that it counts from, none before the beginning."""
        beginning = self.base.until if self.base else self.opening.at if self.opening else EARLIEST
        placed = in_order((fact for fact in self.facts if fact.what is not FactKind.OPENED), beginning)
        self.facts = [fact for fact in self.facts if fact.what is FactKind.OPENED] + [fact for _, fact in placed]
        return placed

    def replay(self, placed: Placed, policy: ApplicablePolicy) -> Timeline:
        """From the beginning through these facts."""
        if self.base:
            timeline = self.base.life.model_copy(deep=True)
        else:
            timeline = Timeline()
            if opening := self.opening:
                timeline.apply(opening, opening.at, policy)
        for at, fact in placed:
            timeline.apply(fact, at, policy)
        return timeline

    def compact(self, placed: Placed, policy: ApplicablePolicy) -> None:
        """Keep a snapshot in place of the older half of the facts."""
        older = placed[: len(placed) // 2]
        revisions = dict(self.base.revisions) if self.base else {}
        for fact in facts_of(older):
            revisions[fact.maker] = max(fact.revision, revisions.get(fact.maker, 0))
        self.base = Snapshot(life=self.replay(older, policy), revisions=revisions, until=older[-1][0])
        gone = {fact.event for fact in facts_of(older)}
        self.facts = [fact for fact in self.facts if fact.event not in gone]


def facts_of(placed: Iterable[tuple[datetime, Fact]]) -> list[Fact]:
    return [fact for _, fact in placed]
