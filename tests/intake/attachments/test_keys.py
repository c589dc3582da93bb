"""Who may add a file to a ticket, and what the same request again, or the same key with another file, comes to."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from httpx2 import Response
from pymongo.errors import AutoReconnect

from services.intake.tickets.domain import Ticket
from shared.domain import Forbidden, Invalid
from shared.testing import AGENT, VIEWER, WANG, ZHAO, Person, World
from tests.intake.attachments.failures import LOG, ME, WHOLE, Scene, answer_is_lost, around, pieces
from tests.intake.scene import opened


@pytest.fixture
async def scene(world: World) -> Scene:
    return Scene(world, (await opened(world))["ticket"])


async def post(world: World, number: str, name: str = "a.log", content: bytes = LOG, key: str = "up-1") -> Response:
    async with world.as_(WANG, "intake", **{"Idempotency-Key": key}) as wang:
        return await wang.post(f"/v1/tickets/{number}/attachments", files={"file": (name, content)})


async def test_a_repeated_upload_is_answered_as_before_and_leaves_no_second_file(scene: Scene) -> None:
    """Each time with another boundary."""
    first, second = await post(scene.world, scene.number), await post(scene.world, scene.number)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert len(await scene.stored()) == 1
    await scene.world.pass_time(seconds=WHOLE)
    assert await scene.is_clean()


async def test_a_repetition_of_an_upload_whose_answer_was_lost_finds_it_done(scene: Scene) -> None:
    by = replace(ME, key="u-wang up-1")
    with pytest.raises(AutoReconnect):
        await scene.add(around(scene.attachments, "tickets", "change", answer_is_lost), by=by)
    await scene.add(by=by)
    assert len(await scene.taken()) == len(await scene.stored()) == 1


@pytest.mark.parametrize(("name", "content"), [("a.log", LOG + b"x"), ("b.log", LOG)])
async def test_a_key_with_another_file_is_refused(scene: Scene, name: str, content: bytes) -> None:
    assert (await post(scene.world, scene.number)).status_code == 201
    answer = await post(scene.world, scene.number, name, content)
    async with scene.world.as_(WANG, "intake", **{"Idempotency-Key": "up-1"}) as wang:
        usual = await wang.post(f"/v1/tickets/{scene.number}/messages", json={"text": "x"})
    same = ("type", "status", "detail")
    assert answer.status_code == 422
    assert [answer.json()[name] for name in same] == [usual.json()[name] for name in same]
    assert len(await scene.taken()) == len(await scene.stored()) == 1


async def test_a_key_with_the_same_file_for_another_ticket_is_refused(scene: Scene) -> None:
    other = (await opened(scene.world, description="另一个问题：登录失败"))["ticket"]
    assert other != scene.number
    assert (await post(scene.world, scene.number)).status_code == 201
    assert (await post(scene.world, other)).status_code == 422
    assert len(await scene.stored()) == 1
    assert (await post(scene.world, other, key="up-2")).status_code == 201


async def test_a_key_whose_upload_was_refused_can_be_used_again(scene: Scene) -> None:
    assert (await post(scene.world, scene.number, content=b"")).status_code == 422
    assert (await post(scene.world, scene.number)).status_code == 201


async def test_the_right_is_asked_for_in_the_write_and_before_the_version(scene: Scene) -> None:
    def lost_meanwhile(_: Ticket) -> bool:
        raise Forbidden("not any more", "已无权限")

    with pytest.raises(Forbidden):
        await scene.attachments.add(
            scene.number, "a.log", "text/plain", pieces(LOG), lost_meanwhile, replace(ME, if_match=99)
        )
    assert (await scene.stored(), await scene.is_clean()) == (set(), True)


@pytest.mark.parametrize(("who", "status"), [(ZHAO, 404), (VIEWER, 403), (AGENT, 201)])
async def test_of_an_upload_that_is_not_allowed_nothing_is_read(scene: Scene, who: Person, status: int) -> None:
    read = []

    async def body() -> AsyncIterator[bytes]:
        yield b'--e\r\nContent-Disposition: form-data; name="file"; filename="a.log"\r\n\r\n'
        read.append(LOG)
        yield LOG
        yield b"\r\n--e--\r\n"

    async with scene.world.as_(who, "intake", **{"Content-Type": "multipart/form-data; boundary=e"}) as client:
        answer = await client.post(f"/v1/tickets/{scene.number}/attachments", content=body())
    assert (answer.status_code, bool(read)) == (status, status == 201)
    assert not await scene.ids("upload", "_id") or status == 201


async def test_an_empty_file_is_refused_and_leaves_nothing(scene: Scene) -> None:
    with pytest.raises(Invalid):
        await scene.add(content=b"")
    assert (await scene.stored(), await scene.is_clean()) == (set(), True)


async def test_the_indexes_of_files_are_there_before_the_first_upload(world: World) -> None:
    database = world.runtimes["intake"].database
    files, chunks = [await database[f"fs.{name}"].index_information() for name in ("files", "chunks")]
    assert [("filename", 1), ("uploadDate", 1)] in [index["key"] for index in files.values()]
    assert [index["unique"] for index in chunks.values() if index["key"] == [("files_id", 1), ("n", 1)]] == [True]
