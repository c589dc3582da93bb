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
    Scene,
    answer_is_lost,
    around,
    dies_after,
    dies_before,
    never_arrives,
)
from tests.intake.scene import opened


@pytest.fixture
async def scene(world: World) -> Scene:
    return Scene(world, (await opened(world))["ticket"])


# ---- nothing is lost, nothing stays ---------------------------------------------------------------


async def test_a_ticket_keeps_the_file_when_the_answer_of_its_write_is_lost(scene: Scene) -> None:
    docs = scene.attachments.tickets._docs
    scene.attachments.tickets._docs = Around(docs, "update_one", answer_is_lost)
    async with scene.world.as_(WANG, "intake") as wang:
        answer = await wang.post(f"/v1/tickets/{scene.number}/attachments", files={"file": ("a.log", LOG)})
    scene.attachments.tickets._docs = docs
    assert answer.status_code == 503
    assert len(await scene.taken()) == 1
    await scene.world.pass_time(seconds=WHOLE)
    assert len(await scene.taken()) == 1
    assert await scene.is_clean()


async def test_a_file_whose_write_never_arrived_is_swept_and_not_before(scene: Scene) -> None:
    with pytest.raises(AutoReconnect):
        await scene.add(around(scene.attachments, "tickets", "change", never_arrives))
    await scene.world.pass_time(seconds=WHOLE - 1)
    assert len(await scene.stored()) == 1
    await scene.world.pass_time(seconds=1)
    assert (await scene.stored(), await scene.taken()) == (set(), set())
    assert await scene.is_clean()


@pytest.mark.parametrize("death", [dies_before, dies_after, answer_is_lost])
@pytest.mark.parametrize(
    ("part", "method"), [("uploads", "add"), ("files", "save"), ("tickets", "change"), ("uploads", "record_key")]
)
async def test_whoever_dies_between_two_writes_leaves_nothing_to_nobody(
    scene: Scene, part: str, method: str, death: Callable[..., Any]
) -> None:
    with pytest.raises((asyncio.CancelledError, AutoReconnect)):
        await scene.add(around(scene.attachments, part, method, death))
    before = await scene.taken()
    await scene.world.pass_time(seconds=WHOLE)
    assert await scene.taken() == before
    assert await scene.is_clean()


@pytest.mark.parametrize("death", [dies_before, dies_after])
@pytest.mark.parametrize(("part", "method"), [("files", "delete"), ("uploads", "remove")])
async def test_whoever_dies_while_a_refused_file_is_discarded_leaves_nothing(
    scene: Scene, part: str, method: str, death: Callable[..., Any]
) -> None:
    with pytest.raises(asyncio.CancelledError):
        await scene.add(around(scene.attachments, part, method, death), by=replace(ME, if_match=99))
    await scene.world.pass_time(seconds=WHOLE)
    assert (await scene.stored(), await scene.is_clean()) == (set(), True)


async def test_chunks_of_an_upload_that_was_killed_are_swept(scene: Scene) -> None:
    """The file's own document is written last."""
    database = scene.world.runtimes["intake"].database
    due_at = scene.world.now() + CLEAN_UP_AFTER
    await scene.attachments.uploads.add(Upload(id="F-1", ticket=scene.number, due_at=due_at), [], ME)
    await database["fs.chunks"].insert_many([{"files_id": "F-1", "n": n, "data": b"x"} for n in range(3)])
    kept = await scene.add()
    await scene.world.pass_time(seconds=WHOLE)
    assert await scene.stored() == {kept.attachments[0].id}
    assert await scene.is_clean()


@pytest.mark.parametrize("death", [dies_before, dies_after])
@pytest.mark.parametrize(
    ("part", "method"), [("tickets", "get"), ("tickets", "change"), ("files", "delete"), ("uploads", "remove")]
)
async def test_a_sweep_that_dies_is_done_by_the_next(
    scene: Scene, part: str, method: str, death: Callable[..., Any]
) -> None:
    for method_of_ticket in (dies_before, dies_after):
        with pytest.raises(asyncio.CancelledError):
            await scene.add(around(scene.attachments, "tickets", "change", method_of_ticket))
    ids = [upload.id async for upload in scene.attachments.uploads.all()]
    with pytest.raises(asyncio.CancelledError):
        await around(scene.attachments, part, method, death).clean_up(ids)
    await scene.attachments.clean_up(ids)
    assert len(await scene.taken()) == 1
    assert await scene.is_clean()


async def test_two_replicas_sweep_at_the_same_moment(scene: Scene) -> None:
    for death in (dies_before, dies_after) * 3:
        with pytest.raises(asyncio.CancelledError):
            await scene.add(around(scene.attachments, "tickets", "change", death))
    await asyncio.gather(scene.sweep(), scene.sweep(), scene.sweep())
    assert len(await scene.taken()) == 3
    assert await scene.is_clean()


# ---- the sweep and the ticket's write at the same moment ------------------------------------------


async def test_a_write_that_is_still_on_its_way_at_the_sweep_comes_to_nothing(scene: Scene) -> None:
    docs = scene.attachments.tickets._docs

    async def long_way(real: Callable[[], Any]) -> Any:
        scene.attachments.tickets._docs = docs
        await scene.world.pass_time(seconds=WHOLE)
        return await real()

    scene.attachments.tickets._docs = Around(docs, "update_one", long_way)
    with pytest.raises(Unavailable):
        await scene.add()
    assert (await scene.stored(), await scene.taken()) == (set(), set())
    assert await scene.is_clean()


@pytest.mark.parametrize("step", ["get", "change", "update_one"])
async def test_a_write_that_arrives_in_the_middle_of_the_sweep_keeps_its_file(scene: Scene, step: str) -> None:
    """The sweep has seen the ticket without the file, is about to leave its mark, or has decided upon it."""
    arrived, written = asyncio.Event(), asyncio.Event()
    docs = scene.attachments.tickets._docs

    async def in_the_middle(real: Callable[[], Any]) -> Any:
        scene.attachments.tickets._docs = docs
        seen = await real() if step == "get" else None
        arrived.set()
        await written.wait()
        return seen or await real()

    async def write(real: Callable[[], Any]) -> Any:
        ids = [upload.id async for upload in scene.attachments.uploads.all()]
        sweeping = scene.attachments
        if step == "update_one":
            scene.attachments.tickets._docs = Around(docs, step, in_the_middle)
        else:
            sweeping = around(scene.attachments, "tickets", step, in_the_middle)
        sweep = asyncio.create_task(sweeping.clean_up(ids))
        await arrived.wait()
        ticket = await real()
        written.set()
        await sweep
        return ticket

    ticket = await scene.add(around(scene.attachments, "tickets", "change", write))
    assert await scene.taken() == {ticket.attachments[0].id}
    assert await scene.is_clean()


async def test_a_file_that_took_too_long_to_store_is_refused(scene: Scene) -> None:
    async def slow(real: Callable[[], Any]) -> None:
        await real()
        scene.world.time += ATTACH_WITHIN + timedelta(seconds=1)

    with pytest.raises(Unavailable):
        await scene.add(around(scene.attachments, "files", "save", slow))
    assert (await scene.stored(), await scene.is_clean()) == (set(), True)
