"""The index of each replica follows what is changed, wherever, however late, and whatever became of its folder."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.command.services import reindex
from services.intake.app import create_app
from services.intake.tickets.search import TicketSearch
from shared.events import TriageLogAnalysed
from shared.mongo import Database
from shared.search.follower import IDLE_TIMES
from shared.testing import LEAD, NOON, WANG, Servers, World, running
from tests.intake.scene import opened, say
from tests.intake.tickets.test_search import numbers

TWO = "intake-2"


@pytest.fixture
async def world(servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Two replicas that look for changes when they are asked to, and keep their indexes."""
    monkeypatch.setenv("BIHUAN_SEARCH_SECONDS", "60")
    monkeypatch.setenv("BIHUAN_SEARCH_FOLDER", str(tmp_path))
    async with running(servers, create_app) as world:
        await world.start(create_app, "-2")
        yield world


def search_of(world: World, replica: str = "intake") -> TicketSearch:
    found: TicketSearch = world.apps[replica].state.service.search
    return found


def database(world: World) -> Database:
    return world.runtimes["intake"].database


async def test_both_replicas_find_what_one_has_changed(world: World) -> None:
    number = (await opened(world, title="导出"))["ticket"]
    for replica in ("intake", TWO):
        assert await numbers(world, LEAD, replica, text="导出") == [number]
    world.time += timedelta(minutes=20)
    async with world.as_(WANG, TWO) as wang:
        assert (await wang.patch(f"/v1/tickets/{number}", json={"title": "打印"})).status_code == 200
    for replica in ("intake", TWO):
        assert await numbers(world, LEAD, replica, text="打印") == [number]


async def test_while_nothing_changes_it_looks_more_seldom(world: World) -> None:
    """Until this replica writes a ticket, or finds what another one wrote."""
    ours, others = (search_of(world, replica).follower for replica in ("intake", TWO))
    for follower in (ours, others):
        for _ in range(10):
            await follower.refresh()
        assert follower.idle_for == 60 * (IDLE_TIMES - 1)
        follower._nudged.clear()
    await opened(world, title="导出")
    assert (ours._nudged.is_set(), others._nudged.is_set()) == (True, False)
    await others.refresh()
    assert others.idle_for == 0


async def test_a_fact_that_says_nothing_to_others_is_found(world: World) -> None:
    """It changes the ticket and publishes nothing; twice and late it changes nothing."""
    number = (await opened(world, title="导出"))["ticket"]
    assert await numbers(world, LEAD, TWO, fingerprint="f" * 16) == []
    fact = TriageLogAnalysed(subject=number, time=NOON, analysis="a", fingerprints=["f" * 16], exceptions=[])
    for _ in range(2):
        await world.publish(fact)
        for replica in ("intake", TWO):
            assert await numbers(world, LEAD, replica, fingerprint="f" * 16) == [number]


async def test_clocks_that_differ_lose_nothing(world: World) -> None:
    """Two replicas with a clock each: what is stamped with an earlier time than was seen, and with a later one."""
    late = (await opened(world, title="导出"))["ticket"]
    assert await numbers(world, LEAD, TWO, text="导出") == [late]
    world.time -= timedelta(seconds=4)
    early = (await opened(world, title="导出 early"))["ticket"]
    assert await numbers(world, LEAD, TWO, text="导出", sort="oldest") == [early, late]
    world.time += timedelta(hours=1)
    ahead = (await opened(world, title="导出 ahead"))["ticket"]
    world.time -= timedelta(hours=1)
    assert ahead in await numbers(world, LEAD, TWO, text="导出")
    now = (await opened(world, title="导出 now"))["ticket"]
    assert now in await numbers(world, LEAD, TWO, text="导出")


async def test_what_is_gone_is_not_shown_and_forgotten(world: World) -> None:
    kept, gone = [(await opened(world, title=f"导出 {n}"))["ticket"] for n in range(2)]
    assert set(await numbers(world, LEAD, text="导出")) == {kept, gone}
    await database(world)["ticket"].delete_one({"_id": gone})
    assert await numbers(world, LEAD, text="导出") == [kept]
    follower = search_of(world).follower
    follower._next_all = 0.0
    await follower.refresh()
    assert (await _total(world), await numbers(world, LEAD, text="导出")) == (1, [kept])


async def _total(world: World) -> int:
    async with world.as_(LEAD, "intake") as lead:
        total: int = (await lead.post("/v1/ticket-searches", json={})).json()["total"]
    return total


async def test_what_an_older_release_wrote_is_found(world: World) -> None:
    number = (await opened(world, title="导出"))["ticket"]
    await database(world)["ticket"].update_one({"_id": number}, {"$unset": {"_changed": ""}})
    await world.stop(TWO)
    await world.start(create_app, "-2")
    assert await numbers(world, LEAD, TWO, text="导出") == [number]


async def test_a_restart_takes_up_what_happened_meanwhile(world: World) -> None:
    first = (await opened(world, title="导出"))["ticket"]
    assert await numbers(world, LEAD, TWO, text="导出") == [first]
    await world.stop(TWO)
    await say(world, first, "messages", text="zebra")
    world.time += timedelta(days=1)
    second = (await opened(world, title="导出"))["ticket"]
    await world.start(create_app, "-2")
    assert await numbers(world, LEAD, TWO, text="导出") == [second, first]
    assert await numbers(world, LEAD, TWO, text="zebra") == [first]


def damage(folder: Path) -> None:
    paths = list(folder.glob("*"))
    assert paths
    for path in paths:
        path.write_bytes(b"\xff" * 100)


async def test_an_index_that_is_damaged_is_built_again(world: World, tmp_path: Path) -> None:
    number = (await opened(world, title="导出"))["ticket"]
    assert await numbers(world, LEAD, TWO, text="导出") == [number]
    await world.stop(TWO)
    damage(tmp_path / f"{database(world).name}-ticket" / "1" / "index")
    await world.start(create_app, "-2")
    assert await numbers(world, LEAD, TWO, text="导出") == [number]


async def test_an_index_that_turns_out_to_be_damaged_is_built_again(world: World) -> None:
    number = (await opened(world, title="导出"))["ticket"]
    assert await numbers(world, LEAD, text="导出") == [number]
    search_of(world).follower.distrust()
    async with world.as_(LEAD, "intake") as lead:
        assert (await lead.post("/v1/ticket-searches", json={})).json()["complete"] is False
    assert await numbers(world, LEAD, text="导出") == [number]


async def test_by_command_every_replica_builds_its_index_again(world: World) -> None:
    number = (await opened(world, title="导出"))["ticket"]
    for replica in ("intake", TWO):
        assert await numbers(world, LEAD, replica, text="导出") == [number]
        search = search_of(world, replica)
        search.index.replace([], gone=[number])
        search.index.commit()
        assert await numbers(world, LEAD, replica, text="导出") == []
    await reindex(database(world), "intake")
    for replica in ("intake", TWO):
        search_of(world, replica).follower._next_farther = 0.0
        assert await numbers(world, LEAD, replica, text="导出") == [number]
