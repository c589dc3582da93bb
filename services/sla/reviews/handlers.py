"""Making reviews, each month and when somebody asks, and publishing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

from services.sla.calendars.handlers import CalendarHandlers
from services.sla.figures.counting import EVERYTHING
from services.sla.figures.handlers import FigureHandlers
from services.sla.improvements.domain import Baseline, Improvement, Kind
from services.sla.improvements.handlers import ImprovementHandlers
from services.sla.reviews.content import PROBLEM_DIMENSIONS, ReviewContent, content, periods
from services.sla.reviews.domain import Review
from services.sla.reviews.store import Reviews
from shared.domain import Invalid, Origin
from shared.events import Event
from shared.service import Now

BY_TIME = Origin.service("sla")
CAUSE = "cause"
AFTER_MIDNIGHT = timedelta(minutes=10)  # for what is heard late of the last day


@dataclass(frozen=True)
class ReviewHandlers:
    store: Reviews
    figures: FigureHandlers
    improvements: ImprovementHandlers
    calendars: CalendarHandlers
    now: Now

    # ---- each month

    async def plan(self) -> None:
        """The review of this month is planned. Done at each start, and again by each review that is made."""
        await self._plan(await self.figures.today())

    async def make_due(self, ids: Sequence[str]) -> None:
        """Those of months that are over. The next is planned before this one is made: whatever dies in between, this
        one is still due. What was missed while nobody ran is made one after the other."""
        for id in ids:
            review = await self.store.get(id)
            if review.due_at and review.due_at <= self.now():
                await self.calendars.refresh()
                await self._plan(review.until)
                made = await self._content(review.since, review.until)
                await self.store.change(id, partial(self._make_planned, made=made), BY_TIME)

    def _make_planned(self, review: Review, made: ReviewContent) -> list[Event]:
        """Another replica may have made it meanwhile."""
        return review.make(made, self.now()) if review.due_at else []

    async def _plan(self, day: date) -> None:
        since = day.replace(day=1)
        until = date(since.year + since.month // 12, since.month % 12 + 1, 1)
        due_at = self.calendars.catalog.midnight(until) + AFTER_MIDNIGHT
        new = Review(id=f"{since:%Y-%m}", since=since, until=until, due_at=due_at)
        await self.store.add(new, [], BY_TIME)

    # ---- at any time

    async def make(self, since: date, until: date, by: Origin) -> Review:
        """Raises BadPeriod."""
        made = await self._content(since, until)
        new = Review(id=f"review-{uuid4().hex[:12]}", since=since, until=until)
        return await self.store.add(new, new.make(made, self.now()), by, [by.key] if by.key else ())

    async def make_again(self, id: str, by: Origin) -> Review:
        """With what is known now. Raises NotFound, AlreadyPublished, and what the store refuses."""
        review = await self.store.get(id)
        made = await self._content(review.since, review.until)
        return await self.store.change(id, lambda one: one.make(made, self.now()), by)

    async def publish(self, id: str, by: Origin) -> Review:
        """Raises NotFound, NotMadeYet, AlreadyPublished, and what the store refuses."""
        return await self.store.change(id, lambda one: one.publish(by.actor, self.now()), by)

    async def improve(
        self, id: str, dimension: str, value: str, kind: Kind, title: str, owner: str, due_on: date, by: Origin
    ) -> Improvement:
        """An entry of the review becomes an improvement. Raises NotFound, NotMadeYet, and Invalid for no entry."""
        review = await self.store.get(id)
        tickets = _tickets(review.made, dimension, value)
        baseline = Baseline(dimension=dimension, value=value, tickets=tickets, days=(review.until - review.since).days)
        return await self.improvements.raise_(id, baseline, kind, title, owner, due_on, by)

    async def _content(self, since: date, until: date) -> ReviewContent:
        """Raises BadPeriod."""
        self.figures.period(since, until)
        told = periods(since, until)
        added = {
            name: [await self.figures.added(*period, name) for period in told]
            for name in (EVERYTHING, *PROBLEM_DIMENSIONS)
        }
        return content(told, added, await self.improvements.before(until))


def _tickets(made: ReviewContent, dimension: str, value: str) -> int:
    if dimension == CAUSE and value in made.total.causes:
        return made.total.causes[value]
    for entry in made.problems:
        if (entry.dimension, entry.value) == (dimension, value):
            return entry.tickets
    raise Invalid(f"the review has no entry {dimension} {value}", f"该复盘中没有条目 {dimension} {value}", "body.value")
