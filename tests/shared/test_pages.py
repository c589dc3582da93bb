"""Lists, page by page, on a real server: in every order, with equal keys, while others write, with odd cursors."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from pydantic import AwareDatetime

from shared.cursor import seal, unseal
from shared.domain import Aggregate, Invalid, Origin
from shared.mongo import Database
from shared.outbox import Sender
from shared.service import Runtime, serve
from shared.store import ByNumber, ByText, Index, NewestFirst, Order, Store
from shared.testing import NOON, Servers, World, running

ME = Origin("me")
MANY = 230


class Letter(Aggregate):
    owner: str = ""
    box: str = ""
    at: AwareDatetime
    number: int
    rank: str

    @property
    def ranked(self) -> str:
        return self.rank


class Letters(Store[Letter]):
    kind = Letter
    has_outbox = False
    indexes = (*(Index((key,)) for key in ("at", "number", "rank")), *(Index(("owner", k)) for k in ("at", "number")))

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest = NewestFirst("at", now)
        self.numbered = ByNumber("number")
        self.ranked = ByText("rank", "1")

    def orders(self) -> dict[str, Order]:
        return {"newest": self.newest, "numbered": self.numbered, "ranked": self.ranked}


def create_app(runtime: Runtime) -> FastAPI:
    return serve("shared", lambda runtime: runtime.store(Letters), APIRouter(), {}, runtime)


@pytest.fixture(params=["motor", "pymongo"])
async def world(request: pytest.FixtureRequest, servers: Servers) -> AsyncIterator[World]:
    async with running(replace(servers, driver=request.param), create_app) as world:
        yield world


@pytest.fixture
async def letters(world: World) -> Letters:
    letters: Letters = world.apps["shared"].state.service
    await fill(letters, 0, MANY)
    return letters


def letter(number: int) -> Letter:
    """Several at each moment, some long ago; every tenth has no rank that counts."""
    ago = timedelta(minutes=number // 4) if number % 3 else timedelta(days=number * 9)
    rank = "" if number % 10 == 0 else f"{number % 3 + 1} {number * 7919 % 1000:03}"
    owner = f"u-{number % 5}" if number < 200 else "u-rare"
    return Letter(
        id=f"L-{number * 7919 % 1000:03}",
        owner=owner,
        box=("in", "out")[number % 2],
        at=NOON - ago,
        number=number + 1,
        rank=rank,
    )


async def fill(letters: Letters, start: int, end: int) -> None:
    for number in range(start, end):
        await letters.add(letter(number), [], ME)


async def pages(letters: Letters, query: Mapping[str, Any], order: Order, limit: int) -> list[str]:
    seen: list[str] = []
    after = None
    while True:
        page, after = await letters.page(query, order, after, limit)
        assert len(page) <= limit
        seen += [one.id for one in page]
        if after is None:
            return seen
        assert len(page) == limit


def truth(query: Mapping[str, Any], name: str) -> list[str]:
    def fits(one: Letter) -> bool:
        return all(getattr(one, k) in (v if isinstance(v, list) else [v]) for k, v in query.items())

    every = [one for one in map(letter, range(MANY)) if fits(one)]
    if name == "newest":
        return [one.id for one in sorted(every, key=lambda one: (one.at, one.id), reverse=True)]
    if name == "numbered":
        return [one.id for one in sorted(every, key=lambda one: one.number)]
    return [one.id for one in sorted(every, key=lambda one: (one.rank, one.id)) if one.rank]


QUERIES: list[dict[str, Any]] = [
    {},
    {"owner": "u-1"},
    {"owner": "u-rare", "box": "in"},
    {"box": "out"},
    {"owner": ["u-2", "u-rare"]},
    {"owner": ["u-2", "u-3"], "box": "out"},
    {"owner": "nobody"},
]


@pytest.mark.parametrize("name", ["newest", "numbered", "ranked"])
@pytest.mark.parametrize("query", QUERIES, ids=json.dumps)
async def test_pages_give_each_once_and_in_order(letters: Letters, query: dict[str, Any], name: str) -> None:
    order = letters.orders()[name]
    for limit in (7, 100, 7):  # the first look at it, a wide one, one that has learnt
        assert await pages(letters, query, order, limit) == truth(query, name)


async def test_the_last_page_has_no_next_also_when_it_is_full(letters: Letters) -> None:
    page, after = await letters.page({"owner": "u-rare"}, letters.newest, None, 30)
    assert (len(page), after) == (30, None)


async def test_rows_have_what_was_asked_for(letters: Letters) -> None:
    [row], after = await letters.page_of_rows({"owner": "u-1"}, letters.numbered, None, 1, ("box",))
    assert (row["id"], row["box"], bool(after), "at" in row) == (letter(1).id, "out", True, False)


@pytest.mark.parametrize("name", ["newest", "numbered", "ranked"])
async def test_what_comes_and_goes_between_pages_disturbs_no_other(letters: Letters, name: str) -> None:
    order, expected = letters.orders()[name], truth({}, name)
    first, after = await letters.page({}, order, None, 50)
    await letters.remove([one.id for one in first])
    await fill(letters, MANY, MANY + 20)
    seen = [one.id for one in first]
    while after:
        page, after = await letters.page({}, order, after, 50)
        seen += [one.id for one in page]
    assert len(seen) == len(set(seen))
    assert [id for id in seen if id in set(expected)] == expected


async def test_a_moment_with_more_than_a_page_is_gone_through(letters: Letters) -> None:
    for number in range(40):
        await letters.add(Letter(id=f"S-{number:02}", owner="u-same", at=NOON, number=9, rank="1"), [], ME)
    assert await pages(letters, {"owner": "u-same"}, letters.newest, 3) == [f"S-{n:02}" for n in reversed(range(40))]
    assert await pages(letters, {"owner": "u-same"}, letters.numbered, 3) == [f"S-{n:02}" for n in range(40)]


async def test_what_is_dated_ahead_of_this_clock_is_listed_first(letters: Letters) -> None:
    ahead = letter(1).model_copy(update={"id": "ahead", "at": NOON + timedelta(hours=1)})
    await letters.add(ahead, [], ME)
    page, _ = await letters.page({}, letters.newest, None, 3)
    assert page[0].id == "ahead"


# ---- how much is read ---------------------------------------------------------------------------


async def read(letters: Letters, query: Mapping[str, Any], order: Order, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many documents each look brings, for a page of ten."""
    looks: list[int] = []
    docs = letters._docs

    class Counting:
        def find(self, query: Mapping[str, Any], *more: Any) -> Any:
            return self._counted(docs.find(query, *more), "_id" not in query)

        async def _counted(self, found: Any, is_look: bool) -> Any:
            count = 0
            async for doc in found:
                count += 1
                yield doc
            if is_look:
                looks.append(count)

    with monkeypatch.context() as patch:
        patch.setattr(letters, "_docs", Counting())
        await letters.page(query, order, None, 10)
    return looks


async def test_a_page_that_is_asked_for_again_is_found_with_one_look(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = {"owner": "u-rare", "box": "in"}
    assert len(await read(letters, query, letters.newest, monkeypatch)) > 1
    [again] = await read(letters, query, letters.newest, monkeypatch)
    assert again > 10


async def test_a_window_that_held_far_too_many_is_a_narrower_one_the_next_time(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sum(await read(letters, {}, letters.numbered, monkeypatch))
    second = sum(await read(letters, {}, letters.numbered, monkeypatch))
    assert (first, second) == (200, 50)


MOST: dict[str, Any] = {"owner": ["u-0", "u-1", "u-2", "u-3", "u-4"]}


@pytest.mark.parametrize(("query", "learnt"), [({}, 2 * ByText.APART), (MOST, 3 * ByText.APART)])
async def test_a_page_teaches_how_far_the_next_one_has_to_read(
    letters: Letters, monkeypatch: pytest.MonkeyPatch, query: dict[str, Any], learnt: int
) -> None:
    first = sum(await read(letters, query, letters.ranked, monkeypatch))
    second = sum(await read(letters, query, letters.ranked, monkeypatch))
    assert (first, second <= learnt) == (len(truth({}, "ranked")), True)


async def test_a_survey_at_the_start_teaches_the_first_page(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    await letters.survey(letters.ranked)
    assert sum(await read(letters, {}, letters.ranked, monkeypatch)) <= 2 * ByText.APART


async def test_a_list_that_has_drained_since_the_last_look_is_read_further(letters: Letters) -> None:
    await letters.survey(letters.ranked)
    expected = truth({}, "ranked")
    await letters.remove(expected[: ByText.APART * 3])
    page, _ = await letters.page({}, letters.ranked, None, 20)
    assert [one.id for one in page] == expected[ByText.APART * 3 :][:20]


async def test_a_page_is_answered_from_an_index(letters: Letters) -> None:
    end = NOON - timedelta(days=1)
    for query in ({"owner": "u-1", "at": {"$lte": NOON, "$gte": end}}, {"rank": {"$gte": "1", "$lte": "2"}}):
        plan = json.dumps(await letters.explain(query), default=str)
        assert "COLLSCAN" not in plan


# ---- cursors ------------------------------------------------------------------------------------


def forged(of: str, content: bytes) -> str:
    """With the checksum that this content would have."""
    checksum = hashlib.sha256(of.encode() + b"\n" + content).digest()[:6]
    return base64.urlsafe_b64encode(checksum + content).decode().rstrip("=")


CONTENTS = ["", "[]", "7", "null", "{}", '["a"]', "[1,2]", '[null,"x"]', '[1.5,"x"]', '[NaN,"x"]', "[[1],2]", "[" * 300]
KEYS: Sequence[Any] = ["", "\ud800", "\0", "x", -1, 10**30, 2**63, True, "2026-03-02T04:00:00+00:00", "9" * 200]


@pytest.mark.parametrize("name", ["newest", "numbered", "ranked"])
async def test_no_cursor_of_any_kind_makes_an_internal_error(letters: Letters, name: str) -> None:
    order = letters.orders()[name]
    of = f"letter by {order.field}"
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
        if name != "ranked" and not (name == "newest" and extreme == 2**62):
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
