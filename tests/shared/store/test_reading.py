"""Indexes, and what is asked of them."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain import Unreadable
from shared.testing import NOON
from tests.shared.store.notes import ME, Desk, Note, Notes


def stages(plan: dict[str, Any]) -> list[str]:
    return [plan["stage"], *stages(plan["inputStage"])] if "inputStage" in plan else [plan["stage"]]


async def test_no_standing_query_reads_the_whole_collection(notes: Notes) -> None:
    for i in range(50):
        await notes.add(Note(id=f"N-{i}", due_at=NOON if i % 2 else None), [], ME)
    sweep = await notes.explain({"_unsent": {"$lt": NOON.isoformat()}}, limit=200)
    clearing = await notes.explain({"_unsent": {"$in": ["a", "b"]}})
    due = await notes.explain({"due_at": {"$lte": NOON}}, limit=500)
    by_id = await notes.explain({"_id": "N-1"})
    by_key = await notes.explain({"_keys": {"$in": ["mail-7"]}})
    for plan in (sweep, clearing, due, by_id, by_key):
        assert "COLLSCAN" not in stages(plan)


async def test_indexes_may_be_ensured_again(desk: Desk) -> None:
    before = await desk.runtime.database["note"].index_information()
    await desk.notes.ensure_indexes()
    assert await desk.runtime.database["note"].index_information() == before
    assert {"_unsent_1", "_keys_1", "due_at_1", "words_1_version_-1"} <= set(before)


async def test_due_finds_what_is_due_in_order_and_nothing_else(notes: Notes) -> None:
    for id, minutes in (("N-late", -5), ("N-now", 0), ("N-soon", 1), ("N-earlier", -9)):
        await notes.add(Note(id=id, due_at=NOON + timedelta(minutes=minutes)), [], ME)
    await notes.add(Note(id="N-never"), [], ME)
    assert [id for _, id in await notes.due(NOON)] == ["N-earlier", "N-late", "N-now"]


async def test_what_is_removed_is_gone_and_may_be_gone_before(notes: Notes) -> None:
    for id in ("N-1", "N-2", "N-3"):
        await notes.add(Note(id=id), [], ME)
    for _ in range(2):
        await notes.remove(["N-1", "N-3", "N-9"])
    assert [note.id async for note in notes.all()] == ["N-2"]


async def test_where_sorts_skips_and_limits(notes: Notes) -> None:
    for i in range(6):
        await notes.add(Note(id=f"N-{i}", words=["even" if i % 2 == 0 else "odd"]), [], ME)
    assert [note.id for note in await notes.where({"words": "even"}, "-_id", limit=2)] == ["N-4", "N-2"]
    assert [note.id for note in await notes.where({}, "_id", skip=4)] == ["N-4", "N-5"]
    assert sorted(row["id"] for row in await notes.rows({"words": "odd"}, ["words"])) == ["N-1", "N-3", "N-5"]
    assert sorted([note.id async for note in notes.all()]) == [f"N-{i}" for i in range(6)]
    assert await notes.aggregate([{"$match": {"words": "odd"}}, {"$count": "n"}]) == [{"n": 3}]
    assert await notes.find("N-9") is None


async def test_an_index_that_is_there_with_other_options_stays_and_nothing_ends(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    docs = desk.notes._docs
    await docs.drop_index("words_1_version_-1")
    await docs.create_index([("words", 1), ("version", -1)], sparse=True)
    await desk.notes.ensure_indexes()
    assert (await docs.index_information())["words_1_version_-1"].get("sparse")
    assert "an index of note stays as it is" in caplog.text


async def test_what_a_newer_release_has_written_otherwise_is_told_apart_and_not_quoted(notes: Notes) -> None:
    await notes.add(Note(id="N-1"), [], ME)
    await notes._docs.update_one({"_id": "N-1"}, {"$set": {"words": "secret words"}})
    for read in (notes.get("N-1"), notes.find("N-1"), notes.where({})):
        with pytest.raises(Unreadable, match=r"^note N-1: 1 wrong values in Note: words$"):
            await read
