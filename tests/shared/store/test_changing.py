"""Changing, on a real server, with both drivers: nothing is lost, nothing happens twice."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from shared.domain import Conflict, Invalid, NotFound, Origin, Stale
from shared.events import Event, TicketLinked
from shared.mongo import update_each
from shared.store import Decide
from shared.testing import NOON
from tests.shared.store.notes import ME, Desk, Margin, Note, Notes, opened, writing


async def test_of_many_changes_to_one_document_none_is_lost(desk: Desk) -> None:
    await desk.notes.add(Note(id="N-1"), [], ME)
    words = [f"word {i}" for i in range(12)]
    await asyncio.gather(*(desk.notes.change("N-1", writing(w), ME) for w in words))
    note = await desk.notes.get("N-1")
    assert sorted(note.words) == sorted(words)
    assert note.version == 1 + len(words)
    assert await desk.sent_words() == note.words


async def test_of_many_who_change_one_document_here_nobody_decides_in_vain(desk: Desk) -> None:
    await desk.notes.add(Note(id="N-1"), [], ME)
    decided: list[str] = []

    def deciding(word: str) -> Decide[Note]:
        def decide(note: Note) -> list[Event]:
            decided.append(word)
            return note.write(word)

        return decide

    words = [f"word {i}" for i in range(12)]
    await asyncio.gather(*(desk.notes.change("N-1", deciding(word), ME) for word in words))
    assert decided == words == (await desk.notes.get("N-1")).words


async def test_where_many_change_one_document_from_two_processes_nobody_is_refused(desk: Desk) -> None:
    await desk.notes.add(Note(id="N-1"), [], ME)
    elsewhere, _ = desk.elsewhere()
    stores = (desk.notes, elsewhere)
    words = [f"word {i}" for i in range(60)]
    await asyncio.gather(*(stores[i % 2].change("N-1", writing(word), ME) for i, word in enumerate(words)))
    assert sorted((await desk.notes.get("N-1")).words) == sorted(words)


async def test_who_has_waited_long_for_their_turn_goes_ahead(desk: Desk) -> None:
    await desk.notes.add(Note(id="N-1"), [], ME)
    async with desk.notes._turns.of("N-1"):  # as long as a server that is away keeps somebody
        await desk.notes.change("N-1", writing("ahead"), ME)
    assert (await desk.notes.get("N-1")).words == ["ahead"]


async def test_a_change_to_what_does_not_exist_is_not_found(notes: Notes) -> None:
    with pytest.raises(NotFound):
        await notes.change("N-0", writing("x"), ME)


async def test_a_refusal_changes_nothing(desk: Desk) -> None:
    def refuse(note: Note) -> list[Event]:
        note.write("half done")
        raise Conflict("no", "不行")

    await desk.notes.add(Note(id="N-1"), [], ME)
    with pytest.raises(Conflict):
        await desk.notes.change("N-1", refuse, ME)
    assert (await desk.notes.get("N-1")).words == []
    assert await desk.sent_words() == []


async def test_the_same_event_is_acted_on_once(desk: Desk) -> None:
    cause = TicketLinked(subject="N-1", time=NOON, to=["a"], actor="u-1")
    await desk.notes.add(Note(id="N-1"), [], ME)
    for _ in range(3):
        await desk.notes.change("N-1", writing("heard"), cause)
    await asyncio.gather(*(desk.notes.change("N-1", writing("heard"), cause) for _ in range(3)))
    assert (await desk.notes.get("N-1")).words == ["heard"]
    await desk.world.settle()
    [led_to] = desk.world.published(TicketLinked)
    assert (led_to.cause, led_to.actor) == (cause.id, "service:store")


# A key may hold the signs with which the store parts it from what it keeps beside it.
@pytest.mark.parametrize("key", ["u-1/k", "u-1/a#b", "u-1/a@7", "u-1/#"])
async def test_the_same_key_is_acted_on_once_and_never_with_other_content(notes: Notes, key: str) -> None:
    first, other = Origin("u-1", key=key, digest="aa"), Origin("u-1", key=key, digest="bb")
    await notes.add(Note(id="N-1"), [], ME)
    await notes.change("N-1", writing("once"), first)
    await notes.change("N-1", writing("twice"), first)
    with pytest.raises(Invalid):
        await notes.change("N-1", writing("other"), other)
    assert (await notes.get("N-1")).words == ["once"]


async def test_a_key_that_begins_like_another_is_another(notes: Notes) -> None:
    await notes.add(Note(id="N-1"), [], ME)
    for key in ("u-1/a#b", "u-1/a"):
        await notes.change("N-1", writing("word"), Origin("u-1", key=key, digest="aa"))
    assert (await notes.get("N-1")).words == ["word", "word"]


async def test_adding_again_with_a_key_and_other_content_is_refused(notes: Notes) -> None:
    await notes.add(*opened("N-1"), Origin("u-1", key="u-1/k", digest="aa"), keys=["k"])
    again = await notes.add(*opened("N-2"), Origin("u-1", key="u-1/k", digest="aa"), keys=["k"])
    assert again.id == "N-1"
    with pytest.raises(Invalid):
        await notes.add(*opened("N-3"), Origin("u-1", key="u-1/k", digest="bb"), keys=["k"])


async def test_a_key_that_the_server_made_up_runs_out(desk: Desk) -> None:
    same = Origin("u-1", key="u-1/auto", fresh_for=60)
    await desk.notes.add(Note(id="N-1"), [], ME)
    await desk.notes.change("N-1", writing("first"), same)
    desk.world.time += timedelta(seconds=60)
    await desk.notes.change("N-1", writing("repeat"), same)
    desk.world.time += timedelta(seconds=1)
    await desk.notes.change("N-1", writing("meant"), same)
    assert (await desk.notes.get("N-1")).words == ["first", "meant"]


async def test_who_saw_an_older_version_changes_nothing(notes: Notes) -> None:
    await notes.add(Note(id="N-1"), [], ME)
    await notes.change("N-1", writing("seen"), Origin("u-1", if_match=1))
    with pytest.raises(Stale, match="You saw version 1; the current version is 2"):
        await notes.change("N-1", writing("unseen"), Origin("u-1", if_match=1))
    assert (await notes.get("N-1")).words == ["seen"]


async def test_a_change_that_changes_nothing_writes_nothing(notes: Notes) -> None:
    await notes.add(Note(id="N-1", due_at=NOON), [], ME)
    note = await notes.change("N-1", lambda note: note.wait(NOON), ME)
    assert note.version == (await notes.get("N-1")).version == 1


async def test_what_is_no_longer_due_is_removed_from_the_document(desk: Desk) -> None:
    await desk.notes.add(Note(id="N-1", due_at=NOON), [], ME)
    elsewhere, _ = desk.elsewhere()
    await elsewhere.change("N-1", lambda note: note.wait(None), ME)
    assert "due_at" not in await desk.document("N-1")


async def test_what_a_newer_release_has_stored_stays_when_this_one_changes_the_document(desk: Desk) -> None:
    """Replicas of both run side by side while a release is rolled out."""
    await desk.notes.add(Note(id="N-1", margins=[Margin(text="see above"), Margin(text="and below")]), [], ME)
    newer = {"colour": "red", "margins.0.width": 4, "margins.1.author": {"sub": "u-1"}}
    await desk.runtime.database["note"].update_one({"_id": "N-1"}, {"$set": newer})
    elsewhere, _ = desk.elsewhere()

    def decide(note: Note) -> list[Event]:
        note.margins[0].text = "see below"
        return note.wait(NOON)

    await elsewhere.change("N-1", decide, ME)
    document = await desk.document("N-1")
    assert (document["colour"], document["due_at"]) == ("red", NOON)
    assert document["margins"] == [
        {"text": "see below", "width": 4},
        {"text": "and below", "author": {"sub": "u-1"}},
    ]


async def test_who_may_not_learns_nothing_of_the_version(notes: Notes) -> None:
    def forbid(note: Note) -> None:
        raise NotFound("there is no such note", "没有")

    await notes.add(*opened("N-1"), ME)
    with pytest.raises(NotFound):
        await notes.change("N-1", writing("x"), Origin("u-1", if_match=99), forbid)


async def test_many_are_changed_together_and_told_of(desk: Desk) -> None:
    ids = [f"N-{i}" for i in range(30)]
    for id in ids:
        await desk.notes.add(Note(id=id), [], ME)
    assert await desk.notes.change_all([*ids, "N-none"], writing("all"), ME) == ["N-none"]
    assert [note.words async for note in desk.notes.all()] == [["all"]] * 30
    assert await desk.sent_words() == ["all"] * 30


async def test_many_that_are_changed_together_while_others_change_them_are_changed_once(desk: Desk) -> None:
    def once(note: Note) -> list[Event]:
        return [] if "all" in note.words else note.write("all")

    ids = [f"N-{i}" for i in range(20)]
    for id in ids:
        await desk.notes.add(Note(id=id), [], ME)
    elsewhere, _ = desk.elsewhere()
    await asyncio.gather(
        desk.notes.change_all(ids, once, ME),
        elsewhere.change_all(ids, once, ME),
        *(desk.notes.change(id, writing("other"), ME) for id in ids),
    )
    assert [sorted(note.words) async for note in desk.notes.all()] == [["all", "other"]] * 20


async def test_one_of_many_that_somebody_else_changes_meanwhile_holds_up_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [f"N-{i:02}" for i in range(20)]
    for id in ids:
        await desk.notes.add(Note(id=id), [], ME)
    elsewhere, _ = desk.elsewhere()

    async def overtaken(*args: Any) -> bool:
        await elsewhere.change("N-03", writing("other"), ME)
        return await update_each(*args)

    monkeypatch.setattr("shared.store.store.update_each", overtaken)
    await desk.notes.change_all(ids[::-1], writing("all"), ME)
    assert await desk.sent_words() == ["all"] * 16 + ["other"] + ["all"] * 4  # without waiting for the sweep
    linked = [event.subject for event in desk.world.published(TicketLinked) if event.to == ["all"]]
    assert linked == ids[::-1]
    assert {tuple(note.words) async for note in desk.notes.all()} == {("all",), ("other", "all")}
