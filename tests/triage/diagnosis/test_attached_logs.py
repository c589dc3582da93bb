"""Logs that lie in intake, and what is said of those that cannot be read."""

import pytest

from services.triage.diagnosis.attached_logs import (
    ArchiveBomb,
    ArchiveDamaged,
    ArchiveLocked,
    AttachedLogs,
    AttachmentNotFound,
    FileRead,
    NoLogsInArchive,
    NotText,
)
from services.triage.logs.analysis import Analysis
from shared.bus import Bus
from shared.events.intake_files import LogPiece, LogState, ReadLog
from shared.testing import World

FILES = {
    "bomb": LogPiece(state=LogState.NOT_TEXT, name="a.zip", why="bomb"),
    "locked": LogPiece(state=LogState.NOT_TEXT, name="a.zip", why="locked"),
    "damaged": LogPiece(state=LogState.NOT_TEXT, name="{0}.gz", why="damaged"),
    "empty": LogPiece(state=LogState.NOT_TEXT, name="a.zip", why="no_logs"),
    "newer": LogPiece(state=LogState.NOT_TEXT, name="a.zip", why="what only a newer intake says"),
    "picture": LogPiece(state=LogState.NOT_TEXT, name="a.png"),
    "quarantined": LogPiece(state=LogState.WITHHELD, name="a.log"),
    "gone": LogPiece(state=LogState.MISSING),
}
LINES = ["12:00:01 ERROR ORA-01653\n", "12:00:02 ERROR ORA-01653\n"]


async def answer(asked: ReadLog) -> LogPiece:
    """As intake answers."""
    if asked.attachment in FILES:
        return FILES[asked.attachment]
    following = None if asked.start else len(LINES[0])
    return LogPiece(state=LogState.READ, name="app.zip", text=LINES[bool(asked.start)], next=following)


async def read(world: World, attachment: str) -> tuple[list[FileRead], Analysis]:
    intake, triage = (Bus(world.servers.nats_url, name, world.prefix) for name in ("intake", "triage"))
    intake.answers("intake.read_log", ReadLog, answer)
    analysis = Analysis(2026)
    for bus in (intake, triage):
        await bus.start()
    try:
        return await AttachedLogs(triage, 10).read("TK-1", [attachment], analysis), analysis
    finally:
        for bus in (triage, intake):
            await bus.stop()


async def test_a_file_is_read_piece_by_piece(world: World) -> None:
    files, _ = await read(world, "log")
    assert files == [FileRead("log", "app.zip", sum(map(len, LINES)), complete=True)]


@pytest.mark.parametrize(
    ("attachment", "refusal"),
    [
        ("bomb", ArchiveBomb),
        ("locked", ArchiveLocked),
        ("damaged", ArchiveDamaged),
        ("empty", NoLogsInArchive),
        ("newer", NotText),
        ("picture", NotText),
        ("quarantined", NotText),
        ("gone", AttachmentNotFound),
    ],
)
async def test_what_cannot_be_read_is_refused_by_its_reason(
    world: World, attachment: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal) as caught:
        await read(world, attachment)
    assert type(caught.value) is refusal
    assert FILES[attachment].name in str(caught.value)
