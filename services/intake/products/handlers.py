"""Keeping the records of products, and knowing all of them."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from services.intake.products.catalog import Products
from services.intake.products.domain import MOST_PRODUCTS, AlreadyRecorded, LimitReached, Product, new_product
from services.intake.products.store import ProductStore
from shared.cache import Cache
from shared.domain import Aggregate, NotFound, Origin
from shared.events import Event
from shared.mongo import DuplicateKey
from shared.service import Now
from shared.store import Store

A = TypeVar("A", bound=Aggregate)
FRESH_FOR = 2.0  # seconds
AT_ONCE = 20  # that are read
BY_TIME = Origin.service("intake")


class InMemory(Generic[A]):
    """All aggregates of a store that has few, as they were at most two seconds ago; only those that were changed are
    read again. What this replica has changed is there at once, after `drop`. `lean` leaves out what nobody looks up."""

    def __init__(self, store: Store[A], lean: Callable[[A], A] = lambda one: one) -> None:
        self._store, self._lean = store, lean
        self._all: Sequence[A] = ()
        self._cache = Cache(self._read, FRESH_FOR)
        self.drop = self._cache.drop

    async def all(self) -> Sequence[A]:
        """The same object as long as nothing is changed."""
        return await self._cache.get()

    async def _read(self) -> Sequence[A]:
        rows = await self._store.rows({}, ("version",))
        known = {one.id: one for one in self._all}
        wanted = [row["id"] for row in rows if row["id"] not in known or known[row["id"]].version != row["version"]]
        for at in range(0, len(wanted), AT_ONCE):
            found = await self._store.where({"_id": {"$in": wanted[at : at + AT_ONCE]}})
            known |= {one.id: self._lean(one) for one in found}
        if wanted or len(rows) != len(self._all):
            self._all = [known[row["id"]] for row in rows if row["id"] in known]
        return self._all


@dataclass
class ProductHandlers:
    """Each process keeps all products in memory. `zone` is by whose clocks a version goes live."""

    store: ProductStore
    zone: ZoneInfo
    now: Now

    def __post_init__(self) -> None:
        self._all = InMemory(self.store)
        self._known = Products()

    async def known(self) -> Products:
        if (found := await self._all.all()) is not self._known.all:
            self._known = Products(found)
        return self._known

    async def add(self, facts: dict[str, object], by: Origin) -> Product:
        """With the same key it is added once. Two who add the last one at the same moment may both do so. Raises
        AlreadyRecorded, LimitReached, Invalid."""
        new = new_product(id_of_request(Product.prefix, by), facts, by.actor, self.now())
        if not by.key or await self.store.find(new.id) is None:
            if taken := await self.store.holders(new.keys):
                raise _taken(taken)
            if await self.store.count({}) >= MOST_PRODUCTS:
                raise LimitReached(
                    f"There can be at most {MOST_PRODUCTS} products", f"最多可以有 {MOST_PRODUCTS} 个产品"
                )
        new.plan(self.zone)
        added = await self.store.add(new, new.newly_released((), self.now()), by)
        self._all.drop()
        return added

    async def amend(self, id: str, facts: dict[str, object], by: Origin) -> Product:
        """Raises NotFound, AlreadyRecorded, Stale, Invalid."""
        wanted: list[str] = []

        def decide(product: Product) -> list[Event]:
            before = product.versions
            events = product.amend(facts)
            wanted[:] = product.keys
            product.plan(self.zone)
            return [*events, *product.newly_released(before, self.now())]

        try:
            found = await self.store.change(id, decide, by)
        except DuplicateKey:
            raise _taken([one for one in await self.store.holders(wanted) if one != id]) from None
        self._all.drop()
        return found

    async def announce_due(self, ids: Sequence[str]) -> None:
        """A version of each of these goes live soon."""
        for id in ids:
            with suppress(NotFound):
                await self.store.change(id, partial(Product.announce, now=self.now(), zone=self.zone), BY_TIME)


def id_of_request(prefix: str, by: Origin) -> str:
    """What a request with a key makes has the same id each time."""
    return f"{prefix}{hashlib.sha256((by.key or uuid4().hex).encode()).hexdigest()[:16]}"


def _taken(ids: list[str]) -> AlreadyRecorded:
    named = "、".join(ids)
    return AlreadyRecorded(
        f"A product already has this key or name: {', '.join(ids)}", f"已有产品使用此标识或名称：{named}"
    )
