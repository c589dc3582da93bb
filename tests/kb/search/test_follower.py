"""Writers that take a position and write later, pages that cannot be read: nothing is missed, little is read twice."""

import random
from dataclasses import dataclass, field

import pytest

from services.kb.search.follower import Follower

PAGE, SETTLES = 20, 60.0


class Slow(Exception):
    pass


@dataclass
class Writers:
    """Changes by other replicas, each visible some time after its position was taken."""

    dice: random.Random
    fails: float = 0.0
    now: float = 0.0
    taken: int = 0
    visible_at: dict[int, float] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    asked: list[tuple[int, int]] = field(default_factory=list)
    cleared: int = 0

    def follower(self) -> Follower:
        return Follower(self.last, self.read, self.clear, lambda: self.now, PAGE, SETTLES)

    def change(self, after: float) -> None:
        self.taken += 1
        self.visible_at[self.taken] = self.now + after

    async def last(self) -> int:
        return self.taken

    def clear(self) -> None:
        self.cleared += 1
        self.seen.clear()

    async def read(self, after: int, until: int, new: bool) -> int:
        if self.dice.random() < self.fails:
            raise Slow
        self.asked.append((after, until))
        found = [n for n in range(after + 1, until + 1) if self.visible_at.get(n, 1e9) <= self.now]
        self.seen.update(found)
        return len(found)

    async def catch_up(self, follower: Follower) -> None:
        try:
            await follower.catch_up()
        except Slow:
            return


@pytest.mark.parametrize("seed", range(60))
async def test_every_change_is_seen_however_late_it_is_written_and_whatever_fails(seed: int) -> None:
    dice = random.Random(seed)
    writers = Writers(dice, fails=dice.choice([0, 0.1, 0.5]))
    follower = writers.follower()
    for _ in range(dice.randrange(20, 200)):
        for _ in range(dice.choice([0, 0, 1, 3, 50, 400])):
            writers.change(dice.choice([0, 0, 0.01, 3, 30, 59]))
        writers.now += dice.choice([0.5, 2, 2, 10])
        await writers.catch_up(follower)
    writers.fails = 0
    for _ in range(3):
        writers.now += SETTLES
        await writers.catch_up(follower)
    assert writers.seen == set(range(1, writers.taken + 1))
    assert follower.settled == follower.read_until == writers.taken


async def test_what_is_written_at_once_is_seen_by_the_next_call() -> None:
    writers = Writers(random.Random(1))
    follower = writers.follower()
    for _ in range(50):
        writers.change(0)
        await writers.catch_up(follower)
        assert writers.seen == set(range(1, writers.taken + 1))


async def test_a_page_that_was_read_is_not_read_again_because_the_next_one_failed() -> None:
    writers = Writers(random.Random(2), fails=0.8)
    follower = writers.follower()
    for _ in range(50 * PAGE):
        writers.change(0)
    while follower.read_until < writers.taken:
        await writers.catch_up(follower)
    assert writers.asked == [(n, n + PAGE) for n in range(0, writers.taken, PAGE)]


async def test_when_all_has_settled_nothing_is_read() -> None:
    writers = Writers(random.Random(3))
    follower = writers.follower()
    for _ in range(3):
        writers.change(0)
        writers.now += SETTLES
        await writers.catch_up(follower)
    writers.now += SETTLES
    await writers.catch_up(follower)
    writers.asked.clear()
    await writers.catch_up(follower)
    assert writers.asked == []


async def test_where_numbers_are_sparse_steps_grow_and_never_read_more_than_a_few_pages() -> None:
    writers = Writers(random.Random(4), taken=10_000)
    for _ in range(1000):
        writers.change(0)
    await writers.catch_up(writers.follower())
    assert len(writers.seen) == 1000
    assert len(writers.asked) < 11_000 / PAGE / 5
    assert max(until - after for after, until in writers.asked) == 16 * PAGE


async def test_over_all_of_them_once_when_asked() -> None:
    writers = Writers(random.Random(5))
    follower = writers.follower()
    writers.change(SETTLES * 10)  # was stopped for long
    for _ in range(100):
        writers.change(0)
    for _ in range(12):
        writers.now += SETTLES
        await writers.catch_up(follower)
    assert 1 not in writers.seen
    follower.rescan()
    await writers.catch_up(follower)
    assert 1 in writers.seen
    writers.asked.clear()
    await writers.catch_up(follower)
    assert writers.asked == []


async def test_numbers_that_go_back_are_those_of_another_database() -> None:
    writers = Writers(random.Random(6))
    follower = writers.follower()
    for _ in range(100):
        writers.change(0)
    await writers.catch_up(follower)
    writers.taken = 7
    writers.visible_at = {n: 0 for n in range(1, 8)}
    await writers.catch_up(follower)
    assert (writers.cleared, writers.seen, follower.read_until) == (1, set(range(1, 8)), 7)
