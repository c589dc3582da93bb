"""Timers on a real server: everything fires once, in order, whoever of the replicas does it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from pydantic import AwareDatetime

from shared.domain import Aggregate, Origin
from shared.events import Event
from shared.mongo import Database
from shared.outbox import Outgoing, Sender
from shared.store import Store
from shared.testing import NOON, Servers
from shared.timer import AT_ONCE, IDLE_LOOK_EVERY, LEAD, LEASE, LOOK_EVERY, SHARES, Shares, Timer, share_of

ME = Origin("me")


class Bell(Aggregate):
    due_at: AwareDatetime | None = None
    rung: int = 0


class Bells(Store[Bell]):
    kind = Bell
    has_outbox = False


async def nobody(one: Outgoing) -> int:
    raise AssertionError(f"told of {one.kind}")


@dataclass
class Replica:
    """One process of a service that rings bells."""

    database: Database
    time: list[datetime]
    rung: list[str] = field(default_factory=list)
    cracked: set[str] = field(default_factory=set)
    renew: bool = True

    def __post_init__(self) -> None:
        self.bells = Bells(self.database, Sender("bells", nobody, self.now), self.now)
        self.shares = Shares(self.database, "bell", self.now)
        self.timer = Timer(self.bells, self.ring, self.now, self.shares)

    def now(self) -> datetime:
        return self.time[0]

    async def ring(self, ids: Sequence[str]) -> None:
        if self.cracked & {*ids}:
            raise RuntimeError("cracked")

        def decide(bell: Bell) -> list[Event]:
            if bell.due_at is not None:
                bell.due_at, bell.rung = None, bell.rung + 1
            return []

        self.rung += ids
        await self.bells.change_all(ids, decide, ME)

    async def divide(self) -> frozenset[int]:
        self.shares._asked = float("-inf")
        return await self.shares.mine()


@pytest.fixture
async def replicas(servers: Servers, request: pytest.FixtureRequest) -> AsyncIterator[tuple[Replica, Replica]]:
    database = Database.open(servers.mongo_url, f"timer{abs(hash(request.node.name)) % 10**9}", servers.driver)
    time = [NOON]
    first, second = Replica(database, time), Replica(database, time)
    await first.bells.ensure_indexes()
    yield first, second
    await database.drop()
    await database.close()


async def hang(replica: Replica, count: int) -> list[str]:
    """So many bells, each due a second after the one before; by id they are in another order."""
    ids = [f"B-{(i * 7919) % count:05d}" for i in range(count)]
    for i, id in enumerate(ids):
        await replica.bells.add(Bell(id=id, due_at=NOON + timedelta(seconds=i)), [], ME)
    return ids


async def test_one_replica_fires_everything_that_is_due_in_order_of_time(replicas: tuple[Replica, Replica]) -> None:
    first, _ = replicas
    ids = await hang(first, 3 * AT_ONCE + 10)
    first.time[0] = NOON + timedelta(seconds=len(ids) - 5)
    pause = await first.timer.turn()
    assert first.rung == ids[:-4]
    assert pause == 1.0


async def test_two_replicas_share_what_is_due(replicas: tuple[Replica, Replica]) -> None:
    first, second = replicas
    ids = await hang(first, 2 * AT_ONCE)
    first.time[0] = NOON + timedelta(hours=1)
    for _ in range(2):
        shares = [await replica.divide() for replica in replicas]
    assert [len(one) for one in shares] == [SHARES // 2, SHARES // 2]
    assert shares[0] | shares[1] == {*range(SHARES)}
    await asyncio.gather(first.timer.turn(), second.timer.turn())
    assert sorted(first.rung + second.rung) == sorted(ids)
    assert {share_of(id) for id in first.rung} <= shares[0]
    assert [bell.rung async for bell in first.bells.all()] == [1] * len(ids)


async def test_what_a_silent_replica_had_is_taken_over_when_its_lease_is_over(
    replicas: tuple[Replica, Replica],
) -> None:
    first, second = replicas
    ids = await hang(first, 20)
    assert len(await first.divide()) == SHARES
    first.time[0] = NOON + LEASE / 2
    assert await second.divide() == frozenset()
    first.time[0] = NOON + LEASE + timedelta(minutes=1)
    await second.divide()
    await second.timer.turn()
    assert second.rung == ids


async def test_leases_of_processes_that_were_killed_are_not_kept_for_ever(replicas: tuple[Replica, Replica]) -> None:
    first, second = replicas
    await first.divide()
    first.time[0] = NOON + timedelta(hours=2)
    assert len(await second.divide()) == SHARES
    holders = {doc["holder"] async for doc in second.shares._docs.find({})}
    assert holders == {second.shares._me}


async def test_who_stops_leaves_its_shares_at_once(replicas: tuple[Replica, Replica]) -> None:
    first, second = replicas
    await first.divide()
    await first.shares.release()
    assert len(await second.divide()) == SHARES


async def test_one_that_fails_holds_up_no_other_and_waits_longer_each_time(
    replicas: tuple[Replica, Replica], caplog: pytest.LogCaptureFixture
) -> None:
    first, _ = replicas
    ids = await hang(first, 30)
    first.cracked = {ids[0]}
    first.time[0] = NOON + timedelta(minutes=1)
    assert await first.timer.turn() == 2.0
    assert first.rung == ids[1:]
    assert await first.timer.turn() == 2.0
    first.time[0] += timedelta(seconds=2)
    assert await first.timer.turn() == 4.0
    first.cracked = set()
    first.time[0] += timedelta(seconds=4)
    await first.timer.turn()
    assert first.rung[-1] == ids[0]
    assert len([record for record in caplog.records if "is due and failed" in record.message]) == 2


async def test_many_that_fail_starve_none_that_is_due_after_them_and_are_tried_again(
    replicas: tuple[Replica, Replica],
) -> None:
    """More of them than are fired together, so that a whole look at the earliest finds nothing else."""
    first, _ = replicas
    ids = await hang(first, 2 * AT_ONCE)
    bad, good = ids[: AT_ONCE + 50], ids[AT_ONCE + 50 :]
    first.cracked = {*bad}
    first.time[0] = NOON + timedelta(hours=1)
    assert await first.timer.turn() == 2.0
    assert first.rung == good
    late = Bell(id="B-late", due_at=first.now() + timedelta(seconds=1))
    await first.bells.add(late, [], ME)
    first.time[0] += timedelta(seconds=1)
    assert await first.timer.turn() == 1.0
    assert first.rung == [*good, late.id]
    first.cracked = {*bad[:10]}
    first.time[0] += timedelta(seconds=1)
    assert await first.timer.turn() == 4.0
    assert first.rung == [*good, late.id, *bad[10:]]
    first.cracked = set()
    first.time[0] += timedelta(seconds=4)
    await first.timer.turn()
    assert first.rung[-10:] == bad[:10]
    assert {bell.rung async for bell in first.bells.all()} == {1}


async def test_what_changes_here_after_the_look_is_fired_without_another(replicas: tuple[Replica, Replica]) -> None:
    first, _ = replicas
    await first.bells.add(Bell(id="B-early", due_at=NOON + timedelta(seconds=8)), [], ME)
    await first.timer.turn()

    def put_off(bell: Bell) -> list[Event]:
        bell.due_at = NOON + timedelta(hours=1)
        return []

    await first.bells.change("B-early", put_off, ME)
    await first.bells.add(Bell(id="B-late", due_at=NOON + timedelta(seconds=7)), [], ME)
    assert first.timer._woken.is_set()
    first.time[0] += timedelta(seconds=9)
    await first.timer._fire_due()
    assert first.rung == ["B-late"]


async def test_while_nothing_is_due_it_looks_more_seldom(replicas: tuple[Replica, Replica]) -> None:
    """Until something is due soon: then it may be given shares of what others have put there since."""
    first, second = replicas
    assert await first.timer.turn() == IDLE_LOOK_EVERY.total_seconds()
    await second.bells.add(Bell(id="B-theirs", due_at=NOON + timedelta(seconds=20)), [], ME)
    await first.bells.add(Bell(id="B-ours", due_at=NOON + timedelta(seconds=25)), [], ME)
    assert await first.timer._fire_due() == LOOK_EVERY.total_seconds()
    first.time[0] += LOOK_EVERY
    assert await first.timer.turn() == 2.0
    first.time[0] += timedelta(seconds=10)
    await first.timer._fire_due()
    assert first.rung == ["B-theirs", "B-ours"]


async def test_a_change_during_the_look_is_not_lost(replicas: tuple[Replica, Replica]) -> None:
    first, _ = replicas
    look = first.bells.due

    async def slow(until: datetime) -> list[tuple[datetime, str]]:
        found = await look(until)
        await first.bells.add(Bell(id="B-meanwhile", due_at=NOON + timedelta(seconds=1)), [], ME)
        return found

    first.bells.due = slow  # type: ignore[method-assign]
    assert await first.timer.turn() == 1.0
    first.time[0] += timedelta(seconds=1)
    await first.timer._fire_due()
    assert first.rung == ["B-meanwhile"]


async def test_the_shares_are_divided_before_the_moment_comes(replicas: tuple[Replica, Replica]) -> None:
    first, second = replicas
    await first.bells.add(Bell(id="B-soon", due_at=NOON + LEAD + timedelta(seconds=1)), [], ME)
    await first.timer.turn()
    assert not [doc async for doc in first.shares._docs.find({})]
    first.time[0] += timedelta(seconds=1)
    await first.timer.turn()
    assert not first.rung
    assert await second.divide() == frozenset()
    assert len(await first.divide()) == SHARES // 2


async def test_what_others_did_already_is_not_done_again(replicas: tuple[Replica, Replica]) -> None:
    """Both know of it from their looks; whoever comes second finds nothing to do."""
    first, second = replicas
    await first.bells.add(Bell(id="B-one", due_at=NOON + timedelta(seconds=1)), [], ME)
    await first.timer.turn()
    await second.timer.turn()
    first.time[0] += timedelta(seconds=1)
    await first.timer._fire_due()
    await first.shares.release()
    second.shares._asked = float("-inf")
    await second.timer._fire_due()
    assert {bell.rung async for bell in first.bells.all()} == {1}


async def test_what_was_left_as_it_is_is_fired_again_when_there_is_room(replicas: tuple[Replica, Replica]) -> None:
    first, _ = replicas
    await first.bells.add(Bell(id="B-full", due_at=NOON), [], ME)
    rung: asyncio.Queue[str] = asyncio.Queue()

    async def full(ids: Sequence[str]) -> None:
        for id in ids:
            rung.put_nowait(id)

    first.timer.fire = full
    running = asyncio.create_task(first.timer.run())
    try:
        assert await rung.get() == "B-full"
        assert first.bells.look_again
        first.bells.look_again()
        assert await rung.get() == "B-full"
    finally:
        running.cancel()
    assert [bell.rung async for bell in first.bells.all()] == [0]
