"""The facts that were heard about one ticket, each once, in their order, and the life that follows from them."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from services.sla.calendars.domain import EPOCH
from services.sla.clocks.facts import Fact, What, in_order, without_later_replies
from services.sla.clocks.life import Life, Promised
from shared.domain import Value

MOST_FACTS = 2_000
Placed = list[tuple[datetime, Fact]]


class Base(Value):
    """What followed from facts that are no longer kept, up to these revisions of their makers and that moment. What
    is heard of so early a time after that changes nothing any more."""

    life: Life
    revisions: dict[str, int] = Field(default_factory=dict)
    until: AwareDatetime

    def holds(self, fact: Fact) -> bool:
        if fact.what is What.OPENED:
            return True
        return fact.revision <= self.revisions.get(fact.maker, 0) if fact.revision else fact.at <= self.until


class Heard(BaseModel):
    facts: list[Fact] = Field(default_factory=list)
    base: Base | None = None

    @property
    def opening(self) -> Fact | None:
        return next((fact for fact in self.facts if fact.what is What.OPENED), None)

    @property
    def opened_as(self) -> tuple[str, datetime] | None:
        """By which company, and when; None while it is not known that the ticket was opened."""
        if self.base and self.base.life.opened_at:
            return self.base.life.company, self.base.life.opened_at
        return (self.opening.more, self.opening.at) if self.opening else None

    def take(self, fact: Fact) -> bool:
        """Whether it says anything that is not known."""
        opened_before = fact.what is What.OPENED and self.opening is not None
        known = any(there.event == fact.event for there in self.facts)
        if known or opened_before or (self.base and self.base.holds(fact)):
            return False
        kept = without_later_replies([*self.facts, fact])
        is_new = any(there is fact for there in kept)
        if is_new:
            self.facts = kept
        return is_new

    def contradicts(self, fact: Fact) -> bool:
        """Whether it says that another ticket was opened under this number."""
        there = self.opening
        return fact.what is What.OPENED and there is not None and there.event != fact.event

    def in_order(self) -> Placed:
        """All but the opening, each with the moment that it counts from, none before the beginning."""
        beginning = self.base.until if self.base else self.opening.at if self.opening else EPOCH
        placed = in_order((fact for fact in self.facts if fact.what is not What.OPENED), beginning)
        self.facts = [fact for fact in self.facts if fact.what is What.OPENED] + [fact for _, fact in placed]
        return placed

    def life(self, placed: Placed, promised: Promised) -> Life:
        """From its beginning through these facts."""
        if self.base:
            life = self.base.life.model_copy(deep=True)
        else:
            life = Life()
            if opening := self.opening:
                life.happens(opening, opening.at, promised)
        for at, fact in placed:
            life.happens(fact, at, promised)
        return life

    def forget(self, placed: Placed, promised: Promised) -> None:
        """Keep what follows from the older half of the facts in place of them."""
        older = placed[: len(placed) // 2]
        revisions = dict(self.base.revisions) if self.base else {}
        for fact in facts_of(older):
            revisions[fact.maker] = max(fact.revision, revisions.get(fact.maker, 0))
        self.base = Base(life=self.life(older, promised), revisions=revisions, until=older[-1][0])
        gone = {fact.event for fact in facts_of(older)}
        self.facts = [fact for fact in self.facts if fact.event not in gone]


def facts_of(placed: Iterable[tuple[datetime, Fact]]) -> list[Fact]:
    return [fact for _, fact in placed]
