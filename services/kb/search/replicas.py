"""What one replica changes, the others look for soon, also where nothing has changed for long.

Nothing depends on it: a notice that is lost, or comes too early, costs the seconds until the next look."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

from shared.bus import Notices
from shared.events.kb import SEARCH_CHANGED, SearchChanged
from shared.tasks import cancel_all


class Replicas:
    def __init__(self, notices: Notices, heard: Callable[[], object]) -> None:
        """`heard` is called when another replica has changed something."""
        self._notices, self._heard, self._id = notices, heard, uuid4().hex
        self._task: asyncio.Task[None] | None = None
        self._has_news = False
        notices.on(SEARCH_CHANGED, SearchChanged, self._receive)

    def publish(self) -> None:
        """Something was changed here. Of many changes at once the others are told once or twice."""
        self._has_news = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._publish())

    async def stop(self) -> None:
        if self._task:
            await cancel_all([self._task])

    async def _publish(self) -> None:
        while self._has_news:
            self._has_news = False
            await self._notices.publish(SEARCH_CHANGED, SearchChanged(by=self._id))

    def _receive(self, news: SearchChanged) -> None:
        if news.by != self._id:
            self._heard()
