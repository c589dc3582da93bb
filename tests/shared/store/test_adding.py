"""Adding, on a real server, with both drivers: nothing is lost, nothing happens twice."""

import asyncio
from typing import Any

import pytest

from shared.domain import Conflict
from shared.mongo.inserts import Inserts
from tests.shared.store.notes import ME, Desk, Note, Notes, opened


async def test_adding_the_same_id_twice_is_adding_once(desk: Desk) -> None:
    await desk.notes.add(*opened("N-1", "first"), ME)
    second = await desk.notes.add(*opened("N-1", "second"), ME)
    assert second.words == ["first"]
    assert await desk.notes.count({}) == 1
    assert await desk.sent_words() == ["first"]


async def test_adding_the_same_unique_key_twice_is_adding_once(desk: Desk) -> None:
    await desk.notes.add(*opened("N-1", "first"), ME, keys=["mail-7"])
    second = await desk.notes.add(*opened("N-2", "second"), ME, keys=["mail-7", "mail-8"])
    assert (second.id, second.words) == ("N-1", ["first"])
    assert await desk.sent_words() == ["first"]


async def test_an_id_that_is_taken_by_something_with_other_keys_is_a_conflict(notes: Notes) -> None:
    await notes.add(*opened("N-1"), ME, keys=["mail-7"])
    with pytest.raises(Conflict):
        await notes.add(*opened("N-1"), ME, keys=["mail-8"])


async def test_of_many_that_are_added_together_only_the_double_hears_of_it(desk: Desk) -> None:
    await desk.notes.add(Note(id="N-3", words=["old"]), [], ME)
    adding = [desk.notes.add(*opened(f"N-{i}", f"new {i}"), ME) for i in range(12)]
    added = await asyncio.gather(*adding)
    assert [note.words[0] for note in added] == ["old" if i == 3 else f"new {i}" for i in range(12)]
    assert await desk.notes.count({}) == 12
    assert sorted(await desk.sent_words()) == sorted(f"new {i}" for i in range(12) if i != 3)


async def test_the_same_one_added_by_many_at_once_is_there_once(desk: Desk) -> None:
    added = await asyncio.gather(*(desk.notes.add(*opened(f"N-{i}", f"word {i}"), ME, keys=["one"]) for i in range(10)))
    assert len({note.id for note in added}) == 1
    assert len(await desk.sent_words()) == 1


async def test_what_is_added_at_once_is_one_statement(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    statements: list[int] = []
    insert_all = Inserts._insert_all

    async def counted(self: Inserts, batch: list[Any]) -> None:
        statements.append(len(batch))
        await insert_all(self, batch)

    monkeypatch.setattr(Inserts, "_insert_all", counted)
    await asyncio.gather(*(desk.notes.add(*opened(f"N-{i}", f"new {i}"), ME) for i in range(3)))
    await desk.notes.add(*opened("N-4", "alone"), ME)
    assert statements == [3, 1]
    assert await desk.notes.count({}) == 4


async def test_who_gives_up_waiting_holds_up_nobody(desk: Desk) -> None:
    impatient = asyncio.create_task(desk.notes.add(*opened("N-1", "first"), ME))
    patient = asyncio.create_task(desk.notes.add(*opened("N-2", "second"), ME))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).words == ["second"]
    assert (await desk.notes.add(*opened("N-3", "third"), ME)).words == ["third"]
