"""What each replica's index knows of what is changed, here and elsewhere, and what becomes of it at a restart."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.command.services import reindex
from services.kb.app import Kb, create_app
from shared.events import KbArticleDrafted, SearchCases
from shared.testing import NOON, Servers, World, running
from tests.kb.scene import PROBLEM, TICKET, completed, indexed, kb_of, publish, published_article, reopened

TWO = "kb-2"
QUESTION = SearchCases(text=PROBLEM.title)


@pytest.fixture
async def world(servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Two replicas that look for changes of others when they are asked to, and keep their indexes."""
    monkeypatch.setenv("BIHUAN_SEARCH_SECONDS", "60")
    monkeypatch.setenv("BIHUAN_SEARCH_FOLDER", str(tmp_path))
    async with running(servers, create_app) as world:
        await world.start(create_app, "-2")
        yield world


def replica(world: World, name: str = TWO) -> Kb:
    kb: Kb = world.apps[name].state.service
    return kb


async def suggested(world: World, name: str = TWO) -> list[str]:
    return [one.article for one in (await replica(world, name).search.suggest(QUESTION)).suggestions]


async def test_a_replica_finds_what_another_published_and_loses_what_it_took_away(world: World) -> None:
    id = await published_article(world)
    await indexed(world, TWO)
    assert await suggested(world) == [id]
    await world.publish(reopened())
    await indexed(world, TWO)
    assert await suggested(world) == []


async def test_what_a_replica_publishes_itself_it_finds_at_once(world: World) -> None:
    id = await published_article(world)
    assert await suggested(world, "kb") == [id]


async def test_what_the_index_still_has_and_the_store_has_taken_away_is_not_shown(world: World) -> None:
    await published_article(world)
    await indexed(world, TWO)
    await world.publish(reopened())
    assert await suggested(world) == []


async def test_a_restart_takes_up_what_happened_meanwhile(world: World) -> None:
    first = await published_article(world)
    await indexed(world, TWO)
    await world.stop(TWO)
    await world.publish(reopened())
    world.time += timedelta(days=1)
    other = completed("TK-2026-000002", time=NOON + timedelta(days=1), fingerprints=("f-2",))
    second = await published_article(world, other)
    await world.start(create_app, "-2")
    assert await suggested(world) == [second] != [first]


async def test_drafts_are_read_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What must not be found is known all the same."""
    await world.publish(completed())
    await indexed(world, TWO)
    catalog = replica(world).search.catalog
    source = catalog.follower._source
    read: list[str] = []

    async def entries(ids: list[str]) -> list[object]:
        read.extend(ids)
        return []

    monkeypatch.setattr(type(source), "entries", lambda self, ids: entries(ids))
    catalog.follower._next_all = 0.0
    await catalog.follower.refresh()
    assert read == []


async def test_a_command_builds_every_index_again(world: World) -> None:
    id = await published_article(world)
    await indexed(world, TWO)
    await reindex(world.runtimes["kb"].database, "kb")
    for name in ("kb", TWO):
        follower = replica(world, name).search.catalog.follower
        follower._next_farther = 0.0
        await follower.refresh()
        assert follower._generation == "1"
        assert await suggested(world, name) == [id]


async def test_cases_are_found_too(world: World) -> None:
    await world.publish(completed())
    await indexed(world, TWO)
    [found] = await replica(world).search.cases(SearchCases(text="导出Excel"))
    assert (found.id, found.what.title) == (TICKET, PROBLEM.title)
    assert kb_of(world) is not replica(world)


async def test_what_one_replica_publishes_the_others_look_for_though_nothing_has_changed_for_long(
    world: World,
) -> None:
    others = replica(world).search.catalog.follower
    await world.publish(completed())
    others._nudged.clear()
    await publish(world, world.published(KbArticleDrafted)[-1].subject)
    async with asyncio.timeout(30):
        await others._nudged.wait()
    assert not others._woken.is_set()  # within the second, however many changes there are
