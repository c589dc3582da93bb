"""Log files that a ticket has, read from intake over the bus: nobody pastes them (P3.2)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from services.triage.logs.analysis import Analysis
from shared.bus import Bus
from shared.domain import Invalid, NotFound
from shared.events.intake_files import LogPiece, LogState, ReadLog
from shared.terms import Text
from shared.texts import off_loop

MOST_FILES = 5
MOST_CHARACTERS = 64 * 1024 * 1024  # that are read for one reading
MOST_AT_ONCE = 8 * 1024 * 1024  # … while somebody waits for the answer
ReportProgress = Callable[[int], Awaitable[None]]  # how many characters were read so far


class AttachmentNotFound(NotFound):
    title = Text("Attachment not found", "未找到附件")


class NotText(Invalid):
    title = Text("The attachment cannot be read as a log", "该附件无法作为日志读取")


class ArchiveBomb(NotText):
    title = Text("The archive unpacks to far too much", "压缩包解压后过大，已拒绝读取")


class TooLongToWait(Invalid):
    title = Text("The log is too long to be read while you wait", "日志过大，无法即时分析")


class ArchiveLocked(NotText):
    title = Text("The archive is protected with a password", "压缩包已加密")


class ArchiveDamaged(NotText):
    title = Text("The archive is damaged or incomplete", "压缩包已损坏或不完整")


class NoLogsInArchive(NotText):
    title = Text("The archive has no logs in it", "压缩包中没有日志文件")


# By the `why` of a piece: the error, and what is said of the file.
REFUSED: Mapping[str, tuple[type[NotText], str, str]] = {
    "bomb": (
        ArchiveBomb,
        "{} unpacks to far more than logs do; please attach the log itself",
        "{} 解压后的体积异常，请直接上传日志文件",
    ),
    "locked": (
        ArchiveLocked,
        "{} is protected with a password; please attach it without one",
        "{} 已加密，请上传未加密的文件",
    ),
    "damaged": (
        ArchiveDamaged,
        "{} is damaged or was cut off; please pack and attach it again",
        "{} 已损坏或不完整，请重新压缩后上传",
    ),
    "no_logs": (
        NoLogsInArchive,
        "{} has no file that ends as logs do (.log, .txt, .out, .err, .trace); archives in it are not unpacked",
        "{} 中没有日志文件（.log、.txt、.out、.err、.trace）；其中的压缩包不会再解开",
    ),
}


@dataclass(frozen=True)
class FileRead:
    """`complete`: all of it was read."""

    attachment: str
    name: str
    characters: int
    complete: bool


@dataclass(frozen=True)
class AttachedLogs:
    """`within`: seconds that intake has for a piece."""

    bus: Bus
    within: float

    async def read(
        self, ticket: str, attachments: Sequence[str], analysis: Analysis, report: ReportProgress | None = None
    ) -> list[FileRead]:
        """Feeds these files to the analysis, in their order. Without `tell` somebody waits for it: then much is too
        much. Raises AttachmentNotFound, NotText (also its kinds in REFUSED), TooLongToWait, Unavailable."""
        files: list[FileRead] = []
        for attachment in attachments:
            files.append(await self._read_one(ticket, attachment, files, analysis, report))
        return files

    async def _read_one(
        self,
        ticket: str,
        attachment: str,
        before: Sequence[FileRead],
        analysis: Analysis,
        report: ReportProgress | None,
    ) -> FileRead:
        characters, start = 0, 0
        earlier = sum(one.characters for one in before)
        while True:
            piece = await self._piece(ticket, attachment, start)
            await off_loop(len(piece.text), analysis.feed, piece.text)
            characters += len(piece.text)
            if report:
                await report(earlier + characters)
            elif earlier + characters > MOST_AT_ONCE:
                raise TooLongToWait(
                    "Log files of more than 8 MB are read in the background: POST …/work/log-analysis-jobs",
                    "超过 8 MB 的日志请使用后台分析：POST …/work/log-analysis-jobs",
                    "body.attachments",
                )
            if piece.next is None or piece.next <= start or earlier + characters >= MOST_CHARACTERS:
                complete = piece.next is None and not piece.cut
                return FileRead(attachment, piece.name, characters, complete)
            start = piece.next

    async def _piece(self, ticket: str, attachment: str, start: int) -> LogPiece:
        asked = ReadLog(ticket=ticket, attachment=attachment, start=start)
        piece = await self.bus.ask("intake.read_log", asked, LogPiece, within=self.within)
        if piece.state is LogState.MISSING:
            raise AttachmentNotFound(f"{ticket} has no attachment {attachment}", f"{ticket} 没有附件 {attachment}")
        if piece.state is LogState.WITHHELD:
            raise NotText(
                f"{piece.name} has not been checked for malware, or was found to have some",
                f"{piece.name} 尚未通过病毒扫描",
                "body.attachments",
            )
        if piece.why in REFUSED:
            error, en, zh = REFUSED[piece.why]
            raise error(en.format(piece.name), zh.format(piece.name), "body.attachments")
        if piece.state is not LogState.READ:
            raise NotText(f"{piece.name} is no text", f"{piece.name} 不是文本文件", "body.attachments")
        return piece
