"""Log files as triage reads them over the bus."""

import gzip

from services.intake.attachments.log_files import PIECE, UNPACKED
from shared.bus import Bus
from shared.events import LogPiece, LogState, ReadLog
from shared.testing import WANG, World
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
    joined = b"".join(gzip.compress(text.encode()) for _ in range(4))
    found = await read(world, "app.log.gz", joined)
    assert "".join(one.text for one in found) == text * 4
    assert [one.cut for one in found] == [False] * len(found)


async def test_what_unpacks_to_too_much_is_cut(world: World) -> None:
    found = await read(world, "bomb.log.gz", gzip.compress((b"x" * 99 + b"\n") * (UNPACKED // 50), 9))
    assert sum(len(one.text) for one in found) <= UNPACKED
    assert found[-1].cut


async def test_what_is_no_text_is_said_to_be_none(world: World) -> None:
    number = (await opened(world))["ticket"]
    for name, content in (
        ("a.log", b"MZ\0\0"),
        ("a.log.gz", b"no gzip"),
        ("a.gz", gzip.compress(b"\0")),
        ("a.gz", EMPTY * 999),
    ):
        [found] = await pieces(world, number, await attached(world, number, name, content))
        assert (found.state, found.text) == (LogState.NOT_TEXT, "")


async def test_only_files_of_that_ticket_are_read(world: World) -> None:
    number, other = [(await opened(world, title=f"{n} 导出失败"))["ticket"] for n in (1, 2)]
    file = await attached(world, number, "app.log", b"line\n")
    for ticket, attachment in ((other, file), ("TK-2026-999999", file), (number, "nothing")):
        [found] = await pieces(world, ticket, attachment)
        assert found.state is LogState.MISSING
