"""What is remembered of the past, and what is too much for one document."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain import Invalid, Origin, TooLarge
from shared.events import Event, TicketLinked
from shared.mongo import size_of
from shared.store import EVENT_BYTES, Decide
from shared.store.handled import IN_DOCUMENT, REMEMBERED_FOR
from shared.testing import NOON
from tests.shared.store.notes import ME, Desk, Note, opened, writing


async def test_a_key_still_holds_after_many_later_writes(desk: Desk) -> None:
    key = Origin("u-1", key="u-1/k", digest="aa")
    await desk.notes.add(Note(id="N-1"), [], ME)
    await desk.notes.change("N-1", lambda note: note.wait(NOON), key)
    for i in range(IN_DOCUMENT + 5):
        await desk.notes.change("N-1", lambda note: [], Origin("u-2", key=f"u-2/{i}"))
    assert len((await desk.document("N-1"))["_handled"]) <= IN_DOCUMENT
    await desk.notes.change("N-1", writing("twice"), key)
    assert (await desk.notes.get("N-1")).words == []
    with pytest.raises(Invalid):
        await desk.notes.change("N-1", writing("other"), replace(key, digest="bb"))


async def test_keys_are_forgotten_when_no_event_of_their_time_is_left(desk: Desk) -> None:
    await desk.notes.add(Note(id="N-1"), [], ME)
    for i in range(IN_DOCUMENT + 5):
        await desk.notes.change("N-1", lambda note: [], Origin("u-2", key=f"u-2/{i}"))
    kept = desk.runtime.database["note_handled"]
    moved = await kept.count_documents({})
    assert moved > 0
    desk.world.time = NOON + REMEMBERED_FOR
    assert await desk.notes.remove_expired() == 0
    desk.world.time += timedelta(seconds=1)
    assert await desk.notes.remove_expired() == moved
    assert await kept.count_documents({}) == 0


async def test_what_an_event_led_to_has_the_same_id_each_time_it_is_decided(desk: Desk) -> None:
    cause = TicketLinked(subject="N-1", time=NOON, to=["a"])
    ids = []
    for _ in range(2):
        await desk.notes.add(Note(id="N-1"), [], ME)
        await desk.notes.change("N-1", writing("heard"), cause)
        await desk.world.settle()
        ids.append(desk.world.published(TicketLinked)[-1].id)
        await desk.runtime.database["note"].delete_one({"_id": "N-1"})
    assert ids[0] == ids[1] != cause.id


async def test_an_event_says_which_version_of_its_aggregate_told_it(desk: Desk) -> None:
    await desk.notes.add(*opened("N-1"), ME)
    await desk.notes.change("N-1", writing("second"), ME)
    await desk.world.settle()
    assert [event.revision for event in desk.world.published(TicketLinked)] == [1, 2]


async def test_what_could_not_be_sent_is_refused_before_anything_is_written(desk: Desk) -> None:
    await desk.notes.add(Note(id="N-1"), [], ME)
    with pytest.raises(TooLarge):
        await desk.notes.change("N-1", writing("\x01" * (EVENT_BYTES // 6)), ME)
    with pytest.raises(TooLarge):
        await desk.notes.add(*opened("N-2", "\x01" * (EVENT_BYTES // 6)), ME)
    assert (await desk.notes.get("N-1")).version == 1
    assert await desk.notes.find("N-2") is None


async def test_a_document_that_people_have_filled_takes_facts_still(desk: Desk) -> None:
    def fill(note: Note) -> list[Event]:
        note.words.append("词" * (desk.notes.max_bytes // 12))
        return []

    desk.notes.max_bytes = 300_000
    await desk.notes.add(Note(id="N-1"), [], ME)
    for _ in range(3):
        await desk.notes.change("N-1", fill, ME)
    with pytest.raises(TooLarge):
        await desk.notes.change("N-1", fill, ME)
    full = await desk.notes.get("N-1")
    await desk.notes.change("N-1", fill, TicketLinked(subject="N-1", time=NOON, to=[]))
    assert len((await desk.notes.get("N-1")).words) == len(full.words) + 1


async def test_what_is_put_into_a_long_list_is_written_alone(desk: Desk) -> None:
    """At its end, in its middle, at its beginning; not so when something else in it has changed too."""

    def put(at: int, *words: str) -> Decide[Note]:
        def put_in(note: Note) -> list[Event]:
            note.words[at:at] = words
            return []

        return put_in

    def mend(note: Note) -> list[Event]:
        note.words[3] = "mended"
        note.words.append("last")
        return []

    await desk.notes.add(Note(id="N-1", words=["词" * 1000] * 100), [], ME)
    expected = Note(id="N-1", words=["词" * 1000] * 100)
    for decide in (put(100, "end"), put(50, "middle", "too"), put(0, "beginning"), put(103, "x"), mend):
        seen = await desk.notes.get("N-1")
        write = await desk.notes._decide(await desk.document("N-1"), seen, decide, ME)
        assert write
        assert ("words" in write.operation["$set"]) == (decide is mend)
        await desk.notes.change("N-1", decide, ME)
        decide(expected)
        assert (await desk.notes.get("N-1")).words == expected.words
    assert (await desk.document("N-1"))["_bytes"] < 2 * size_of(await desk.document("N-1")) + 10_000
