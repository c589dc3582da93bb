"""How the index of a replica follows the store, whoever changes it.

The store stamps each change with the moment at which it was written. Every second or so, more seldom while nothing
changes, the follower asks for the ids and versions of what was changed lately, and reads what it does not know in that
version. Clocks of replicas differ and writes take their time: so it looks back over what it has seen, a little each
time, farther every half minute, and now and then it compares the versions of all there is, which also tells what is
gone. A restart begins with that, so what happened meanwhile, or was changed by a process that was killed, is found;
nothing is ever told, so nothing can be lost.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from shared.mongo import TRANSIENT_ERRORS
from shared.search.entries import Entry
from shared.search.index import Broken, Index
from shared.tasks import cancel_all

logger = logging.getLogger(__name__)
LOOK_BACK = timedelta(seconds=5)
LOOK_FARTHER_BACK = timedelta(minutes=10)
FARTHER_EVERY = 30.0  # seconds
ALL_EVERY = 900.0
AT_ONCE = 100  # entries; the next are read after a rest as long as these took, so that requests are served
COMMIT_AFTER = 2_000
AGAIN_AFTER = 5.0  # seconds
IDLE_TIMES = 5  # as long is it between two looks, at most, while nothing changes


class Source(Protocol):
    """The store that is searched."""

    async def versions(self, since: datetime | None) -> dict[str, tuple[int, datetime | None]]:
        """The version and the moment of the last change of those changed since then; None: of all."""

    async def entries(self, ids: Sequence[str]) -> list[Entry]:
        """Of those that there are."""

    async def generation(self) -> str:
        """Another one when everything is to be indexed again."""


class Follower:
    """`is_complete`: what the store had a moment ago is in the index."""

    def __init__(
        self,
        index: Index,
        source: Source,
        now: Callable[[], datetime],
        every: float,
        heard: Callable[[Sequence[Entry]], None] | None = None,
    ) -> None:
        """`heard` is told each entry that is put into the index."""
        self.index = index
        self.is_complete = False
        self._source, self._now, self._every = source, now, every
        self._heard = heard
        self._known: dict[str, int] = {}
        self._generation = ""
        self._seen: datetime | None = None  # the latest change
        self._next_farther = self._next_all = 0.0
        self._is_open = self._is_uncommitted = self._is_broken = False
        self.opened = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._busy = asyncio.Lock()
        self._woken, self._nudged, self._idle = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._quiet = 0  # looks in a row that found nothing new

    async def start(self) -> None:
        """Returns at once; what is searched is there little by little."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task:
            await cancel_all([self._task])
        await asyncio.to_thread(self.index.close)

    def nudge(self) -> None:
        """Something has changed here: look as soon as usual, though nothing has for long."""
        self._nudged.set()

    def wake(self) -> None:
        """Something has changed here: look at once."""
        self._woken.set()
        self._nudged.set()
        self._idle.clear()

    async def caught_up(self, within: float) -> bool:
        """Wait so many seconds until everything is indexed of which anybody here knows; whether it is."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._idle.wait()
        return self._idle.is_set()

    async def refresh(self) -> None:
        """Index what has changed. Raises what the store raises, OSError, Broken."""
        async with self._busy:
            now = time.monotonic()
            if not self._is_open:
                self._generation = await self._source.generation()
                self._known = await asyncio.to_thread(self.index.open, self._generation)
                self._is_open, self._next_all = True, now
                self.opened.set()
            if self._is_broken:
                await self._begin_anew(self._generation)
            if now >= self._next_farther:
                if (generation := await self._source.generation()) != self._generation:
                    await self._begin_anew(generation)
                self._next_farther = now + FARTHER_EVERY
                back = LOOK_FARTHER_BACK
            else:
                back = LOOK_BACK
            if now >= self._next_all or self._seen is None:
                await self._compare_all()
                self._next_all = now + ALL_EVERY
            else:
                found = await self._source.versions(self._seen - back)
                self._saw(found.values())
                await self._read([id for id, (version, _) in found.items() if self._known.get(id) != version])
            if self._is_uncommitted:  # the last refresh failed half-way
                await self._commit()
            self.is_complete = True

    def distrust(self) -> None:
        """Index everything again, at the next refresh: what is on disk cannot be read."""
        self.is_complete, self._is_broken = False, True

    @property
    def idle_for(self) -> float:
        """Seconds that a look is put off by, beyond the usual, unless something changes here."""
        return self._every * max(min(self._quiet, IDLE_TIMES) - 1, 0)

    # ---- inside

    async def _run(self) -> None:
        while True:
            wait = self._every
            self._woken.clear()
            self._nudged.clear()
            try:
                await self.refresh()
            except TRANSIENT_ERRORS as error:
                logger.warning("searching without the newest changes: %s %s", type(error).__name__, error)
                wait, self._quiet = AGAIN_AFTER, 0
            except Exception as error:
                logger.exception("the search index cannot be kept up")
                wait, self._quiet = AGAIN_AFTER, 0
                if isinstance(error, Broken):
                    self.distrust()
            else:
                if not self._woken.is_set():
                    self._idle.set()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._woken.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(self.idle_for):
                    await self._nudged.wait()

    async def _begin_anew(self, generation: str) -> None:
        self.is_complete = False
        self._generation, self._known, self._next_all, self._is_uncommitted = generation, {}, 0.0, False
        await asyncio.to_thread(self.index.reset, generation)
        self._is_broken = False

    async def _compare_all(self) -> None:
        began = self._now()
        found = await self._source.versions(None)
        gone = [id for id in self._known if id not in found]
        self._saw([*found.values(), (0, began)])
        changed = [id for id, (version, _) in found.items() if self._known.get(id) != version]
        await self._read([*sorted(changed, reverse=True), *gone])

    def _saw(self, found: Iterable[tuple[int, datetime | None]]) -> None:
        """Where a clock is ahead, what it stamped is read along until that time has come."""
        latest = max((moment for _, moment in found if moment), default=None)
        if latest:
            self._seen = min(max(latest, self._seen or latest), self._now())

    async def _read(self, ids: Sequence[str]) -> None:
        """Newest first, since those are asked for most."""
        self._quiet = 0 if ids else self._quiet + 1
        uncommitted = 0
        for at in range(0, len(ids), AT_ONCE):
            began = time.monotonic()
            part = ids[at : at + AT_ONCE]
            entries = await self._source.entries(part)
            there = {entry.id: entry.version for entry in entries}
            gone = [id for id in part if id not in there]
            self._is_uncommitted = True
            await asyncio.to_thread(self.index.replace, entries, gone)
            self._known |= there
            if self._heard:
                self._heard(entries)
            for id in gone:
                self._known.pop(id, None)
            uncommitted += len(part)
            if uncommitted >= COMMIT_AFTER or at + AT_ONCE >= len(ids):
                await self._commit()
                uncommitted = 0
            if at + AT_ONCE < len(ids):
                await asyncio.sleep(time.monotonic() - began)

    async def _commit(self) -> None:
        await asyncio.to_thread(self.index.commit)
        self._is_uncommitted = False
