"""The vectors of what is in an index, made in the background, and what a question finds by them besides its words.

They are made of the store alone, like the index: what is put into that is embedded soon after, and now and then all is
compared, which tells what a process that was killed had not embedded yet, and what is there no more. They have names
made of the texts, so an index that is built anew finds those that there are.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from shared.search.embedder import Embedder, NotYet, NoVector, model_label
from shared.search.entries import Entry, Wanted
from shared.search.follower import Follower, Source
from shared.search.index import Broken, Index
from shared.search.likest import Alike
from shared.search.mixing import likeness, mixed
from shared.search.vectors import Meaning, Vectors, key_of
from shared.tasks import cancel_all

logger = logging.getLogger(__name__)
CANDIDATES = 150  # of each side
MOST_WAITING = 2_000  # texts in memory
READ_AT_ONCE = 100  # entries
ALL_EVERY = 900.0  # seconds
AGAIN_AFTER = 5.0
MOST_ATTEMPTS = 3


def by_both(
    index: Index, vectors: Vectors, by_words: Sequence[Alike], question: Meaning, wanted: Wanted, limit: int
) -> list[Alike]:
    """Of what has the words, and of what means the same, the best first. Takes its time. Raises Broken."""
    cosines = index.closest(vectors, question, wanted, CANDIDATES)
    others = [one for one in by_words if one.id not in cosines]
    known = vectors.likeness(question, [one.meaning for one in others])
    cosines |= {one.id: known[one.meaning] for one in others if one.meaning in known}
    words = {one.id: one for one in by_words}
    found: list[Alike] = []
    least = 0.0
    for id in reversed(list(mixed({one.id: one.bm25 for one in by_words}, cosines, question.share))[:limit]):
        one, alike = words.get(id) or Alike(id, 0.0, 0.0), likeness(cosines.get(id, 0.0))
        least = max(least, one.score, alike)  # what stands before another is no less alike
        found.append(replace(one, score=least, by_meaning=alike))
    return found[::-1]


class Meanings:
    def __init__(self, index: Index, source: Source, embedder: Embedder) -> None:
        self._index, self._source, self._embedder = index, source, embedder
        self._vectors: Vectors | None = None
        self._waiting: dict[int, str] = {}
        self._is_behind = True  # more than what waits may be unknown
        self._next_all = 0.0
        self._unused: set[int] = set()
        self._failed: dict[int, int] = {}
        self._woken, self._idle = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._follower: Follower | None = None

    def start(self, follower: Follower) -> None:
        self._follower = follower
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task:
            await cancel_all([self._task])
        await self._embedder.stop()

    def heard(self, entries: Sequence[Entry]) -> None:
        """What was put into the index."""
        for one in entries:
            if one.meaning and len(self._waiting) < MOST_WAITING:
                self._waiting[key_of(one.meaning)] = one.meaning
            elif one.meaning:
                self._is_behind = True
        self._idle.clear()
        self._woken.set()

    async def caught_up(self, within: float) -> bool:
        """Wait so many seconds until all that is in the index has its vector; whether it is so."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._idle.wait()
        return self._idle.is_set()

    async def of_question(self, text: str) -> Meaning | None:
        """None while there is nothing to compare it with, or when it is not there in time."""
        return await self.of_text(text) if self._vectors else None

    async def of_text(self, text: str) -> Meaning | None:
        """None when it is not there in time."""
        return await self._embedder.of_question(text)

    def best(self, by_words: Sequence[Alike], question: Meaning, wanted: Wanted, limit: int) -> list[Alike]:
        """See `by_both`."""
        vectors = self._vectors
        if vectors is None:
            return list(by_words[:limit])
        return by_both(self._index, vectors, by_words, question, wanted, limit)

    # ---- in the background

    async def _run(self) -> None:
        if self._follower:
            await self._follower.opened.wait()  # only then the index has a folder
        while True:
            wait = ALL_EVERY
            self._woken.clear()
            try:
                await self.refresh()
            except NoVector:
                wait = AGAIN_AFTER
            except Broken as error:
                logger.warning("searching without the newest meanings: %s", error)
                wait = AGAIN_AFTER
            except Exception:
                logger.exception("meanings cannot be kept up")
                wait = AGAIN_AFTER
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._woken.wait()

    async def refresh(self) -> None:
        """Embed what is not embedded. Raises NoVector, Broken, OSError, and what the store raises."""
        if self._vectors is None:
            self._vectors = await asyncio.to_thread(Vectors, self._index.folder / "vectors", model_label())
        vectors = self._vectors
        if time.monotonic() >= self._next_all:
            self._is_behind, self._next_all = True, time.monotonic() + ALL_EVERY
        await self._embed(vectors)
        before = -1
        while self._is_behind and before < len(vectors):  # what cannot be read is left for the next time
            before = len(vectors)
            ids, used = await asyncio.to_thread(self._index.unknown, vectors, MOST_WAITING)
            self._is_behind = len(ids) == MOST_WAITING
            if not self._is_behind:
                await self._forget(vectors, used)
            for at in range(0, len(ids), READ_AT_ONCE):
                self.heard(await self._source.entries(ids[at : at + READ_AT_ONCE]))
            await self._embed(vectors)
        if not self._waiting:
            self._idle.set()

    async def _embed(self, vectors: Vectors) -> None:
        while self._waiting:
            key, text = next(iter(self._waiting.items()))
            if key not in vectors:
                began = time.monotonic()
                try:
                    vector = await self._embedder.of_passage(text)
                except NotYet:
                    raise
                except NoVector:
                    self._put_off(key)
                    raise
                await asyncio.to_thread(vectors.add, key, vector)
                await asyncio.sleep(time.monotonic() - began)  # half of a core, and questions come in between
            self._waiting.pop(key, None)

    def _put_off(self, key: int) -> None:
        """Others first, lest one text keep all from being embedded; after some attempts not before all is compared."""
        text = self._waiting.pop(key)
        self._failed[key] = self._failed.get(key, 0) + 1
        if self._failed[key] % MOST_ATTEMPTS:
            self._waiting[key] = text

    async def _forget(self, vectors: Vectors, used: set[int]) -> None:
        """What nothing has had for as long as between two comparisons: what was just put in may not be seen yet."""
        unused = vectors.keys() - used
        if self._follower and self._follower.is_complete:
            if gone := unused & self._unused:
                await asyncio.to_thread(vectors.remove, gone)
            self._unused = unused
