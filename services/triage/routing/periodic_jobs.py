"""What is looked after by time: each chore is done by one replica, every so often."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from pydantic import AwareDatetime

from shared.domain import Aggregate, Origin
from shared.events import Event
from shared.store import Store


class Chore(Aggregate):
    due_at: AwareDatetime | None = None


class Chores(Store[Chore]):
    kind = Chore
    has_outbox = False

    async def turn(self, id: str, every: timedelta, job: Callable[[], Awaitable[object]], by: Origin) -> None:
        """Do it if it is due and nobody else has begun; a crash in the middle leaves it to the next turn."""
        mine = False

        def begin(chore: Chore) -> list[Event]:
            nonlocal mine
            now = self._now()
            mine = chore.due_at is None or chore.due_at <= now
            if mine:
                chore.due_at = now + every
            return []

        await self.change(id, begin, by)
        if mine:
            await job()
