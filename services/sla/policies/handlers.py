"""Reading and changing SLA policies."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.sla.calendars.handlers import CalendarHandlers
from services.sla.policies.catalog import PolicyCatalog
from services.sla.policies.domain import Policy, PolicyDetails
from services.sla.policies.matching import Match, Subject
from services.sla.policies.simulation import Case, Draft, Outcome, outcome
from services.sla.policies.store import Policies
from shared.cache import Cache
from shared.domain import Conflict, Origin
from shared.events import Event, SlaPolicyChanged
from shared.service import Now
from shared.terms import Text

FRESH_FOR = 2.0  # seconds


class AlreadyThere(Conflict):
    title = Text("There is an SLA policy for these tickets already", "这些工单已有 SLA 策略")


@dataclass
class PolicyHandlers:
    """Each process keeps all policies and calendars in memory: the catalogs."""

    store: Policies
    calendars: CalendarHandlers
    catalog: PolicyCatalog
    now: Now

    def __post_init__(self) -> None:
        self._catalogs = Cache(self._read, FRESH_FOR)

    async def seed_defaults(self, silent: bool = False) -> None:
        """The policy and the calendar that are there from the start; `silent`: nothing may be published."""
        await self.calendars.seed_defaults(silent)
        await self.store.add(Policy.default(), [], Origin.service("sla"))
        await self.refresh()

    async def refresh(self, at_once: bool = False) -> None:
        """Read what others may have changed."""
        await (self._catalogs.refresh() if at_once else self._catalogs.get())

    async def put(
        self,
        id: str,
        match: Match,
        valid_from: date | None,
        terms: PolicyDetails,
        by: Origin,
    ) -> Policy:
        """Raises NotFound for an unknown calendar, AlreadyThere, and what Policy.add_version raises."""
        decide = await self._version(match, valid_from, terms)
        if by.if_match is None and await self.store.find(id) is None:
            if holder := self.catalog.holder(match.key):
                raise AlreadyThere(
                    f"the SLA policy {holder} for {match.words.en} already exists",
                    f"适用于{match.words.zh}的 SLA 策略 {holder} 已存在",
                )
            new = Policy(id=id, match=match)
            await self.store.add(new, decide(new), by)
        policy = await self.store.change(id, decide, by)
        await self.refresh(at_once=True)
        return policy

    async def retire(self, id: str, valid_from: date | None, by: Origin) -> Policy:
        """Raises NotFound, and what Policy.retire raises."""
        await self.refresh(at_once=True)
        now = self.now()

        def decide(policy: Policy) -> list[Event]:
            return policy.retire(self._begin(valid_from, policy.terms[-1].calendar, now), now)

        policy = await self.store.change(id, decide, by)
        await self.refresh(at_once=True)
        return policy

    async def simulate(self, asked: Case, draft: Draft | None) -> tuple[Outcome, Outcome | None]:
        """What holds for such a ticket, and what would if the draft were set. Raises as `put` does."""
        await self.refresh(at_once=True)
        now = outcome(asked, self.catalog, self.calendars.catalog)
        if draft is None:
            return now, None
        change = await self._version(draft.match, draft.valid_from, draft.terms)
        known = {policy.id: policy for policy in self.catalog.all()}
        policy = known[draft.id].model_copy(deep=True) if draft.id in known else Policy(id=draft.id, match=draft.match)
        change(policy)
        return now, outcome(asked, PolicyCatalog({**known, policy.id: policy}.values()), self.calendars.catalog)

    async def _version(
        self, match: Match, valid_from: date | None, terms: PolicyDetails
    ) -> Callable[[Policy], list[Event]]:
        await self.refresh(at_once=True)
        now = self.now()
        begins = self._begin(valid_from, self.calendars.catalog.get(terms.calendar).id, now)
        _, fallback = self.catalog.in_force(Subject(), begins)
        return lambda policy: policy.add_version(match, begins, terms, fallback, now)

    async def restore(self, event: SlaPolicyChanged) -> None:
        """As it was published; what was decided after that is left alone."""
        by = Origin.service("sla")
        match = Match.model_validate(event.model_dump(include=set(Match.model_fields)))
        await self.store.add(Policy(id=event.subject, match=match), [], by)
        await self.store.change(event.subject, lambda policy: policy.restore(event), by)

    async def _read(self) -> PolicyCatalog:
        """The calendars come last, so that those of the policies are among them."""
        self.catalog.replace([policy async for policy in self.store.all()])
        await self.calendars.refresh()
        return self.catalog

    def _begin(self, day: date | None, calendar: str, now: datetime) -> datetime:
        """The beginning of the day, or now where that is today."""
        midnight = self.calendars.catalog.midnight(day, calendar) if day else now
        return now if midnight <= now < midnight + timedelta(days=1) else midnight
