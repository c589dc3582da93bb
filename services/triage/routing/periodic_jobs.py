"""What is done every so often, each time by one replica."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pydantic import AwareDatetime

from services.triage.work.values import TRIAGE_ORIGIN
from shared.domain import Aggregate
from shared.events import Event
from shared.service import Now
from shared.store import Store

Job = Callable[[], Awaitable[object]]


class PeriodicJob(Aggregate):
    due_at: AwareDatetime | None = None


class PeriodicJobs(Store[PeriodicJob]):
    kind = PeriodicJob
    has_outbox = False


@dataclass(frozen=True)
class Scheduler:
    """`jobs` by id, each with how often."""

    store: PeriodicJobs
    jobs: Mapping[str, tuple[timedelta, Job]]
    now: Now

    async def schedule(self) -> None:
        for id in self.jobs:
            await self.store.add(PeriodicJob(id=id, due_at=self.now()), [], TRIAGE_ORIGIN)

    async def run(self, ids: Sequence[str]) -> None:
        for id in ids:
            if await self._take(id):
                await self.jobs[id][1]()

    async def _take(self, id: str) -> bool:
        """Whether it is due and no other replica has begun; after a crash in the middle it is done the next time."""
        mine = False

        def take(job: PeriodicJob) -> list[Event]:
            nonlocal mine
            now = self.now()
            mine = job.due_at is None or job.due_at <= now
            if mine:
                job.due_at = now + self.jobs[id][0]
            return []

        await self.store.change(id, take, TRIAGE_ORIGIN)
        return mine
