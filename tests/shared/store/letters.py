"""A store made for the tests of lists."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import FastAPI
from pydantic import AwareDatetime

from shared.domain import Aggregate, Origin
from shared.mongo import Database
from shared.outbox import Sender
from shared.service import Runtime, serve
from shared.store import ByNumber, ByText, EarliestFirst, Index, NewestFirst, Order, Store
from shared.testing import NOON

ME = Origin("me")


MANY = 230


class Letter(Aggregate):
    owner: str = ""
    box: str = ""
    at: AwareDatetime
    number: int
    rank: str

    @property
    def ranked(self) -> str:
        return self.rank


class Letters(Store[Letter]):
    kind = Letter
    has_outbox = False
    indexes = (
        *(Index((key,)) for key in ("at", "number", "rank")),
        *(Index(("owner", k)) for k in ("at", "number")),
        Index(("owner", "box", "rank")),
    )

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest = NewestFirst("at", now)
        self.oldest = EarliestFirst("at", now)
        self.numbered = ByNumber("number")
        self.ranked = ByText("rank", "1")

    def orders(self) -> dict[str, Order]:
        return {"newest": self.newest, "oldest": self.oldest, "numbered": self.numbered, "ranked": self.ranked}


def create_app(runtime: Runtime) -> FastAPI:
    return serve("store", lambda runtime: runtime.store(Letters), [], {}, runtime)


def letter(number: int) -> Letter:
    """Several at each moment, some long ago; every tenth has no rank that counts."""
    ago = timedelta(minutes=number // 4) if number % 3 else timedelta(days=number * 9)
    rank = "" if number % 10 == 0 else f"{number % 3 + 1} {number * 7919 % 1000:03}"
    owner = f"u-{number % 5}" if number < 200 else "u-rare"
    return Letter(
        id=f"L-{number * 7919 % 1000:03}",
        owner=owner,
        box=("in", "out")[number % 2],
        at=NOON - ago,
        number=number + 1,
        rank=rank,
    )


async def fill(letters: Letters, start: int, end: int) -> None:
    for number in range(start, end):
        await letters.add(letter(number), [], ME)


async def pages(letters: Letters, query: Mapping[str, Any], order: Order, limit: int) -> list[str]:
    seen: list[str] = []
    after = None
    while True:
        page, after = await letters.page(query, order, after, limit)
        assert len(page) <= limit
        seen += [one.id for one in page]
        if after is None:
            return seen
        assert len(page) == limit


def truth(query: Mapping[str, Any], name: str) -> list[str]:
    def fits(one: Letter) -> bool:
        return all(getattr(one, k) in (v if isinstance(v, list) else [v]) for k, v in query.items())

    every = [one for one in map(letter, range(MANY)) if fits(one)]
    if name in ("newest", "oldest"):
        return [one.id for one in sorted(every, key=lambda one: (one.at, one.id), reverse=name == "newest")]
    if name == "numbered":
        return [one.id for one in sorted(every, key=lambda one: one.number)]
    return [one.id for one in sorted(every, key=lambda one: (one.rank, one.id)) if one.rank]
