"""Reading and changing SLA policies."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.sla.calendars.handlers import CalendarHandlers
from services.sla.policies.catalog import PolicyCatalog
from services.sla.policies.domain import Policy
from services.sla.policies.store import Policies
from services.sla.policies.targets import SlaTargets
from shared.cache import Cache
from shared.domain import Conflict, Origin
from shared.events import Event, SlaPolicyChanged
from shared.service import Now
from shared.terms import Text

FRESH_FOR = 2.0  # seconds


class CompanyHasPolicy(Conflict):
    title = Text("The company already has an SLA policy", "该企业已有 SLA 策略")


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
        self, id: str, company: str, valid_from: date | None, calendar: str, targets: SlaTargets, by: Origin
    ) -> Policy:
        """Raises NotFound for an unknown calendar, CompanyHasPolicy, and what Policy.add_version raises."""
        await self.refresh(at_once=True)
        now = self.now()
        begins = self._begin(valid_from, self.calendars.catalog.get(calendar).id, now)
        _, fallback = self.catalog.in_force("", begins)

        def decide(policy: Policy) -> list[Event]:
            return policy.add_version(company, begins, calendar, targets, fallback, now)

        if by.if_match is None and await self.store.find(id) is None:
            if self.catalog.has(company):
                raise CompanyHasPolicy(
                    f"an SLA policy for {company or 'all other companies'} already exists",
                    f"{company or '默认'}的 SLA 策略已存在",
                )
            new = Policy(id=id, company=company)
            await self.store.add(new, decide(new), by)
        policy = await self.store.change(id, decide, by)
        await self.refresh(at_once=True)
        return policy

    async def restore(self, event: SlaPolicyChanged) -> None:
        """As it was published; what was decided after that is left alone."""
        by = Origin.service("sla")
        await self.store.add(Policy(id=event.subject, company=event.company), [], by)
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
