"""Lists, page by page: in every order, with equal keys, while others write, and how much is read for them."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.store import ByText, Order
from shared.testing import NOON, Servers, World, running
from tests.shared.store.letters import MANY, ME, Letter, Letters, create_app, fill, letter, pages, truth


@pytest.fixture(params=["motor", "pymongo"])
async def world(request: pytest.FixtureRequest, servers: Servers) -> AsyncIterator[World]:
    async with running(replace(servers, driver=request.param), create_app) as world:
        yield world


@pytest.fixture
async def letters(world: World) -> Letters:
    letters: Letters = world.apps["store"].state.service
    await fill(letters, 0, MANY)
    return letters


QUERIES: list[dict[str, Any]] = [
    {},
    {"owner": "u-1"},
    {"owner": "u-rare", "box": "in"},
    {"box": "out"},
    {"owner": ["u-2", "u-rare"]},
    {"owner": ["u-2", "u-3"], "box": "out"},
    {"owner": "nobody"},
]


@pytest.mark.parametrize("name", ["newest", "oldest", "numbered", "ranked"])
@pytest.mark.parametrize("query", QUERIES, ids=json.dumps)
async def test_pages_give_each_once_and_in_order(letters: Letters, query: dict[str, Any], name: str) -> None:
    order = letters.orders()[name]
    for limit in (7, 100, 7):  # the first look at it, a wide one, one that has learnt
        assert await pages(letters, query, order, limit) == truth(query, name)


@pytest.mark.parametrize("limit", [1, 7, 100])
@pytest.mark.parametrize("query", QUERIES[:4], ids=json.dumps)
async def test_a_span_begins_behind_its_first_key_and_ends_with_its_last(
    letters: Letters, query: dict[str, Any], limit: int
) -> None:
    before, until = NOON - timedelta(minutes=5), NOON - timedelta(minutes=40)
    moments = {one.id: one.at for one in map(letter, range(MANY))}
    assert {before, until} <= set(moments.values())
    expected = [id for id in truth(query, "newest") if until <= moments[id] < before]
    seen: list[str] = []
    after, more = None, True
    while more:
        page, after = await letters.page_of_rows(query, letters.newest, after, limit, (), (before, until))
        seen += [row["id"] for row in page]
        more = after is not None
    assert seen == expected


async def test_a_span_holds_whatever_page_it_is_asked_behind(letters: Letters) -> None:
    before, until = NOON - timedelta(minutes=5), NOON - timedelta(minutes=40)
    _, early = await letters.page({}, letters.newest, None, 1)
    _, late = await letters.page({}, letters.newest, None, MANY - 1)
    whole, _ = await letters.page_of_rows({}, letters.newest, None, MANY, (), (before, until))
    assert (await letters.page_of_rows({}, letters.newest, early, MANY, (), (before, until)))[0] == whole
    assert await letters.page_of_rows({}, letters.newest, late, MANY, (), (before, until)) == ([], None)
    assert await letters.page_of_rows({}, letters.newest, None, MANY, (), (until, before)) == ([], None)


async def test_the_last_page_has_no_next_also_when_it_is_full(letters: Letters) -> None:
    page, after = await letters.page({"owner": "u-rare"}, letters.newest, None, 30)
    assert (len(page), after) == (30, None)


async def test_rows_have_what_was_asked_for(letters: Letters) -> None:
    [row], after = await letters.page_of_rows({"owner": "u-1"}, letters.numbered, None, 1, ("box",))
    assert (row["id"], row["box"], bool(after), "at" in row) == (letter(1).id, "out", True, False)


@pytest.mark.parametrize("name", ["newest", "oldest", "numbered", "ranked"])
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
    assert (first, second) == (200, 51)  # it begins with 1


async def burst(letters: Letters, ago: timedelta, apart: timedelta) -> None:
    """A hundred, the newest so long ago."""
    for number in range(100):
        at = NOON - ago - number * apart
        await letters.add(Letter(id=f"{ago}-{number:02}", owner="u-burst", at=at, number=9, rank="1"), [], ME)


async def test_the_newest_are_found_with_one_look_at_few_of_them_also_long_after_a_burst(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    await burst(letters, timedelta(minutes=5), timedelta(seconds=1))
    looks = [await read(letters, {"owner": "u-burst"}, letters.newest, monkeypatch) for _ in range(3)]
    assert looks == [[100], [100], [17]]


@pytest.mark.parametrize(("known_for", "looks"), [(600.0, [117]), (0.0, [0, 0, 31])])
async def test_where_a_list_began_is_believed_for_a_while(
    letters: Letters, monkeypatch: pytest.MonkeyPatch, known_for: float, looks: list[int]
) -> None:
    await burst(letters, timedelta(hours=1), timedelta(seconds=1))
    for _ in range(6):
        await read(letters, {"owner": "u-burst"}, letters.newest, monkeypatch)
    monkeypatch.setattr("shared.store.order.KNOWN_FOR", known_for)
    await burst(letters, timedelta(minutes=5), timedelta(seconds=10))
    assert await read(letters, {"owner": "u-burst"}, letters.newest, monkeypatch) == looks


MOST: dict[str, Any] = {"owner": ["u-0", "u-1", "u-2", "u-3", "u-4"]}


@pytest.mark.parametrize(("query", "learnt"), [({}, 2 * ByText.APART), (MOST, 3 * ByText.APART)])
async def test_a_page_teaches_how_far_the_next_one_has_to_read(
    letters: Letters, monkeypatch: pytest.MonkeyPatch, query: dict[str, Any], learnt: int
) -> None:
    first = sum(await read(letters, query, letters.ranked, monkeypatch))
    second = sum(await read(letters, query, letters.ranked, monkeypatch))
    assert (first, second <= learnt) == (len(truth({}, "ranked")), True)


async def test_an_index_that_begins_with_all_that_is_asked_for_brings_nothing_else(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = {"owner": ["u-1", "u-2"], "box": "in"}
    assert sum(await read(letters, query, letters.ranked, monkeypatch)) == len(truth(query, "ranked")) < MANY / 4
    plan = json.dumps(await letters.explain({"owner": "u-1", "box": "in", "rank": {"$gte": "1", "$lte": "2"}}))
    assert "owner_1_box_1_rank_1" in plan


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
