"""Cursors that are forged, damaged or of another list."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.cursor import seal, unseal
from shared.domain import Invalid
from shared.store import NewestFirst
from shared.testing import NOON, Servers, World, running
from tests.shared.store.letters import MANY, Letters, create_app, fill


@pytest.fixture(params=["motor", "pymongo"])
async def world(request: pytest.FixtureRequest, servers: Servers) -> AsyncIterator[World]:
    async with running(replace(servers, driver=request.param), create_app) as world:
        yield world


@pytest.fixture
async def letters(world: World) -> Letters:
    letters: Letters = world.apps["store"].state.service
    await fill(letters, 0, MANY)
    return letters


def forged(of: str, content: bytes) -> str:
    """With the checksum that this content would have."""
    checksum = hashlib.sha256(of.encode() + b"\n" + content).digest()[:6]
    return base64.urlsafe_b64encode(checksum + content).decode().rstrip("=")


CONTENTS = ["", "[]", "7", "null", "{}", '["a"]', "[1,2]", '[null,"x"]', '[1.5,"x"]', '[NaN,"x"]', "[[1],2]", "[" * 300]


KEYS: Sequence[Any] = ["", "\ud800", "\0", "x", -1, 10**30, 2**63, True, "2026-03-02T04:00:00+00:00", "9" * 200]


@pytest.mark.parametrize("name", ["newest", "oldest", "numbered", "ranked"])
async def test_no_cursor_of_any_kind_makes_an_internal_error(letters: Letters, name: str) -> None:
    order = letters.orders()[name]
    of = f"letter by {'-' if order.is_descending else ''}{order.field}"
    for content in CONTENTS:
        with pytest.raises(Invalid):
            await letters.page({}, order, forged(of, content.encode()), 10)
    for key in KEYS:
        cursor = forged(of, json.dumps([key, "L-1"]).encode())
        try:
            await letters.page({}, order, cursor, 10)
        except Invalid:
            continue
    for extreme in (0, 253_402_300_799_999, 2**62):
        if name != "ranked" and not (name in ("newest", "oldest") and extreme == 2**62):
            assert await letters.page({}, order, seal(of, extreme, "L-1"), 10)


async def test_a_cursor_of_another_list_is_refused(letters: Letters) -> None:
    for order in letters.orders().values():
        _, after = await letters.page({}, order, None, 10)
        for other in letters.orders().values():
            if other is not order:
                with pytest.raises(Invalid):
                    await letters.page({}, other, after, 10)


DAMAGES: list[Callable[[str], str]] = [lambda c: c[1:], lambda c: c[:-1], lambda c: c + "A", str.swapcase, str.upper]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_cursor_is_refused(letters: Letters, damage: Callable[[str], str]) -> None:
    _, after = await letters.page({}, letters.newest, None, 10)
    assert after
    for cursor in (damage(after), "", "*", "a+b", "\ud800", "你好"):
        with pytest.raises(Invalid):
            await letters.page({}, letters.newest, cursor, 10)


@pytest.mark.parametrize("id", ["a+b c", "2026-03-02T04:00:00+00:00|x", "你好", "~", "z?&=#%2B", '"]'])
def test_a_cursor_needs_no_encoding_in_an_address(id: str) -> None:
    cursor = seal("things", id, id)
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert cursor.isascii()
    assert unseal("things", cursor) == (id, id)


def test_a_cursor_keeps_a_moment_to_the_millisecond() -> None:
    order = NewestFirst("at", lambda: NOON)
    moment = datetime(2026, 3, 2, 4, 0, 0, 123_000, UTC)
    assert order.load(order.dump(moment)) == moment
