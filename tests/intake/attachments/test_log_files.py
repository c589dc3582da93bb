"""Log files as triage reads them over the bus."""

import gzip
import io
import zipfile
from random import Random
from typing import Any

import pytest

from services.intake.app import create_app
from services.intake.attachments import log_files
from services.intake.attachments.inflating import PIECE
from shared.bus import Bus
from shared.events.intake_files import LogPiece, LogState, ReadLog
from shared.testing import WANG, World
from shared.texts import off_loop
from tests.intake.scene import opened

EMPTY = gzip.compress(b"")
LINE = "2026-03-02 12:00:01 ERROR 导出失败 java.lang.IllegalStateException: no pool\n"


async def attached(world: World, number: str, name: str, content: bytes) -> str:
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post(f"/v1/tickets/{number}/attachments", files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["attachments"][-1]["id"])


async def pieces(world: World, ticket: str, attachment: str) -> list[LogPiece]:
    triage = Bus(world.servers.nats_url, "triage", world.prefix)
    await triage.start()
    found: list[LogPiece] = []
    start: int | None = 0
    while start is not None:
        asked = ReadLog(ticket=ticket, attachment=attachment, start=start)
        found.append(await triage.ask("intake.read_log", asked, LogPiece, within=10))
        start = found[-1].next
    await triage.stop()
    return found


async def read(world: World, name: str, content: bytes) -> list[LogPiece]:
    number = (await opened(world))["ticket"]
    return await pieces(world, number, await attached(world, number, name, content))


async def test_a_large_log_comes_in_pieces_of_whole_lines(world: World) -> None:
    text = LINE * (3 * PIECE // len(LINE.encode()))
    found = await read(world, "app.log", text.encode())
    assert len(found) > 2
    assert all(one.text.endswith("\n") and one.text.startswith("2026") for one in found)
    assert "".join(one.text for one in found) == text
    assert {(one.state, one.name, one.cut) for one in found} == {(LogState.READ, "app.log", False)}


async def test_a_log_in_chinas_own_encoding_is_read(world: World) -> None:
    [found] = await read(world, "app.log", (LINE * 10).encode("gb18030"))
    assert found.text == LINE * 10


async def test_packed_logs_are_unpacked_also_when_they_were_joined(world: World) -> None:
    text = LINE * (PIECE // len(LINE.encode()) // 2)
    joined = b"".join(gzip.compress(text.encode()) for _ in range(4)) + bytes(50_000)  # filled up as on a tape
    found = await read(world, "app.log.gz", joined)
    assert "".join(one.text for one in found) == text * 4
    assert [one.cut for one in found] == [False] * len(found)


def noise(length: int) -> bytes:
    """Lines that are packed as little as those of logs."""
    numbers = Random(7)
    return b"".join(b"%08d ERROR no pool\n" % numbers.randrange(10**8) for _ in range(length // 23))


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return found.getvalue()


@pytest.mark.parametrize("pack", ["gz", "zip"])
async def test_what_unpacks_to_too_much_is_cut(world: World, pack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    most = 4 * PIECE
    monkeypatch.setattr(log_files, "UNPACKED", most)
    content = noise(most + PIECE)
    packed = gzip.compress(content) if pack == "gz" else zipped(("app.log", content))
    found = await read(world, f"app.log.{pack}", packed)
    assert most - PIECE < sum(len(one.text) for one in found) <= most
    assert found[-1].cut


@pytest.mark.parametrize("pack", ["gz", "zip"])
async def test_a_long_packed_log_is_unpacked_once_by_each_replica(
    world: World, pack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked: list[int] = []

    async def counted(length: int, *work: Any) -> bytes:
        piece: bytes = await off_loop(length, *work)
        unpacked.append(len(piece))
        return piece

    monkeypatch.setattr("services.intake.attachments.inflating.off_loop", counted)
    await world.start(create_app, "2")
    content = noise(20 * PIECE)
    packed = gzip.compress(content) if pack == "gz" else zipped(("app.log", content))
    number = (await opened(world))["ticket"]
    file = await attached(world, number, f"app.log.{pack}", packed)
    unpacked.clear()
    found = await pieces(world, number, file)
    assert "".join(one.text for one in found) == content.decode()
    assert len(found) >= 20
    assert not found[-1].cut
    assert sum(unpacked) <= 2 * len(content)
    assert max(unpacked) <= PIECE


async def test_bombs_are_refused(world: World) -> None:
    number = (await opened(world))["ticket"]
    bomb = (b"x" * 99 + b"\n") * 80_000
    lying = bytearray(zipped(("app.log", noise(3 * PIECE)), ("b.log", b"b\n")))
    at = lying.rfind(b"PK\x01\x02", 0, lying.rfind(b"PK\x01\x02"))
    lying[at + 24 : at + 28] = (PIECE).to_bytes(4, "little")  # it says that it is smaller
    twice = bytearray(zipped(("a.log", noise(PIECE)), ("b.log", noise(PIECE))))
    at = twice.rfind(b"PK\x01\x02")
    twice[at + 42 : at + 46] = bytes(4)  # the second is where the first is
    for name, content in (
        ("a.log.gz", gzip.compress(bomb, 9, mtime=0)),
        ("a.zip", zipped(("app.log", bomb))),
        ("lying.zip", bytes(lying)),
        ("twice.zip", bytes(twice)),
    ):
        found = await pieces(world, number, await attached(world, number, name, content))
        assert (found[-1].state, found[-1].why) == (LogState.NOT_TEXT, "bomb"), name


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
async def test_the_logs_of_a_zip_archive_are_read_one_after_the_other(world: World, method: int) -> None:
    first = LINE * (PIECE // len(LINE.encode()) * 2)
    packed = zipped(
        ("logs/", b""),
        ("logs/app.log", first.encode()),
        ("picture.png", b"\x89PNG\0"),
        ("inner.zip", b"PK"),
        ("gb.log", LINE.encode("gb18030")),
        ("windows.log", LINE.encode("utf-16")),
        method=method,
    )
    found = await read(world, "logs.zip", packed)
    assert "".join(one.text for one in found) == first + LINE + LINE
    assert {(one.state, one.name, one.cut) for one in found} == {(LogState.READ, "logs.zip", False)}


async def test_an_archive_that_cannot_be_read_says_why(world: World) -> None:
    number = (await opened(world))["ticket"]
    locked = bytearray(zipped(("app.log", LINE.encode())))
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    torn = bytearray(zipped(("app.log", noise(PIECE))))
    at = torn.rfind(b"PK\x01\x02")
    packed = int.from_bytes(torn[at + 20 : at + 24], "little")
    torn[at + 20 : at + 24] = (packed - 9).to_bytes(4, "little")  # its last bytes are not there
    for name, content, why in (
        ("none.zip", zipped(("a.png", b"1"), ("b.png", b"2")), "no_logs"),
        ("nested.zip", zipped(("app.log.zip", zipped(("app.log", LINE.encode())))), "no_logs"),
        ("locked.zip", bytes(locked), "locked"),
        ("cut.zip", zipped(("app.log", LINE.encode()))[:-10], "damaged"),
        ("cut.gz", gzip.compress(noise(PIECE), mtime=0)[:-10], "damaged"),
        ("wrong.gz", gzip.compress(noise(5000), mtime=0)[:-8] + bytes(8), "damaged"),
        ("torn.zip", bytes(torn), "damaged"),
    ):
        [found] = await pieces(world, number, await attached(world, number, name, content))
        assert (found.state, found.why) == (LogState.NOT_TEXT, why), name


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
async def test_logs_as_windows_writes_them_are_read(world: World, encoding: str) -> None:
    line = "2026-03-02 ERROR 导出失败 \u0a0d\u0d0a NullReferenceException\n"
    text = line * (3 * PIECE // len(line) // 2)
    found = await read(world, "app.log", text.encode(encoding))
    assert len(found) > 2
    assert "".join(one.text for one in found) == text


async def test_what_is_no_text_is_said_to_be_none(world: World) -> None:
    number = (await opened(world))["ticket"]
    for name, content in (
        ("a.log", b"ab\0\0"),
        ("a.gz", gzip.compress(b"\0", mtime=0)),
    ):
        [found] = await pieces(world, number, await attached(world, number, name, content))
        assert (found.state, found.why, found.text) == (LogState.NOT_TEXT, "", "")
    for name, content in (("a.log.gz", b"\x1f\x8b\x08 no gzip"), ("a.gz", EMPTY * 999)):
        [found] = await pieces(world, number, await attached(world, number, name, content))
        assert (found.state, found.why, found.text) == (LogState.NOT_TEXT, "damaged", "")


async def test_only_files_of_that_ticket_are_read(world: World) -> None:
    number, other = [(await opened(world, title=f"{n} 导出失败"))["ticket"] for n in (1, 2)]
    file = await attached(world, number, "app.log", b"line\n")
    for ticket, attachment in ((other, file), ("TK-2026-999999", file), (number, "nothing")):
        [found] = await pieces(world, ticket, attachment)
        assert found.state is LogState.MISSING
