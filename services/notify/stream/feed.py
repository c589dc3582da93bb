"""The live stream: every event as it happens, to those who may see it, as server-sent events.

One follower of the bus serves all readers. A reader who comes back with the last id that they saw follows the bus by
themselves until they have met what the common follower brings, so nothing is missed and nothing comes twice.
"""

import asyncio
import logging
import signal
import threading
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager
from types import FrameType
from typing import Any

from uvicorn import Server

from services.notify.permissions import PERMISSIONS
from services.notify.stream.settings import StreamSettings
from services.notify.stream.visibility import PUBLIC, Item, block, sign_of_life
from shared.auth import Principal, Scope, check, scope_of
from shared.bus import Bus, Gone
from shared.domain import Forbidden, Refusal, Unavailable
from shared.events import Event, TicketMessagePosted, TicketOpened
from shared.terms import Text

logger = logging.getLogger(__name__)
READ = PERMISSIONS["stream:read"]
ROOM = 1000  # events that a reader may be behind
REMEMBERED = 10_000  # owners of tickets
LOOKS = 5  # for the owner of a ticket that was opened a moment ago
LOOK_AGAIN = 0.1  # seconds

Owner = Callable[[str], Awaitable[tuple[str, str] | None]]


class TooManyReaders(Unavailable):
    title = Text("Too many live streams", "实时连接过多")


class TooManyOfYours(Refusal):
    status = 429
    title = Text("Too many live streams of yours", "您的实时连接过多")


class Reader:
    """One open stream: what waits for it, and, until it has caught up, what the common follower brought meanwhile."""

    def __init__(self, after: int, who: Principal, behind: bool) -> None:
        self.who = who
        self.after = after
        self.waiting: asyncio.Queue[Item | bytes | None] = asyncio.Queue(ROOM)
        self._held: deque[Item] | None = deque() if behind else None

    def push(self, item: Item) -> None:
        """What is new. A reader who is too slow is ended, and comes back for the rest."""
        if item.sequence <= self.after:
            return
        if self._held is not None:
            if len(self._held) == ROOM:
                self._held.clear()
            self._held.append(item)
        elif self.waiting.full():
            self.end()
        else:
            self.waiting.put_nowait(item)

    def joins(self, place: int) -> bool:
        """Go on with what was held, if that begins at this place or before."""
        if not self._held or self._held[0].sequence > place:
            return False
        self.join(place)
        return True

    def join(self, place: int) -> None:
        held, self._held, self.after = self._held or deque(), None, place
        for item in held:
            self.push(item)

    def end(self) -> None:
        """At once: what still waits is brought when they come back."""
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)


class Feed:
    def __init__(self, bus: Bus, owner: Owner, settings: StreamSettings) -> None:
        self.settings = settings
        self._bus = bus
        self._owner = owner
        self._readers: set[Reader] = set()
        self._follower: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._owners: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._ended = False

    @asynccontextmanager
    async def open(self, after: int | None, who: Principal) -> AsyncIterator[Reader]:
        """A place among the readers, from behind `after` or from now on. Raises TooManyReaders, TooManyOfYours,
        Unavailable."""
        self._must_have_room(who)
        reader = Reader(after or 0, who, behind=True)
        self._readers.add(reader)
        try:
            newest = await self._bus.newest()
            if self._follower is None or self._follower.done():
                self._follower = self._begin(self._follow(newest))
            if after is None:
                reader.join(newest)
            else:
                self._begin(self._catch_up(reader, after))
            yield reader
        finally:
            self._readers.discard(reader)
            reader.end()

    async def chunks(self, reader: Reader, who: Principal) -> AsyncGenerator[bytes, None]:
        """What this person may see, as it comes, with a sign of life when there is nothing else."""
        time = asyncio.get_running_loop().time
        place = reader.after
        yield f"retry: 2000\nid: {place}\n\n".encode()
        until, quiet = time() + self.settings.open_for, time() + self.settings.quiet
        while time() < until:
            if time() >= quiet:
                yield sign_of_life(place)
                quiet = time() + self.settings.quiet
            try:
                async with asyncio.timeout_at(min(quiet, until)):
                    item = await reader.waiting.get()
            except TimeoutError:
                continue
            if item is None:
                return
            if isinstance(item, Item):
                place = item.sequence
                item = await self._seen_by(who, item)
            if item:
                yield item
                quiet = time() + self.settings.quiet

    def _must_have_room(self, who: Principal) -> None:
        """One person does not take the places of all, nor customers those of staff."""
        each = self.settings.each
        if sum(reader.who.sub == who.sub for reader in self._readers) >= each:
            raise TooManyOfYours(f"you have {each} streams open already", f"您已打开 {each} 个实时连接")
        room = self.settings.readers
        if scope_of(who, READ) is not Scope.ALL:
            room -= self.settings.for_staff
        if self._ended or len(self._readers) >= room:
            raise TooManyReaders(f"{room} streams are open here already", f"此处已有 {room} 个实时连接")

    def end(self) -> None:
        """End all streams, for good."""
        self._ended = True
        for reader in self._readers:
            reader.end()

    async def close(self) -> None:
        self.end()
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            # Before Python 3.12 a cancellation can be lost in `asyncio.wait_for`, which the bus waits with: insist.
            await asyncio.wait(self._tasks, timeout=0.5)

    # ---- who sees what

    async def _seen_by(self, who: Principal, item: Item) -> bytes | None:
        if scope_of(who, READ) is Scope.ALL:
            return item.for_staff
        event = item.event
        if type(event) not in PUBLIC or (isinstance(event, TicketMessagePosted) and event.internal):
            return None
        owner, company = await self._owner_of(event)
        try:
            check(who, PERMISSIONS, "stream:read", owner, company)
        except Forbidden:
            return None
        return item.for_customers

    async def _owner_of(self, event: Event) -> tuple[str, str]:
        ticket = event.subject
        if isinstance(event, TicketOpened):
            self._owners.setdefault(ticket, (event.contact.sub, event.company))
        for _ in range(LOOKS):
            if ticket in self._owners:
                break
            if found := await self._owner(ticket):
                self._owners[ticket] = found
                break
            await asyncio.sleep(LOOK_AGAIN)  # the stream is quicker than our own copy
        if len(self._owners) > REMEMBERED:
            self._owners.popitem(last=False)
        return self._owners.get(ticket, ("", ""))

    # ---- where it comes from

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
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
                        item = Item(*found)
                        for reader in self._readers:
                            reader.push(item)
        except Exception as error:  # whatever it is, the readers must not wait for nothing
            logger.warning("the live streams begin anew: %s %s", type(error).__name__, error)
        for reader in self._readers:
            reader.end()

    async def _catch_up(self, reader: Reader, after: int) -> None:
        try:
            try:
                await self._bring_up(reader, after)
            except Gone:
                newest = await self._bus.newest()
                await reader.waiting.put(block(newest, "reset", "{}"))
                reader.join(newest)
        except Exception as error:
            logger.warning("a live stream begins anew: %s %s", type(error).__name__, error)
            reader.end()

    async def _bring_up(self, reader: Reader, after: int) -> None:
        """What came after that place, until the common follower has what comes next. Raises Gone."""
        async with aclosing(self._bus.follow(after)) as events:
            async for found in events:
                if reader not in self._readers:
                    return
                if found:
                    await reader.waiting.put(Item(*found))
                    if reader.joins(found[0]):
                        return


def end_with_the_server(feed: Feed) -> None:
    """End the streams when uvicorn is told to stop: it waits for open connections before anybody else hears of it.

    Under another server they end when that server cuts them, and readers come back as after any broken connection.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before: Any = signal.getsignal(number)
        if not isinstance(getattr(before, "__self__", None), Server):
            continue

        def at_signal(number: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(feed.end)
            before(number, frame)

        signal.signal(number, at_signal)
