"""What a replica knows of what others change."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from services.kb.app import Kb, create_app
from services.kb.articles.domain import Article
from services.kb.articles.store import Articles
from services.kb.search.catalog import SearchCatalog
from services.kb.search.indexed_store import CHANGES
from services.kb.search.settings import SearchSettings
from shared.bus import Bus
from shared.domain import Origin
from shared.events import SearchCases
from shared.mongo import TRANSIENT_ERRORS, Database
from shared.service import Runtime
from shared.testing import NOON, World, settings_of
from tests.kb.scene import PROBLEM, TICKET, completed, kb_of, published_article, reopened

QUESTION = SearchCases(text=PROBLEM.title)


@dataclass
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def replica(world: World, clock: Clock) -> AsyncIterator[Kb]:
    """A second process over the same database, that gets nothing from the bus."""
    settings = settings_of(world.servers, world.prefix)
    database = Database.open(world.servers.mongo_url, f"{world.prefix}_kb", world.servers.driver)
    bus = Bus(world.servers.nats_url, "kb", world.prefix)
    kb: Kb = create_app(Runtime("kb", settings, database, bus, now=world.now)).state.service
    use(kb, clock, refresh_timeout=20)
    yield kb
    await kb.search.catalog.stop()
    await database.close()


def use(kb: Kb, clock: Clock, **settings: Any) -> None:
    catalog = SearchCatalog(kb.articles.store, kb.cases.store, SearchSettings(**settings), clock)
    object.__setattr__(kb.search, "catalog", catalog)


async def suggested(kb: Kb, clock: Clock, after: float = 3) -> list[str]:
    """What a search finds a little later."""
    clock.seconds += after
    return [one.article for one in (await kb.search.suggest(QUESTION)).suggestions]


async def test_a_replica_finds_what_another_published_and_loses_what_it_took_away(
    world: World, replica: Kb, clock: Clock
) -> None:
    await replica.search.catalog.start()
    id = await published_article(world)
    assert await suggested(replica, clock) == [id]
    await world.publish(reopened())
    assert await suggested(replica, clock) == []


async def test_a_new_process_knows_everything(world: World, replica: Kb) -> None:
    id = await published_article(world)
    await replica.search.catalog.start()
    question = SearchCases(text=PROBLEM.title, fingerprints=["f-export"])
    [found] = (await replica.search.suggest(question)).suggestions
    assert (found.article, found.exact) == (id, True)
    assert [case.ticket for case in await replica.search.cases("导出Excel", 5)] == [TICKET]


async def test_a_search_goes_on_with_what_it_has_when_the_database_is_away(
    world: World, replica: Kb, clock: Clock
) -> None:
    id = await published_article(world)
    await replica.search.catalog.start()
    away = Database.open("mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=100", "kb", world.servers.driver)
    replica.search.catalog.articles.source = Articles(away, world.runtimes["kb"].sender, world.now)
    assert await suggested(replica, clock) == [id]
    await away.close()


async def test_a_search_goes_on_with_what_it_has_when_a_document_cannot_be_read(
    world: World, replica: Kb, clock: Clock
) -> None:
    id = await published_article(world)
    await replica.search.catalog.start()
    await world.publish(completed("TK-2026-000002", article=id))
    await kb_of(world).cases.store._docs.update_one({"_id": "TK-2026-000002"}, {"$set": {"state": "of another planet"}})
    assert await suggested(replica, clock) == [id]


async def fill(world: World, count: int, positions: range | None = None) -> None:
    """Cases as another replica writes them, each with its position in the sequence of changes."""
    kb = kb_of(world)
    await world.publish(completed())
    pattern = await kb.cases.store._docs.find_one({"_id": TICKET})
    docs = [
        {**pattern, "_id": f"TK-2025-{n:06d}", "_place": position}
        for n, position in enumerate(positions or range(2, count + 2), 1)
    ]
    for start in range(0, count, 1000):
        await kb.cases.store._docs.insert_many(docs[start : start + 1000])
    await kb.cases.store._docs.database["counter"].update_one({"_id": CHANGES}, {"$set": {"value": docs[-1]["_place"]}})


async def test_however_short_a_search_waits_the_catalog_catches_up_with_any_number_of_changes(
    world: World, replica: Kb, clock: Clock
) -> None:
    use(replica, clock, refresh_timeout=0)
    catalog = replica.search.catalog
    await catalog.load()
    await fill(world, 5000)
    searches = 0
    while len(catalog.cases.index) < 5001:
        await suggested(replica, clock)  # waits for nothing
        await asyncio.sleep(0.01)
        searches += 1
        assert searches < 5000
    assert searches > 10  # they were answered meanwhile


async def test_a_page_that_fails_costs_no_page_that_was_read(world: World, replica: Kb, clock: Clock) -> None:
    use(replica, clock, refresh_timeout=20, page_size=100)
    await fill(world, 1000)
    catalog, read = replica.search.catalog, replica.search.catalog._follower.read
    pages: list[int] = []

    async def fails_after_one_page(after: int, until: int, new: bool) -> int:
        if len(pages) % 2:
            pages.append(-1)
            raise TRANSIENT_ERRORS[0]("too slow")
        pages.append(after)
        return await read(after, until, new)

    catalog._follower.read = fails_after_one_page
    for _ in range(30):
        await suggested(replica, clock)
        if len(catalog.cases.index) == 1001:
            break
    read_from = [after for after in pages if after >= 0]
    assert read_from[:11] == list(range(0, 1100, 100))


async def test_a_change_that_becomes_visible_after_later_ones_is_found(world: World, replica: Kb, clock: Clock) -> None:
    await replica.search.catalog.load()
    kb = kb_of(world)
    early = await kb.articles.store.sequences.next(CHANGES)  # another process has taken it and is stopped here
    id = await published_article(world)
    assert await suggested(replica, clock) == [id]
    await kb.articles.store._docs.update_one({"_id": id}, {"$set": {"_place": early, "live_revision": 0, "version": 9}})
    assert await suggested(replica, clock, 30) == []


async def test_a_change_far_behind_is_found_when_its_position_has_settled(
    world: World, replica: Kb, clock: Clock
) -> None:
    use(replica, clock, refresh_timeout=20, page_size=10, settle_seconds=60)
    await replica.search.catalog.load()
    id = await published_article(world)
    position = (await kb_of(world).articles.store.get(id))._position
    assert await suggested(replica, clock) == [id]
    await fill(world, 50, range(position + 1, position + 51))
    await suggested(replica, clock)
    change = {"live_revision": 0, "version": 9}  # at its position, which is no longer on the last page
    await kb_of(world).articles.store._docs.update_one({"_id": id}, {"$set": change})
    assert await suggested(replica, clock, 20) == [id]
    assert await suggested(replica, clock, 60) == []


async def test_what_a_process_of_the_first_release_wrote_is_found_and_listed(
    world: World, replica: Kb, clock: Clock
) -> None:
    id = await published_article(world)
    await kb_of(world).articles.store._docs.update_one(
        {"_id": id}, {"$unset": {"_place": "", "_row": ""}, "$set": {"number": 7}}
    )
    await replica.search.catalog.start()
    assert await suggested(replica, clock) == [id]
    found, _ = await replica.articles.store.page({}, replica.articles.store.oldest_first, None, 10)
    assert [one.id for one in found] == [id]
    await kb_of(world).articles.store._docs.update_one({"_id": id}, {"$set": {"live_revision": 0, "version": 9}})
    assert await suggested(replica, clock, 1000) == []


async def test_another_database_is_read_from_its_beginning(world: World, replica: Kb, clock: Clock) -> None:
    await published_article(world)
    await replica.search.catalog.start()
    kb = kb_of(world)
    for docs in (kb.articles.store._docs, kb.cases.store._docs):
        await docs.delete_many({})
    counters = kb.articles.store._docs.database["counter"]
    await counters.delete_many({})
    assert await suggested(replica, clock) == []
    assert len(replica.search.catalog.cases.index) == 0


async def test_a_refresh_when_nothing_has_changed_is_one_question(world: World, replica: Kb, clock: Clock) -> None:
    await published_article(world)
    await replica.search.catalog.start()
    await suggested(replica, clock, 100)
    asked = []

    async def counted(after: int, until: int, new: bool) -> int:
        asked.append((after, until))
        return 0

    replica.search.catalog._follower.read = counted
    await suggested(replica, clock)
    assert asked == []


async def test_a_reuse_and_a_draft_are_no_change_of_what_can_be_found(world: World) -> None:
    id, kb = await published_article(world), kb_of(world)
    before = await kb.articles.store.sequences.last(CHANGES)
    await kb.articles.change(
        id, partial(Article.reuse, ticket="TK-2026-000009", by="e-chen", details="", now=NOON), Origin("e-chen")
    )
    await kb.articles.write((await kb.articles.store.get(id)).latest.content, "e-chen", Origin("e-chen"))
    assert await kb.articles.store.sequences.last(CHANGES) == before


async def test_numbers_are_taken_one_by_one_by_all_replicas(world: World, replica: Kb) -> None:
    orders = [kb_of(world).articles.store.sequences, replica.articles.store.sequences]
    taken = await asyncio.gather(*(orders[n % 2].next("test") for n in range(60)))
    assert sorted(taken) == list(range(1, 61))
