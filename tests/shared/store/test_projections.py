"""What is said of a store as a whole: that it is made of events alone, or that it never tells anything."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI

from shared.domain import Aggregate, Origin
from shared.events import TicketLinked
from shared.outbox import Outgoing
from shared.service import Runtime, serve
from shared.store import MILLISECOND, Store
from shared.testing import NOON, Servers, World, running

ME = Origin("me")


class Copy(Aggregate):
    word: str = ""


class Copies(Store[Copy]):
    kind = Copy
    projection = True


class Original(Aggregate):
    word: str = ""


class Originals(Store[Original]):
    kind = Original


class Mute(Aggregate):
    word: str = ""


class Mutes(Store[Mute]):
    kind = Mute
    projection = True
    has_outbox = False


def create_app(runtime: Runtime) -> FastAPI:
    return serve("store", lambda runtime: [runtime.store(kind) for kind in KINDS], [], {}, runtime)


KINDS: tuple[type[Store[Any]], ...] = (Copies, Originals, Mutes)


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


def told(revision: int, subject: str = "N-1") -> TicketLinked:
    return TicketLinked(subject=subject, time=NOON, to=["word"], revision=revision)


async def test_what_is_built_again_is_not_older_than_when_it_told_something(world: World) -> None:
    copies, originals, mutes = world.runtimes["store"].stores
    for store in (copies, originals, mutes):
        await store.add(store.kind(id="N-1"), [], ME)
    for revision, version in ((7, 7), (3, 7), (8, 8)):
        for store in (copies, originals, mutes):
            await store.raise_version(told(revision))
        assert (await copies.get("N-1")).version == version
    await copies.raise_version(told(9, "N-2"))
    assert await copies.count({}) == 1
    assert [(await store.get("N-1")).version for store in (originals, mutes)] == [1, 1]
    await copies.change("N-1", lambda copy: [told(0)], ME)
    await world.settle()
    [next] = world.published(TicketLinked)
    assert (next.revision, next.ordered_at) == (9, NOON + MILLISECOND)


async def test_what_tells_nobody_is_not_looked_through_for_what_was_left_behind(world: World) -> None:
    runtime = world.runtimes["store"]
    left = {"_handled": [], "_bytes": 0, "version": 1, "word": "", "_unsent": "2026-03-02T03/N-1/1"}
    for name in ("copy", "mute"):
        out = Outgoing.of(told(1, name)).dump()
        await runtime.database[name].insert_one({"_id": name, **left, "_outbox": [out]})
    assert await runtime.sender.sweep(world.now()) == 1
    await world.settle()
    assert [event.subject for event in world.published(TicketLinked)] == ["copy"]
    indexed = {name: "_unsent_1" in await runtime.database[name].index_information() for name in ("copy", "mute")}
    assert indexed == {"copy": True, "mute": False}
