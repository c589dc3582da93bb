"""The store on a real server, with both drivers: nothing is lost, nothing happens twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI
from pydantic import AwareDatetime, Field
from pymongo.errors import DocumentTooLarge, OperationFailure, ServerSelectionTimeoutError, WTimeoutError

from shared.domain import Aggregate, Conflict, Invalid, NotFound, Origin, Stale, TooLarge
from shared.events import Event, TicketLinked
from shared.mongo import Counter, Database, Files, is_transient, size_of
from shared.outbox import Sender
from shared.service import Runtime, serve
from shared.store import EVENT_BYTES, Decide, Index, Store
from shared.store.marks import IN_DOCUMENT
from shared.testing import NOON, Servers, World, running
from tests.servers import SCRIPTS, free_port, process


class Note(Aggregate):
    serial: str | None = None
    words: list[str] = Field(default_factory=list)
    due_at: AwareDatetime | None = None

    def write(self, word: str) -> list[Event]:
        self.words.append(word)
        return [TicketLinked(subject=self.id, time=NOON, to=[word])]

    def wait(self, due_at: datetime | None) -> list[Event]:
        self.due_at = due_at
        return []


class Notes(Store[Note]):
    kind = Note
    unique = ("_keys",)
    indexes = (Index(("words", "-version")),)


def create_app(runtime: Runtime) -> FastAPI:
    return serve("shared", lambda runtime: runtime.store(Notes), APIRouter(), {}, runtime)


@dataclass
class Desk:
    """The notes of a running service, and the same database seen from elsewhere."""

    world: World

    @property
    def runtime(self) -> Runtime:
        return self.world.runtimes["shared"]

    @property
    def notes(self) -> Notes:
        notes = self.runtime.stores[0]
        assert isinstance(notes, Notes)
        return notes

    def elsewhere(self) -> tuple[Notes, Sender]:
        """Another process of the same service, whose sender has not been started."""
        sender = Sender("shared", self.runtime.bus.publish, self.world.now)
        notes = Notes(self.runtime.database, sender, self.world.now)
        sender.watch(notes)
        return notes, sender

    async def document(self, id: str) -> dict[str, Any]:
        return dict(await self.runtime.database["note"].find_one({"_id": id}))

    async def sent_words(self) -> list[str]:
        await self.world.settle()
        await self.runtime.sender.clear()
        return [event.to[0] for event in self.world.published(TicketLinked)]


@pytest.fixture(params=["motor", "pymongo"])
async def desk(request: pytest.FixtureRequest, servers: Servers) -> AsyncIterator[Desk]:
    async with running(replace(servers, driver=request.param), create_app) as world:
        yield Desk(world)


@pytest.fixture
def notes(desk: Desk) -> Notes:
    return desk.notes


ME = Origin("me")


def opened(id: str, word: str = "first") -> tuple[Note, list[Event]]:
    note = Note(id=id)
    return note, note.write(word)


def writing(word: str) -> Decide[Note]:
    return lambda note: note.write(word)


# ---- adding -------------------------------------------------------------------------------------


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


# ---- changing -----------------------------------------------------------------------------------


async def test_of_many_changes_to_one_document_none_is_lost(desk: Desk) -> None:
    await desk.notes.add(Note(id="N-1"), [], ME)
    words = [f"word {i}" for i in range(12)]
    await asyncio.gather(*(desk.notes.change("N-1", writing(w), ME) for w in words))
    note = await desk.notes.get("N-1")
    assert sorted(note.words) == sorted(words)
    assert note.version == 1 + len(words)
    assert await desk.sent_words() == note.words


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
    assert (led_to.cause, led_to.actor) == (cause.id, "service:shared")


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


async def test_fields_that_disappear_are_removed_from_the_document(desk: Desk) -> None:
    await desk.notes.add(Note(id="N-1", due_at=NOON), [], ME)
    collection = desk.runtime.database["note"]
    await collection.update_one({"_id": "N-1"}, {"$set": {"colour": "a field of an older version"}})
    elsewhere, _ = desk.elsewhere()
    await elsewhere.change("N-1", lambda note: note.wait(None), ME)
    document = await desk.document("N-1")
    assert not {"due_at", "colour"} & set(document)


# ---- the outbox ---------------------------------------------------------------------------------


async def test_events_go_out_in_the_order_of_the_writes_and_leave_the_document(desk: Desk) -> None:
    await desk.notes.add(*opened("N-1", "0"), ME)
    for i in range(1, 8):
        await desk.notes.change("N-1", writing(str(i)), ME)
    assert await desk.sent_words() == [str(i) for i in range(8)]
    document = await desk.document("N-1")
    assert document["_outbox"] == []
    assert "_unsent" not in document


async def test_what_a_crash_left_between_write_and_publish_is_found_and_sent_once(desk: Desk) -> None:
    crashed, _ = desk.elsewhere()
    await crashed.add(*opened("N-1", "lost?"), ME)
    assert await desk.sent_words() == []
    assert await desk.runtime.sender.sweep(NOON - timedelta(seconds=1)) == 0
    assert await desk.runtime.sender.sweep(NOON) == 1
    assert await desk.sent_words() == ["lost?"]
    assert await desk.runtime.sender.sweep(NOON) == 0


async def test_a_start_takes_up_what_was_left_behind_a_moment_ago(desk: Desk) -> None:
    crashed, _ = desk.elsewhere()
    await crashed.add(*opened("N-1", "lost?"), ME)
    _, started = desk.elsewhere()
    await started.start()
    await started.stop()
    assert await desk.sent_words() == ["lost?"]


async def test_a_later_write_by_another_process_sends_what_was_left_behind_first(desk: Desk) -> None:
    crashed, _ = desk.elsewhere()
    await crashed.add(*opened("N-1", "left behind"), ME)
    await desk.notes.change("N-1", writing("later"), ME)
    assert await desk.sent_words() == ["left behind", "later"]


async def test_two_senders_that_find_the_same_left_over_send_it_once(desk: Desk) -> None:
    crashed, other = desk.elsewhere()
    await crashed.add(*opened("N-1", "once"), ME)
    await asyncio.gather(other.start(), desk.runtime.sender.sweep(NOON))
    words = await desk.sent_words()
    await other.stop()
    info = await desk.runtime.bus.link.js.stream_info(desk.runtime.bus.names.stream)
    assert (words, info.state.messages) == (["once"], 1)


async def test_a_clearing_that_comes_too_late_does_not_touch_a_newer_outbox(desk: Desk) -> None:
    slow, _ = desk.elsewhere()
    await slow.add(*opened("N-1", "one"), ME)
    first = (await desk.document("N-1"))["_unsent"]
    await slow.change("N-1", writing("two"), ME)
    await slow.clear_sent([first])
    assert len((await desk.document("N-1"))["_outbox"]) == 2


async def test_a_bus_that_is_down_keeps_events_until_it_is_back(servers: Servers, tmp_path: Path) -> None:
    port = free_port()
    command = [str(SCRIPTS / "nats-server"), "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(tmp_path / "js")]
    own = replace(servers, nats_url=f"nats://127.0.0.1:{port}")
    with ExitStack() as nats:
        nats.enter_context(process(command, port, tmp_path / "nats.log"))
        async with running(own, create_app) as world:
            desk = Desk(world)
            nats.close()
            await desk.notes.add(*opened("N-1", "0"), ME)
            await desk.notes.change("N-1", writing("1"), ME)
            assert len((await desk.document("N-1"))["_outbox"]) == 2
            nats.enter_context(process(command, port, tmp_path / "nats.log"))
            await world.settle(30)
            bus = desk.runtime.bus
            followed = [await anext(feed) for feed in [bus.follow(0)] for _ in range(2)]
            await desk.runtime.sender.clear()
            assert [one[1].to for one in followed if one and isinstance(one[1], TicketLinked)] == [["0"], ["1"]]
            assert (await desk.document("N-1"))["_outbox"] == []


# ---- indexes and plans --------------------------------------------------------------------------


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


async def test_the_index_over_outboxes_holds_only_what_is_left_over(desk: Desk) -> None:
    crashed, _ = desk.elsewhere()
    for i in range(10):
        await desk.notes.add(*opened(f"N-{i}"), ME)
    await desk.sent_words()
    for i in range(3):
        await crashed.add(*opened(f"C-{i}"), ME)
    indexes = await desk.runtime.database["note"].index_information()
    assert indexes["_unsent_1"]["sparse"]
    assert sorted(id for id, _, _ in await desk.notes.left_over(NOON, "", 100)) == ["C-0", "C-1", "C-2"]
    assert await desk.notes.count({"_unsent": {"$exists": True}}) == 3


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


# ---- files and numbers --------------------------------------------------------------------------


async def pieces(*chunks: bytes, error: Exception | None = None) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    if error:
        raise error


async def test_a_file_is_read_as_it_was_saved_and_gone_when_deleted(desk: Desk) -> None:
    files = Files(desk.runtime.database)
    content = bytes(range(256)) * 2000
    await files.save("F-1", "log.txt", pieces(content[:300_000], content[300_000:]))
    assert b"".join([chunk async for chunk in files.read("F-1")]) == content
    await files.delete("F-1")
    with pytest.raises(NotFound):
        await anext(files.read("F-1"))


async def test_of_an_upload_that_breaks_off_nothing_stays(desk: Desk) -> None:
    files = Files(desk.runtime.database)
    with pytest.raises(ConnectionError):
        await files.save("F-1", "log.txt", pieces(b"x" * 600_000, error=ConnectionError("gone")))
    with pytest.raises(NotFound):
        await anext(files.read("F-1"))
    assert await desk.runtime.database["fs.chunks"].count_documents({}) == 0


async def test_of_a_file_that_is_deleted_again_or_was_never_whole_nothing_stays(desk: Desk) -> None:
    files, chunks = Files(desk.runtime.database), desk.runtime.database["fs.chunks"]
    await files.save("F-1", "log.txt", pieces(b"x"))
    await chunks.insert_one({"files_id": "F-2", "n": 0, "data": b"x"})
    for id in ("F-1", "F-1", "F-2", "F-3"):
        await files.delete(id)
    assert await chunks.count_documents({}) == 0


async def test_numbers_are_unique_when_two_processes_take_them_at_once(desk: Desk) -> None:
    counters = [Counter(desk.runtime.database, block=7) for _ in range(2)]
    numbers = await asyncio.gather(*(counter.next("T") for _ in range(40) for counter in counters))
    assert len(set(numbers)) == 80
    assert min(numbers) == 1
    assert await counters[0].next("another name") == 1


async def test_a_number_up_to_which_all_are_taken_is_not_given_by_any_process(desk: Desk) -> None:
    counters = [Counter(desk.runtime.database, block=7) for _ in range(4)]
    await asyncio.gather(*(counter.raise_above("T", 100, 10) for counter in counters))
    numbers = await asyncio.gather(*(counter.next("T") for _ in range(20) for counter in counters))
    assert (len(set(numbers)), min(numbers)) == (80, 111)
    await counters[0].raise_above("T", 100, 10)  # it only ever rises
    assert await counters[0].next("T") > 130


async def test_what_this_process_gave_it_does_not_give_again_when_the_database_is_put_back(desk: Desk) -> None:
    counter = Counter(desk.runtime.database, block=7)
    numbers = [await counter.next("T") for _ in range(7)]
    await desk.runtime.database["counter"].update_one({"_id": "T"}, {"$set": {"value": 0}})
    numbers += [await counter.next("T") for _ in range(7)]
    await desk.runtime.database["counter"].delete_one({"_id": "T"})
    numbers += [await counter.next("T") for _ in range(7)]
    assert numbers == list(range(1, 22))


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_a_database_is_opened_pinged_and_closed(servers: Servers, driver: str) -> None:
    database = Database.open(servers.mongo_url, f"t{uuid4().hex[:10]}", driver)
    await database.ping()
    await database["note"].insert_one({"_id": "N-1"})
    await database.drop()
    assert await database["note"].count_documents({}) == 0
    await database.close()


async def test_a_sender_that_is_stopped_sends_and_clears_what_is_there(servers: Servers) -> None:
    async with running(servers, create_app) as world:
        desk = Desk(world)
        notes, sender = desk.elsewhere()
        await notes.add(*opened("N-1", "last words"), ME)
        await sender.start()
        await sender.stop()
        assert (await desk.document("N-1"))["_outbox"] == []
        assert await desk.sent_words() == ["last words"]


# ---- what is remembered, and what is too much ----------------------------------------------------


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
    await desk.notes.change_all([*ids, "N-none"], writing("all"), ME)
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


def test_errors_that_pass_are_told_from_those_that_stay() -> None:
    assert is_transient(ServerSelectionTimeoutError("nobody there"))
    assert is_transient(OperationFailure("stepping down", 189))
    assert is_transient(WTimeoutError("the majority is slow"))
    assert not is_transient(DocumentTooLarge("17 MB"))
    assert not is_transient(OperationFailure("bad update", 9))
    assert not is_transient(ValueError("ours"))


async def test_an_index_that_is_there_with_other_options_stays_and_nothing_ends(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    docs = desk.notes._docs
    await docs.drop_index("words_1_version_-1")
    await docs.create_index([("words", 1), ("version", -1)], sparse=True)
    await desk.notes.ensure_indexes()
    assert (await docs.index_information())["words_1_version_-1"].get("sparse")
    assert "an index of note stays as it is" in caplog.text
