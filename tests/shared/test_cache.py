"""A cache gives what was read until it is too old, and does not take a failure for an answer."""

import pytest

from shared.cache import Cache


class Source:
    def __init__(self) -> None:
        self.reads = 0
        self.error: Exception | None = None

    async def read(self) -> list[int]:
        self.reads += 1
        if self.error:
            raise self.error
        return [self.reads]


async def test_it_is_read_once_and_again_when_it_was_dropped_or_is_refreshed() -> None:
    source = Source()
    cache = Cache(source.read, 3600.0)
    assert cache.kept is None
    assert [await cache.get() for _ in range(3)] == [[1], [1], [1]]
    assert await cache.refresh() == [2]
    assert await cache.get() == [2] == cache.kept
    cache.drop()
    assert cache.kept is None
    assert await cache.get() == [3]


async def test_what_is_too_old_is_read_again() -> None:
    source = Source()
    cache = Cache(source.read, -1.0)
    assert [await cache.get(), await cache.get()] == [[1], [2]]


async def test_a_failure_is_raised_and_what_was_kept_stays() -> None:
    source = Source()
    cache = Cache(source.read, 3600.0)
    await cache.get()
    source.error = ConnectionError()
    with pytest.raises(ConnectionError):
        await cache.refresh()
    assert await cache.get() == [1]
