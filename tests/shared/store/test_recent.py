"""What a process has just written is not read again for the next change, and nothing ever rests on that it is new."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from shared.domain import Forbidden, Origin, Stale
from shared.events import TicketLinked
from shared.store.recent import LARGEST, ROOM, Recent
from shared.testing import NOON, Servers, running
from tests.shared.store.notes import ME, Desk, Note, create_app, writing


@pytest.fixture
async def desk(servers: Servers) -> AsyncIterator[Desk]:
    async with running(servers, create_app) as world:
        yield Desk(world)


class Reads:
    """Counts what is read for changes."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        find = desk.notes._find

        async def counted(*args: Any) -> dict[str, Any]:
            self.count += 1
            return await find(*args)

        monkeypatch.setattr(desk.notes, "_find", counted)


async def test_changes_after_each_other_read_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = Reads(desk, monkeypatch)
    await desk.notes.add(Note(id="N-1", due_at=NOON), [], ME)
    for word in "abc":
        await desk.notes.change("N-1", writing(word), Origin("u-1", key=f"{word} once"))
    await desk.notes.change("N-1", lambda note: note.wait(None), ME)
    assert reads.count == 0
    assert (await desk.notes.get("N-1")).words == ["a", "b", "c"]
    assert "due_at" not in await desk.document("N-1")


async def test_what_was_written_here_is_what_is_in_the_database(desk: Desk) -> None:
    """Through pushes, removed fields, and marks that move out."""
    await desk.notes.add(Note(id="N-1"), [], ME)
    for number in range(230):
        due = NOON + timedelta(seconds=number) if number % 3 else None

        def decide(note: Note, number: int = number, due: Any = due) -> list[Any]:
            note.wait(due)
            note.words.append(str(number))
            return []

        await desk.notes.change("N-1", decide, TicketLinked(subject="N-1", time=NOON, to=[]))
    recent = desk.notes._recent.get("N-1")
    stored = await desk.document("N-1")
    assert recent
    assert recent == stored


async def test_what_another_process_wrote_is_seen(desk: Desk) -> None:
    elsewhere, _ = desk.elsewhere()
    await desk.notes.add(Note(id="N-1"), [], ME)
    await elsewhere.change("N-1", writing("theirs"), ME)
    await desk.notes.change("N-1", writing("ours"), ME)
    assert (await desk.notes.get("N-1")).words == ["theirs", "ours"]


async def test_nobody_is_refused_because_of_what_is_old(desk: Desk) -> None:
    elsewhere, _ = desk.elsewhere()
    await desk.notes.add(Note(id="N-1"), [], ME)
    await elsewhere.change("N-1", writing("there"), ME)

    def only_when_there(note: Note) -> None:
        if "there" not in note.words:
            raise Forbidden("not yet", "还不行")

    note = await desk.notes.change("N-1", writing("ours"), Origin("u-1", if_match=2), only_when_there)
    assert note.words == ["there", "ours"]
    with pytest.raises(Stale):
        await desk.notes.change("N-1", writing("late"), Origin("u-1", if_match=2))


async def test_that_there_is_nothing_to_do_is_decided_upon_what_is_new(desk: Desk) -> None:
    elsewhere, _ = desk.elsewhere()
    await desk.notes.add(Note(id="N-1", due_at=NOON), [], ME)
    await elsewhere.change("N-1", lambda note: note.wait(None), ME)
    note = await desk.notes.change("N-1", lambda note: note.wait(NOON), ME)
    assert note.due_at == (await desk.notes.get("N-1")).due_at == NOON


async def test_what_was_handled_elsewhere_is_not_handled_again(desk: Desk) -> None:
    elsewhere, _ = desk.elsewhere()
    await desk.notes.add(Note(id="N-1"), [], ME)
    event = TicketLinked(subject="N-1", time=NOON, to=[])
    await elsewhere.change("N-1", writing("once"), event)
    note = await desk.notes.change("N-1", writing("once"), event)
    assert note.words == ["once"]


# ---- by itself


def doc(version: int, size: int = 10) -> dict[str, Any]:
    return {"_id": "x", "version": version, "text": "x" * size}


def test_a_copy_is_given_so_that_nobody_changes_what_is_kept() -> None:
    recent = Recent()
    recent.put("N-1", doc(1))
    taken = recent.get("N-1")
    assert taken
    taken["version"] = 7
    assert recent.get("N-1") == doc(1)


def test_memory_is_bounded() -> None:
    recent = Recent()
    recent.put("large", doc(1, LARGEST))
    assert recent.get("large") is None
    for number in range(3 * ROOM // 50_000):
        recent.put(str(number), doc(1, 50_000))
    assert recent._bytes <= ROOM
    assert recent.get("0") is None
    recent.put("0", doc(1))
    recent.put("0", doc(2))
    assert recent.get("0") == doc(2)


def test_where_others_change_the_same_it_is_left_alone_until_it_would_have_been_right() -> None:
    recent = Recent()
    recent.put("N-1", doc(1))
    for _ in range(5):
        recent.saw("N-1", 2)
    assert recent.get("N-1") is None
    for _ in range(20):
        recent.saw("N-1", 1)
    assert recent.get("N-1") == doc(1)
