"""Time: what is due is fired to the moment, in its order, by whichever replica has the share that it falls into."""

import asyncio
import logging
import math
import time
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from operator import itemgetter
from typing import Any
from uuid import uuid4

from shared.mongo import Database, insert_new, is_transient
from shared.store import Store
from shared.telemetry import untraced
from shared.terms import EARLIEST

logger = logging.getLogger(__name__)
Fire = Callable[[Sequence[str]], Awaitable[object]]
LOOK_AHEAD = timedelta(seconds=35)
LOOK_EVERY = timedelta(seconds=15)
IDLE_LOOK_EVERY = timedelta(seconds=30)  # while nothing is due so soon
LOOKS = 10  # times as long as a look takes it is not done again
LEAD = timedelta(seconds=5)  # before something is due the shares are divided
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
        now = self._now()
        lease = {"of": self._name, "holder": self._me, "until": now + LEASE}
        renewed = await self._docs.update_many({"of": self._name, "holder": self._me}, {"$set": lease})
        if not renewed.matched_count:  # so that the others know of us and leave us some
            await insert_new(self._docs, [{"_id": f"{self._name}/{self._me}", **lease}])
        there = {doc["_id"]: doc async for doc in self._docs.find({"of": self._name})}
        if gone := [id for id, doc in there.items() if doc["until"] < now - FORGOTTEN_AFTER]:  # of processes killed
            await self._docs.delete_many({"_id": {"$in": gone}, "until": {"$lt": now - FORGOTTEN_AFTER}})
            there = {id: doc for id, doc in there.items() if id not in gone}
        others = {doc["holder"] for doc in there.values() if doc["until"] > now and doc["holder"] != self._me}
        fair = math.ceil(SHARES / (1 + len(others)))
        mine = [n for n in range(SHARES) if there.get(self._id(n), {}).get("holder") == self._me]
        if given_up := mine[fair:]:
            ids = [self._id(n) for n in given_up]
            await self._docs.delete_many({"_id": {"$in": ids}, "holder": self._me})
        free = [n for n in range(SHARES) if (doc := there.get(self._id(n))) is None or doc["until"] <= now]
        if wanted := [n for n in free if n not in mine][: max(fair - len(mine), 0)]:
            return frozenset(mine[:fair]) | await self._take(wanted, there, lease)
        return frozenset(mine[:fair])

    async def _take(self, shares: list[int], there: Mapping[str, object], lease: dict[str, Any]) -> frozenset[int]:
        """Those of them that nobody else took meanwhile."""
        ids = {self._id(n): n for n in shares}
        if new := [{"_id": id, **lease} for id in ids if id not in there]:
            await insert_new(self._docs, new)
        over = {"_id": {"$in": list(ids)}, "until": {"$lte": self._now()}}
        await self._docs.update_many(over, {"$set": lease})
        taken = self._docs.find({"_id": {"$in": list(ids)}, "holder": self._me})
        return frozenset([ids[doc["_id"]] async for doc in taken])

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
    _ahead: dict[str, datetime] = field(default_factory=dict)  # what comes due until `_known_until`
    _known_until: datetime | None = None
    _changed: dict[str, datetime | None] = field(default_factory=dict)  # by this process, since the look began
    _looked_at: datetime = EARLIEST
    _look_again: datetime = EARLIEST
    _soonest: timedelta = LEASE / 2  # after a look, and where that took long, because there are very many, later
    _wakes_at: datetime | None = None
    _failed: dict[str, tuple[int, datetime]] = field(default_factory=dict)  # how often, and not again before

    def __post_init__(self) -> None:
        self.store.due_changed = self._due_changed
        self.store.look_again = self._look_now

    def _look_now(self) -> None:
        self._look_again = EARLIEST
        self._woken.set()

    def _due_changed(self, id: str, due_at: datetime | None) -> None:
        """By this process."""
        self._changed[id] = due_at
        self._take_over(id, due_at)
        if due_at is not None and (self._wakes_at is None or due_at < self._wakes_at):
            self._woken.set()

    def _take_over(self, id: str, due_at: datetime | None) -> None:
        if due_at is None or self._known_until is None or due_at > self._known_until:
            self._ahead.pop(id, None)
        else:
            self._ahead[id] = due_at
            self._look_again = min(self._look_again, self._looked_at + LOOK_EVERY)  # it may get a share of others' now

    async def run(self) -> None:
        while True:
            try:
                pause = await (self.turn() if self.now() >= self._look_again else self._fire_due())
            except Exception as error:  # a clock must not die with the database's connection
                logger.warning("the timer of %s will check again: %s", self.store.name, error)
                self._look_again = EARLIEST
                pause = AFTER_OUTAGE if is_transient(error) else 1.0
            try:
                await asyncio.wait_for(self._woken.wait(), pause)
            except TimeoutError:
                continue

    async def turn(self) -> float:
        """Look ahead, and fire what is due and ours; returns the seconds until the next check."""
        await self._look()
        return await self._fire_due()

    async def _look(self) -> None:
        """What others have changed since the last look is seen now."""
        began, now = time.monotonic(), self.now()
        self._changed.clear()
        rows = await self.store.due(now + LOOK_AHEAD)
        self._known_until, self._looked_at = now + LOOK_AHEAD, now
        self._look_again = now + (LOOK_EVERY if rows else IDLE_LOOK_EVERY)
        self._ahead = {id: due_at for due_at, id in rows}
        for id, due_at in self._changed.items():
            self._take_over(id, due_at)
        self._soonest = max(LEASE / 2, LOOKS * timedelta(seconds=time.monotonic() - began))

    async def _fire_due(self) -> float:
        self._woken.clear()
        now = self.now()
        self._wakes_at = now + LOOK_AHEAD
        before = dict(sorted(self._ahead.items(), key=itemgetter(1)))
        due = [id for id, due_at in before.items() if due_at <= now]
        later = list(before.values())[len(due) :]
        self._failed = {id: self._failed[id] for id in due if id in self._failed}
        left = {id: share_of(id) for id in due if self._failed.get(id, (0, now))[1] <= now}
        waiting: list[datetime] = []
        while left:
            shares = await self.shares.mine()
            batch = list(islice((id for id, share in left.items() if share in shares), AT_ONCE))
            if not batch:
                waiting.append(now + LEASE / 2)  # whoever has them may be gone, or be done with them
                self._look_again = min(self._look_again, now + self._soonest)
                break
            await self._fire(batch)
            for id in batch:
                del left[id]
                if id not in self._failed and self._ahead.get(id) == before[id]:  # else it was moved
                    del self._ahead[id]
        waiting += [self._look_again, *later[:1], *(at for _, at in self._failed.values())]
        if later and later[0] <= now + LEAD:  # so that it is known whose they are when their time comes
            await self.shares.mine()
            waiting.append(self.now() + timedelta(seconds=RENEW_EVERY))
        self._wakes_at = min(waiting)
        return max((self._wakes_at - self.now()).total_seconds(), 0.0)

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
