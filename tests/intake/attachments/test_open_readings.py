"""Readings of packed files that wait for the next piece to be asked for."""

from collections.abc import AsyncGenerator

import pytest

from services.intake.attachments import open_readings
from services.intake.attachments.open_readings import MOST, OpenReadings, Reading


class Content:
    """As it is unpacked; `closed` once nobody reads it any more."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces, self.closed = pieces, False

    async def read(self) -> AsyncGenerator[bytes]:
        try:
            for one in self.pieces:
                yield one
        finally:
            self.closed = True


async def test_a_reading_goes_on_from_the_nearest_place_before() -> None:
    open = OpenReadings()
    early, late = Reading("f", Content(b"abc", b"def").read()), Reading("f", Content(b"abc", b"def").read())
    assert await early.piece(1, 1) == (b"b", True)
    assert await late.piece(3, 2) == (b"de", True)
    assert late.head == b"abcdef"
    await open.keep(early)
    await open.keep(late)
    assert open.take("other", 9) is None
    assert open.take("f", 0) is None  # nothing is read backwards
    assert open.take("f", 4) is late
    assert open.take("f", 4) is early
    assert open.take("f", 4) is None  # nobody else has it meanwhile
    assert await late.piece(4, 9) == (b"ef", False)
    assert await early.piece(9, 9) == (b"", False)  # behind its end


async def test_no_more_wait_than_there_is_memory_for_and_none_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("services.intake.attachments.open_readings.time.monotonic", lambda: now[0])
    open = OpenReadings()
    contents = [Content(b"ab", b"cd") for _ in range(MOST + 1)]
    for n, one in enumerate(contents):
        reading = Reading(str(n), one.read())
        await reading.piece(0, 1)
        await open.keep(reading)
    assert [one.closed for one in contents] == [True] + [False] * MOST
    now[0] += open_readings.KEPT_FOR + 1
    assert open.take("1", 9) is None  # the database may have given it up
    again = Reading("again", Content(b"ab").read())
    await again.piece(0, 1)
    await open.keep(again)
    assert all(one.closed for one in contents)
    assert open.take("again", 9) is again
