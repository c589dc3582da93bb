"""Attachments on a real server, with answers that are lost and processes that die: what a ticket has can be read, and
what no ticket has is gone after a while."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response
from pymongo.errors import AutoReconnect

from services.intake.attachments import SWEPT_AFTER, TAKEN_WITHIN, Attachments, Upload
from services.intake.domain import Ticket
from shared.domain import Forbidden, Invalid, Origin, Unavailable
from shared.testing import AGENT, VIEWER, WANG, ZHAO, Person, World
from tests.intake.test_api import opened

LOG = b"java.lang.OutOfMemoryError\n" * 20_000
WHOLE = SWEPT_AFTER.total_seconds()
ME = Origin("u-wang")


@dataclass
class Desk:
    world: World
    number: str

    @property
    def attachments(self) -> Attachments:
        found: Attachments = self.world.apps["intake"].state.service.attachments
        return found

    async def add(self, at: Attachments | None = None, content: bytes = LOG, by: Origin = ME) -> Ticket:
        return await (at or self.attachments).add(self.number, "a.log", "text/plain", pieces(content), customer, by)

    async def ids(self, collection: str, field: str) -> set[str]:
        return {doc[field] async for doc in self.world.runtimes["intake"].database[collection].find({})}

    async def stored(self) -> set[str]:
        return await self.ids("fs.files", "_id") | await self.ids("fs.chunks", "files_id")

    async def taken(self) -> set[str]:
        """Each of them whole."""
        ticket = await self.attachments.tickets.get(self.number)
        for one in ticket.attachments:
            content = b"".join([chunk async for chunk in self.attachments.files.read(one.id)])
            assert (len(content), content) == (one.size, LOG)
        return {one.id for one in ticket.attachments}

    async def is_clean(self) -> bool:
        """Stored is what the ticket has, and nothing is under way."""
        return await self.stored() == await self.taken() and not await self.ids("upload", "_id")

    async def sweep(self) -> None:
        await self.attachments.sweep([upload.id async for upload in self.attachments.uploads.all()])


@pytest.fixture
async def desk(world: World) -> Desk:
    return Desk(world, (await opened(world))["number"])


def customer(_: Ticket) -> bool:
    return False


async def pieces(content: bytes, size: int = 255 * 1024) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


class Around:
    """A part of the service, with something else around one of its methods."""

    def __init__(self, part: Any, method: str, other: Callable[..., Any]) -> None:
        self._part, self._method, self._other = part, method, other

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._part, name)
        if name != self._method:
            return real
        return lambda *args, **more: self._other(lambda: real(*args, **more))


async def dies_before(_: Callable[[], Any]) -> None:
    raise asyncio.CancelledError


async def dies_after(real: Callable[[], Any]) -> None:
    await real()
    raise asyncio.CancelledError


async def answer_is_lost(real: Callable[[], Any]) -> None:
    await real()
    raise AutoReconnect("connection closed")


async def never_arrives(_: Callable[[], Any]) -> None:
    raise AutoReconnect("connection refused")


def around(desk: Attachments, part: str, method: str, other: Callable[..., Any]) -> Attachments:
    changed: Any = {part: Around(getattr(desk, part), method, other)}
    return replace(desk, **changed)


# ---- nothing is lost, nothing stays ---------------------------------------------------------------


async def test_a_ticket_keeps_the_file_when_the_answer_of_its_write_is_lost(desk: Desk) -> None:
    docs = desk.attachments.tickets._docs
    desk.attachments.tickets._docs = Around(docs, "update_one", answer_is_lost)
    async with desk.world.as_(WANG, "intake") as wang:
        answer = await wang.post(f"/tickets/{desk.number}/attachments", files={"file": ("a.log", LOG)})
    desk.attachments.tickets._docs = docs
    assert answer.status_code == 503
    assert len(await desk.taken()) == 1
    await desk.world.pass_time(seconds=WHOLE)
    assert len(await desk.taken()) == 1
    assert await desk.is_clean()


async def test_a_file_whose_write_never_arrived_is_swept_and_not_before(desk: Desk) -> None:
    with pytest.raises(AutoReconnect):
        await desk.add(around(desk.attachments, "tickets", "change", never_arrives))
    await desk.world.pass_time(seconds=WHOLE - 1)
    assert len(await desk.stored()) == 1
    await desk.world.pass_time(seconds=1)
    assert (await desk.stored(), await desk.taken()) == (set(), set())
    assert await desk.is_clean()


@pytest.mark.parametrize("death", [dies_before, dies_after, answer_is_lost])
@pytest.mark.parametrize(
    ("part", "method"), [("uploads", "add"), ("files", "save"), ("tickets", "change"), ("uploads", "remember")]
)
async def test_whoever_dies_between_two_writes_leaves_nothing_to_nobody(
    desk: Desk, part: str, method: str, death: Callable[..., Any]
) -> None:
    with pytest.raises((asyncio.CancelledError, AutoReconnect)):
        await desk.add(around(desk.attachments, part, method, death))
    before = await desk.taken()
    await desk.world.pass_time(seconds=WHOLE)
    assert await desk.taken() == before
    assert await desk.is_clean()


@pytest.mark.parametrize("death", [dies_before, dies_after])
@pytest.mark.parametrize(("part", "method"), [("files", "delete"), ("uploads", "remove")])
async def test_whoever_dies_while_a_refused_file_is_discarded_leaves_nothing(
    desk: Desk, part: str, method: str, death: Callable[..., Any]
) -> None:
    with pytest.raises(asyncio.CancelledError):
        await desk.add(around(desk.attachments, part, method, death), by=replace(ME, if_match=99))
    await desk.world.pass_time(seconds=WHOLE)
    assert (await desk.stored(), await desk.is_clean()) == (set(), True)


async def test_chunks_of_an_upload_that_was_killed_are_swept(desk: Desk) -> None:
    """The file's own document is written last."""
    database = desk.world.runtimes["intake"].database
    due_at = desk.world.now() + SWEPT_AFTER
    await desk.attachments.uploads.add(Upload(id="F-1", ticket=desk.number, due_at=due_at), [], ME)
    await database["fs.chunks"].insert_many([{"files_id": "F-1", "n": n, "data": b"x"} for n in range(3)])
    kept = await desk.add()
    await desk.world.pass_time(seconds=WHOLE)
    assert await desk.stored() == {kept.attachments[0].id}
    assert await desk.is_clean()


@pytest.mark.parametrize("death", [dies_before, dies_after])
@pytest.mark.parametrize(
    ("part", "method"), [("tickets", "get"), ("tickets", "change"), ("files", "delete"), ("uploads", "remove")]
)
async def test_a_sweep_that_dies_is_done_by_the_next(
    desk: Desk, part: str, method: str, death: Callable[..., Any]
) -> None:
    for method_of_ticket in (dies_before, dies_after):
        with pytest.raises(asyncio.CancelledError):
            await desk.add(around(desk.attachments, "tickets", "change", method_of_ticket))
    ids = [upload.id async for upload in desk.attachments.uploads.all()]
    with pytest.raises(asyncio.CancelledError):
        await around(desk.attachments, part, method, death).sweep(ids)
    await desk.attachments.sweep(ids)
    assert len(await desk.taken()) == 1
    assert await desk.is_clean()


async def test_two_replicas_sweep_at_the_same_moment(desk: Desk) -> None:
    for death in (dies_before, dies_after) * 3:
        with pytest.raises(asyncio.CancelledError):
            await desk.add(around(desk.attachments, "tickets", "change", death))
    await asyncio.gather(desk.sweep(), desk.sweep(), desk.sweep())
    assert len(await desk.taken()) == 3
    assert await desk.is_clean()


# ---- the sweep and the ticket's write at the same moment ------------------------------------------


async def test_a_write_that_is_still_on_its_way_at_the_sweep_comes_to_nothing(desk: Desk) -> None:
    docs = desk.attachments.tickets._docs

    async def long_way(real: Callable[[], Any]) -> Any:
        desk.attachments.tickets._docs = docs
        await desk.world.pass_time(seconds=WHOLE)
        return await real()

    desk.attachments.tickets._docs = Around(docs, "update_one", long_way)
    with pytest.raises(Unavailable):
        await desk.add()
    assert (await desk.stored(), await desk.taken()) == (set(), set())
    assert await desk.is_clean()


@pytest.mark.parametrize("step", ["get", "change", "update_one"])
async def test_a_write_that_arrives_in_the_middle_of_the_sweep_keeps_its_file(desk: Desk, step: str) -> None:
    """The sweep has seen the ticket without the file, is about to leave its mark, or has decided upon it."""
    arrived, written = asyncio.Event(), asyncio.Event()
    docs = desk.attachments.tickets._docs

    async def in_the_middle(real: Callable[[], Any]) -> Any:
        desk.attachments.tickets._docs = docs
        seen = await real() if step == "get" else None
        arrived.set()
        await written.wait()
        return seen or await real()

    async def write(real: Callable[[], Any]) -> Any:
        ids = [upload.id async for upload in desk.attachments.uploads.all()]
        sweeping = desk.attachments
        if step == "update_one":
            desk.attachments.tickets._docs = Around(docs, step, in_the_middle)
        else:
            sweeping = around(desk.attachments, "tickets", step, in_the_middle)
        sweep = asyncio.create_task(sweeping.sweep(ids))
        await arrived.wait()
        ticket = await real()
        written.set()
        await sweep
        return ticket

    ticket = await desk.add(around(desk.attachments, "tickets", "change", write))
    assert await desk.taken() == {ticket.attachments[0].id}
    assert await desk.is_clean()


async def test_a_file_that_took_too_long_to_store_is_refused(desk: Desk) -> None:
    async def slow(real: Callable[[], Any]) -> None:
        await real()
        desk.world.time += TAKEN_WITHIN + timedelta(seconds=1)

    with pytest.raises(Unavailable):
        await desk.add(around(desk.attachments, "files", "save", slow))
    assert (await desk.stored(), await desk.is_clean()) == (set(), True)


# ---- keys and rights ------------------------------------------------------------------------------


async def post(world: World, number: str, name: str = "a.log", content: bytes = LOG, key: str = "up-1") -> Response:
    async with world.as_(WANG, "intake", **{"Idempotency-Key": key}) as wang:
        return await wang.post(f"/tickets/{number}/attachments", files={"file": (name, content)})


async def test_a_repeated_upload_is_answered_as_before_and_leaves_no_second_file(desk: Desk) -> None:
    """Each time with another boundary."""
    first, second = await post(desk.world, desk.number), await post(desk.world, desk.number)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert len(await desk.stored()) == 1
    await desk.world.pass_time(seconds=WHOLE)
    assert await desk.is_clean()


async def test_a_repetition_of_an_upload_whose_answer_was_lost_finds_it_done(desk: Desk) -> None:
    by = replace(ME, key="u-wang up-1")
    with pytest.raises(AutoReconnect):
        await desk.add(around(desk.attachments, "tickets", "change", answer_is_lost), by=by)
    await desk.add(by=by)
    assert len(await desk.taken()) == len(await desk.stored()) == 1


@pytest.mark.parametrize(("name", "content"), [("a.log", LOG + b"x"), ("b.log", LOG)])
async def test_a_key_with_another_file_is_refused(desk: Desk, name: str, content: bytes) -> None:
    assert (await post(desk.world, desk.number)).status_code == 201
    answer = await post(desk.world, desk.number, name, content)
    async with desk.world.as_(WANG, "intake", **{"Idempotency-Key": "up-1"}) as wang:
        usual = await wang.post(f"/tickets/{desk.number}/messages", json={"text": "x"})
    same = ("type", "status", "detail")
    assert answer.status_code == 422
    assert [answer.json()[name] for name in same] == [usual.json()[name] for name in same]
    assert len(await desk.taken()) == len(await desk.stored()) == 1


async def test_a_key_with_the_same_file_for_another_ticket_is_refused(desk: Desk) -> None:
    other = (await opened(desk.world, description="另一个问题：登录失败"))["number"]
    assert other != desk.number
    assert (await post(desk.world, desk.number)).status_code == 201
    assert (await post(desk.world, other)).status_code == 422
    assert len(await desk.stored()) == 1
    assert (await post(desk.world, other, key="up-2")).status_code == 201


async def test_a_key_whose_upload_was_refused_can_be_used_again(desk: Desk) -> None:
    assert (await post(desk.world, desk.number, content=b"")).status_code == 422
    assert (await post(desk.world, desk.number)).status_code == 201


async def test_the_right_is_asked_for_in_the_write_and_before_the_version(desk: Desk) -> None:
    def lost_meanwhile(_: Ticket) -> bool:
        raise Forbidden("not any more", "已无权限")

    with pytest.raises(Forbidden):
        await desk.attachments.add(
            desk.number, "a.log", "text/plain", pieces(LOG), lost_meanwhile, replace(ME, if_match=99)
        )
    assert (await desk.stored(), await desk.is_clean()) == (set(), True)


@pytest.mark.parametrize(("who", "status"), [(ZHAO, 404), (VIEWER, 403), (AGENT, 201)])
async def test_of_an_upload_that_is_not_allowed_nothing_is_read(desk: Desk, who: Person, status: int) -> None:
    read = []

    async def body() -> AsyncIterator[bytes]:
        yield b'--e\r\nContent-Disposition: form-data; name="file"; filename="a.log"\r\n\r\n'
        read.append(LOG)
        yield LOG
        yield b"\r\n--e--\r\n"

    async with desk.world.as_(who, "intake", **{"Content-Type": "multipart/form-data; boundary=e"}) as client:
        answer = await client.post(f"/tickets/{desk.number}/attachments", content=body())
    assert (answer.status_code, bool(read)) == (status, status == 201)
    assert not await desk.ids("upload", "_id") or status == 201


async def test_an_empty_file_is_refused_and_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(Invalid):
        await desk.add(content=b"")
    assert (await desk.stored(), await desk.is_clean()) == (set(), True)


async def test_the_indexes_of_files_are_there_before_the_first_upload(world: World) -> None:
    database = world.runtimes["intake"].database
    files, chunks = [await database[f"fs.{name}"].index_information() for name in ("files", "chunks")]
    assert [("filename", 1), ("uploadDate", 1)] in [index["key"] for index in files.values()]
    assert [index["unique"] for index in chunks.values() if index["key"] == [("files_id", 1), ("n", 1)]] == [True]
