"""Time: what is due is fired to the moment, in its order, by whichever replica has the share that it falls into."""

import asyncio
import logging
import math
import time
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from shared.mongo import Database, DuplicateKey, is_transient
from shared.store import Store
from shared.telemetry import untraced

logger = logging.getLogger(__name__)
Fire = Callable[[Sequence[str]], Awaitable[object]]
LOOK_AHEAD = timedelta(seconds=15)
AT_ONCE = 100  # fired together
SHARES = 16  # what is due is divided into
LEASE = timedelta(seconds=6)  # how long a share stays with a replica that does not renew it
FORGOTTEN_AFTER = timedelta(hours=1)
RENEW_EVERY = 2.0  # seconds, while something is due
AFTER_OUTAGE = 3.0  # seconds: who was at work when the database went away writes down first what came of it
LONGEST_WAIT = timedelta(minutes=5)  # for one that fails again and again


class Shares:
    """Which shares of the work are this replica's: leases in the database, taken up only while something is due. Two
    that both believe to have one do the same work twice, which the store makes once."""

    def __init__(self, database: Database, name: str, now: Callable[[], datetime]) -> None:
        self._docs = database["lease"]
        self._inserts = database.inserts("lease")
        self._name = name
        self._now = now
        self._me = uuid4().hex[:12]
        self._mine: frozenset[int] = frozenset()
        self._asked = -math.inf

    async def mine(self) -> frozenset[int]:
        if time.monotonic() - self._asked >= RENEW_EVERY:
            with untraced():
                self._mine = await self._divide()
            self._asked = time.monotonic()
        return self._mine

    async def release(self) -> None:
        """The others need not wait until the leases are over."""
        if self._mine:
            with untraced():
                await self._docs.delete_many({"of": self._name, "holder": self._me})

    async def _divide(self) -> frozenset[int]:
        now, until = self._now(), self._now() + LEASE
        there = {doc["_id"]: doc async for doc in self._docs.find({"of": self._name})}
        if gone := [id for id, doc in there.items() if doc["until"] < now - FORGOTTEN_AFTER]:  # of processes killed
            await self._docs.delete_many({"_id": {"$in": gone}, "until": {"$lt": now - FORGOTTEN_AFTER}})
            there = {id: doc for id, doc in there.items() if id not in gone}
        others = {doc["holder"] for doc in there.values() if doc["until"] > now and doc["holder"] != self._me}
        fair = math.ceil(SHARES / (1 + len(others)))
        await self._docs.update_many({"of": self._name, "holder": self._me}, {"$set": {"until": until}})
        if f"{self._name}/{self._me}" not in there:  # so that the others know of us and leave us some
            await self._take(f"{self._name}/{self._me}", None, until)
        mine = {n for n in range(SHARES) if there.get(self._id(n), {}).get("holder") == self._me}
        for n in sorted(mine)[fair:]:
            await self._docs.delete_one({"_id": self._id(n), "holder": self._me})
            mine.discard(n)
        for n in range(SHARES):
            if len(mine) >= fair:
                break
            before = there.get(self._id(n))
            if (before is None or before["until"] <= now) and await self._take(self._id(n), before, until):
                mine.add(n)
        return frozenset(mine)

    async def _take(self, id: str, before: dict[str, Any] | None, until: datetime) -> bool:
        new = {"of": self._name, "holder": self._me, "until": until}
        if before:
            seen = {"_id": id, "holder": before["holder"], "until": before["until"]}
            return bool((await self._docs.update_one(seen, {"$set": new})).matched_count)
        try:
            await self._inserts.insert({"_id": id, **new})
        except DuplicateKey:
            return False
        return True

    def _id(self, share: int) -> str:
        return f"{self._name}/{share}"


@dataclass
class Timer:
    """Looks a little ahead and sleeps until the next moment. `fire` is given ids whose `due_at` has come; it must move
    or clear them, and find nothing to do where that has happened."""

    store: Store[Any]
    fire: Fire
    now: Callable[[], datetime]
    shares: Shares
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _next: datetime | None = None
    _failed: dict[str, tuple[int, datetime]] = field(default_factory=dict)  # how often, and not again before

    def __post_init__(self) -> None:
        self.store.due_changed = self._due_changed

    def _due_changed(self, due_at: datetime) -> None:
        if self._next is None or due_at < self._next:
            self._woken.set()

    async def run(self) -> None:
        while True:
            try:
                pause = await self.turn()
            except Exception as error:  # a clock must not die with the database's connection
                logger.warning("the timer of %s will check again: %s", self.store.name, error)
                pause = AFTER_OUTAGE if is_transient(error) else 1.0
            try:
                await asyncio.wait_for(self._woken.wait(), pause)
            except TimeoutError:
                continue

    async def turn(self) -> float:
        """Fire what is due and ours; returns the seconds until the next check."""
        self._woken.clear()
        now = self.now()
        self._next = now + LOOK_AHEAD
        rows = await self.store.due(self._next)
        due = [id for due_at, id in rows if due_at <= now]
        later = [due_at for due_at, _ in rows if due_at > now]
        self._failed = {id: self._failed[id] for id in due if id in self._failed}
        waiting = [at for _, at in self._failed.values() if at > now]
        left = [(id, share_of(id)) for id in due if self._failed.get(id, (0, now))[1] <= now]
        while left:
            shares = await self.shares.mine()
            batch = [id for id, share in left if share in shares][:AT_ONCE]
            if not batch:
                waiting.append(now + LEASE / 2)  # in case whoever has them is gone
                break
            await self._fire(batch)
            done = set(batch)
            left = [(id, share) for id, share in left if id not in done]
        waiting += [at for _, at in self._failed.values()]
        self._next = min([self._next, *later[:1], *waiting])
        return max((self._next - self.now()).total_seconds(), 0.0)

    async def _fire(self, ids: list[str]) -> None:
        """Together, and where that fails one by one: one that fails holds up no other, and waits longer each time."""
        try:
            await self.fire(ids)
        except Exception as error:
            if is_transient(error):
                raise
            if len(ids) > 1:
                for id in ids:
                    await self._fire([id])
                return
            tries = self._failed.get(ids[0], (0, self.now()))[0] + 1
            wait = min(timedelta(seconds=2 ** min(tries, 10)), LONGEST_WAIT)
            self._failed[ids[0]] = (tries, self.now() + wait)
            logger.exception("%s %s is due and failed, try %d", self.store.name, ids[0], tries)
        else:
            for id in ids:
                self._failed.pop(id, None)


def share_of(id: str) -> int:
    return zlib.crc32(id.encode()) % SHARES
