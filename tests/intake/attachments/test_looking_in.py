"""What is shown of files without handing them out: small pictures, and what archives say is in them."""

import asyncio
import io
import struct
import zlib
from dataclasses import replace

import pytest
from PIL import Image

from services.intake.attachments.thumbnails import Thumbnails
from shared.testing import AGENT, WANG, ZHAO, World
from tests.intake.attachments.test_listing import tarred, zipped
from tests.intake.attachments.test_log_files import attached
from tests.intake.scene import opened

SECRET = b"31.2304 N 121.4737 E"


def picture(kind: str, width: int = 1920, height: int = 1080) -> bytes:
    made = io.BytesIO()
    image = Image.effect_noise((width, height), 60).convert("RGB")
    if kind == "JPEG":
        exif = Image.Exif()
        exif[0x010E] = SECRET.decode()  # ImageDescription
        exif[0x0112] = 6  # turned by a quarter
        image.save(made, kind, exif=exif)
    else:
        image.save(made, kind)
    return made.getvalue()


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


async def test_a_picture_has_a_small_one_made_of_its_pixels_alone(world: World) -> None:
    number = (await opened(world))["ticket"]
    photo = picture("JPEG") + b"<script>alert(1)</script>"
    assert SECRET in photo
    file = await attached(world, number, "现场.jpg", photo)
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.get(f"/v1/tickets/{number}/attachments/{file}/thumbnail")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"].startswith("private")
    assert SECRET not in answer.content
    assert b"script" not in answer.content
    with Image.open(io.BytesIO(answer.content)) as made:
        assert (made.format, made.size, dict(made.getexif())) == ("WEBP", (180, 320), {})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.png", bomb(20_000, 20_000)),
        ("bomb.png", bomb(9_000, 9_000)),
        ("broken.png", picture("PNG", 50, 50)[:200]),
        ("app.log", b"line\n"),
        ("a.tif", b"II*\0" + b"\0" * 50),
        ("a.svg", b"<svg></svg>"),
    ],
)
async def test_what_is_no_picture_or_too_much_of_one_has_none(world: World, name: str, content: bytes) -> None:
    number = (await opened(world))["ticket"]
    file = await attached(world, number, name, content)
    async with world.as_(AGENT, "intake") as agent:
        answer = await agent.get(f"/v1/tickets/{number}/attachments/{file}/thumbnail")
    assert (answer.status_code, answer.json()["code"]) == (404, "no-thumbnail")


async def test_one_that_takes_too_long_is_given_up_and_leaves_no_process(world: World) -> None:
    number = (await opened(world))["ticket"]
    file = await attached(world, number, "a.png", picture("PNG"))
    handlers = world.apps["intake"].state.service.attachments
    ticket = await handlers.tickets.get(number)
    impatient = Thumbnails(handlers.files, seconds=0.001)
    with pytest.raises(Exception, match="broken"):
        await impatient.of(ticket.attachments[0])
    assert file == ticket.attachments[0].id
    assert all(not task.get_name().startswith("communicate") for task in asyncio.all_tasks())
    assert await replace(impatient, seconds=30).of(ticket.attachments[0])


async def test_archives_tell_what_is_in_them(world: World) -> None:
    number = (await opened(world))["ticket"]
    packed = zipped(**{"日志/app.log": b"x" * 1_000_000, "inner.zip": b"PK"})
    files = {
        "logs.zip": packed,
        "logs.tar": tarred(["app.log"]),
        "logs.tar.gz": zlib.compress(tarred(["app.log"]), wbits=31),
        "app.log.gz": zlib.compress(b"x" * 77, wbits=31),
    }
    seen = {}
    async with world.as_(AGENT, "intake") as agent:
        for name, content in files.items():
            file = await attached(world, number, name, content)
            answer = await agent.get(f"/v1/tickets/{number}/attachments/{file}/entries")
            assert answer.status_code == 200, answer.text
            seen[name] = answer.json()
    assert [seen[name]["format"] for name in files] == ["zip", "tar", "tar.gz", "gzip"]
    first = seen["logs.zip"]
    assert [one["path"] for one in first["entries"]] == ["日志/app.log", "inner.zip"]
    assert (first["nested"], first["encrypted"], first["complete"]) == (True, False, True)
    assert first["ratio"] > 100
    assert [one["path"] for one in seen["logs.tar.gz"]["entries"]] == ["app.log"]
    assert [(one["path"], one["size"]) for one in seen["app.log.gz"]["entries"]] == [("app.log", 77)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", b"PK\x03\x04" + b"x" * 99),
        ("a.tar.gz", zlib.compress(b"x" * 5000, wbits=31)),
        ("a.tgz", b"\x1f\x8b\x08 damaged"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 30),
        ("a.log", b"line"),
    ],
)
async def test_what_cannot_be_listed_is_said(world: World, name: str, content: bytes) -> None:
    number = (await opened(world))["ticket"]
    file = await attached(world, number, name, content)
    async with world.as_(AGENT, "intake") as agent:
        answer = await agent.get(f"/v1/tickets/{number}/attachments/{file}/entries")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-listed")


async def test_only_who_may_read_the_ticket_sees_any_of_it(world: World) -> None:
    number = (await opened(world))["ticket"]
    file = await attached(world, number, "a.png", picture("PNG", 60, 40))
    for path in ("thumbnail", "entries"):
        async with world.as_(ZHAO, "intake") as zhao, world.as_(None, "intake") as nobody:
            assert (await zhao.get(f"/v1/tickets/{number}/attachments/{file}/{path}")).status_code == 404
            assert (await nobody.get(f"/v1/tickets/{number}/attachments/{file}/{path}")).status_code == 401
