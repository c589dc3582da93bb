"""Where readings of logs are kept, for a week after they ended."""

from datetime import timedelta
from typing import Any

from services.triage.log_jobs.domain import LogJob
from shared.store import Index, Store

FORGOTTEN_AFTER = timedelta(days=7)


class LogJobs(Store[LogJob]):
    kind = LogJob
    has_outbox = False
    indexes = (Index(("due_at",), sparse=True), Index(("ended_at",), sparse=True))

    async def remove_expired(self) -> int:
        gone = [row["id"] for row in await self.rows({"ended_at": {"$lt": self._now() - FORGOTTEN_AFTER}}, ())]
        await self.remove(gone)
        return len(gone) + await super().remove_expired()

    def _dump(self, aggregate: LogJob) -> dict[str, Any]:
        moments = {"due_at": aggregate.due_at, "ended_at": aggregate.ended_at}
        state = {name: value for name, value in super()._dump(aggregate).items() if name not in moments}
        return state | {name: at for name, at in moments.items() if at}
