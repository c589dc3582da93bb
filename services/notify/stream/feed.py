"""The live stream: every event as it happens, as server-sent events.

One follower of the bus serves all readers. A reader who comes back with the last id that they saw follows the bus by
themselves until they have met what the shared follower brings, so nothing is missed and nothing comes twice.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from contextlib import aclosing, asynccontextmanager
from typing import Any

from services.notify.stream.access import StreamAccess, hears_presence, is_of_staff
from services.notify.stream.filters import Filters
from services.notify.stream.reader import Reader
from services.notify.stream.settings import StreamSettings
from services.notify.stream.shutdown import on_server_shutdown
from services.notify.stream.visibility import StreamItem, sse_event, sse_heartbeat, sse_presence
from shared.auth import Principal
from shared.bus import Bus, OffsetExpired
from shared.domain import Refusal, Unavailable
from shared.events.presence import PresenceChanged
from shared.terms import Text

logger = logging.getLogger(__name__)
RECONNECT_MS = 2000
CATCHING_UP = 16  # readers at a time; after a restart all come back at once


class TooManyReaders(Unavailable):
    title = Text("Too many live streams", "实时连接过多")


class TooManyOfYours(Refusal):
    status = 429
    title = Text("You have too many live streams open", "您打开的实时连接过多")


class Feed:
    def __init__(self, bus: Bus, access: StreamAccess, settings: StreamSettings) -> None:
        self.settings = settings
        self._bus = bus
        self._access = access
        self._readers: set[Reader] = set()
        self._follower: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended = False
        self._turns = asyncio.Semaphore(CATCHING_UP)

    async def start(self) -> None:
        on_server_shutdown(self.end)

    def end(self) -> None:
        """End all connections, for good."""
        self._ended = True
        for reader in self._readers:
            reader.close()

    async def stop(self) -> None:
        self.end()
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            # Before Python 3.12 a cancellation can be lost in `asyncio.wait_for`, which the bus waits with: insist.
            await asyncio.wait(self._tasks, timeout=0.5)

    @asynccontextmanager
    async def open(
        self,
        after: int | None,
        principal: Principal,
        filters: Filters | None = None,
        wants_presence: bool = False,
    ) -> AsyncIterator[Reader]:
        """A new reader, of what comes behind `after` or from now on. Raises TooManyReaders, TooManyOfYours,
        Unavailable."""
        self._check_capacity(principal)
        reader = Reader(after or 0, principal, behind=True, filters=filters, wants_presence=wants_presence)
        self._readers.add(reader)
        try:
            newest = await self._bus.newest()
            if self._follower is None or self._follower.done():
                self._follower = self._spawn(self._follow(newest))
            if after is None:
                reader.join(newest)
            else:
                self._spawn(self._catch_up(reader, after))
            yield reader
        finally:
            self._readers.discard(reader)
            reader.close()

    def send_presence(self, news: PresenceChanged) -> None:
        """At once, to those who asked for it and may know; without an id, for it is no event."""
        chunk = sse_presence(news)
        for reader in self._readers:
            if reader.wants_presence and reader.filters.concerns(news.ticket) and hears_presence(reader.principal):
                reader.push_now(chunk)

    async def chunks(self, reader: Reader) -> AsyncGenerator[bytes, None]:
        """What this reader may see, as it comes, with a heartbeat when there is nothing else."""
        time = asyncio.get_running_loop().time
        position = reader.after
        yield f"retry: {RECONNECT_MS}\nid: {position}\n\n".encode()
        until, heartbeat_at = time() + self.settings.max_seconds, time() + self.settings.heartbeat_seconds
        while time() < until:
            if time() >= heartbeat_at:
                yield sse_heartbeat(position)
                heartbeat_at = time() + self.settings.heartbeat_seconds
            try:
                async with asyncio.timeout_at(min(heartbeat_at, until)):
                    item = await reader.take()
            except TimeoutError:
                continue
            if item is None:
                return
            if isinstance(item, StreamItem):
                position = item.sequence
                item = await self._access.visible_to(reader.principal, item, reader.filters)
            if item:
                yield item
                heartbeat_at = time() + self.settings.heartbeat_seconds

    def _check_capacity(self, principal: Principal) -> None:
        """One person does not take the places of all, nor customers those of staff."""
        if self._ended:
            raise Unavailable("the service is stopping; connect again", "服务正在停止，请重新连接")
        each = self.settings.max_per_person
        if sum(reader.principal.sub == principal.sub for reader in self._readers) >= each:
            raise TooManyOfYours(
                f"at most {each} at a time; close one first", f"每人最多同时打开 {each} 个，请先关闭一个"
            )
        room = self.settings.max_readers
        if not is_of_staff(principal):
            room -= self.settings.reserved_for_staff
        if len(self._readers) >= room:
            raise TooManyReaders(f"all {room} are in use; try again later", f"{room} 个连接均已占用，请稍后重试")

    # ---- following the bus

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _follow(self, after: int) -> None:
        """Bring all readers what is new, as long as there are any; when that fails they come back and say where they
        were."""
        try:
            async with aclosing(self._bus.follow(after)) as events:
                async for found in events:
                    if not self._readers:
                        self._follower = None
                        return
                    if found:
                        item = StreamItem(*found)
                        for reader in self._readers:
                            reader.push(item)
        except Exception as error:  # whatever it is, the readers must not wait for nothing
            logger.warning("all readers of the live stream must reconnect: %s %s", type(error).__name__, error)
        for reader in self._readers:
            reader.close()

    async def _catch_up(self, reader: Reader, after: int) -> None:
        try:
            async with self._turns:
                try:
                    await self._replay(reader, after)
                except OffsetExpired:
                    newest = await self._bus.newest()
                    await reader.bring(sse_event(newest, "reset", "{}"))
                    reader.join(newest)
        except Exception as error:  # also that it takes nothing
            logger.warning("a reader of the live stream must reconnect: %s %s", type(error).__name__, error)
            reader.close()

    async def _replay(self, reader: Reader, after: int) -> None:
        """What came behind that position, until the shared follower has what comes next. Raises OffsetExpired."""
        async with aclosing(self._bus.follow(after)) as events:
            async for found in events:
                if reader not in self._readers:
                    return
                if found:
                    await reader.bring(StreamItem(*found))
                    if reader.try_join(found[0]):
                        return
