"""Attachments on a real server, with answers that are lost and processes that die: what a ticket has can be read, and
what no ticket has is gone after a while."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from services.intake.attachments.domain import Upload
from services.intake.attachments.handlers import ATTACH_WITHIN, CLEAN_UP_AFTER
from shared.domain import Unavailable
from shared.testing import WANG, World
from tests.intake.attachments.failures import (
    LOG,
    ME,
    WHOLE,
    Around,
    Desk,
    answer_is_lost,
    around,
    dies_after,
    dies_before,
    never_arrives,
)
from tests.intake.scene import opened


@pytest.fixture
async def desk(world: World) -> Desk:
    return Desk(world, (await opened(world))["number"])


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
    due_at = desk.world.now() + CLEAN_UP_AFTER
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
        await around(desk.attachments, part, method, death).clean_up(ids)
    await desk.attachments.clean_up(ids)
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
        sweep = asyncio.create_task(sweeping.clean_up(ids))
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
        desk.world.time += ATTACH_WITHIN + timedelta(seconds=1)

    with pytest.raises(Unavailable):
        await desk.add(around(desk.attachments, "files", "save", slow))
    assert (await desk.stored(), await desk.is_clean()) == (set(), True)
