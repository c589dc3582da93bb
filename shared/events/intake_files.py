"""The one question about files that intake is asked over the bus."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from shared.events.envelope import Event
from shared.terms import Whole


class LogState(StrEnum):
    """Whether a file was read: `missing` where the ticket has none with that id, `not_text` for a picture or the like,
    `withheld` for one that nobody gets."""

    READ = "read"
    MISSING = "missing"
    NOT_TEXT = "not_text"
    WITHHELD = "withheld"


class TicketInternalFileAdded(Event):
    """A file that staff alone see, such as the evidence of an internal verification."""

    kind = "ticket.internal_file_added"
    attachment: str
    name: str
    size: int
    media_type: str
    sha256: str


class ReadLog(BaseModel):
    """Asked of intake (`bihuan.intake.read_log`, request/reply): a piece of a log file that a ticket has, from this
    byte of its text on. Who asks has seen to it that the reader may see the ticket."""

    model_config = ConfigDict(extra="ignore")

    ticket: str = Field(max_length=80)
    attachment: str = Field(max_length=80)
    start: Whole = Field(default=0, ge=0)


class LogPiece(BaseModel):
    """Whole lines, 256 KiB of them at most. `next` is where the next piece starts, None at the end; `cut`: the file has
    more text than is read of one. `why` says of `not_text` that it is a `bomb`, `locked` with a password, `damaged`
    or cut off, or an archive with `no_logs`."""

    model_config = ConfigDict(extra="ignore")

    state: LogState
    name: str = ""
    text: str = ""
    next: int | None = None
    cut: bool = False
    why: str = ""


class FindFiles(BaseModel):
    """Asked of intake (`bihuan.intake.find_files`, request/reply): which of these attachments a ticket has: also
    those that are not checked for malware yet, not those that have it. Who asks has seen to it that the reader may see
    the ticket."""

    model_config = ConfigDict(extra="ignore")

    ticket: str = Field(max_length=80)
    files: list[str] = Field(max_length=50)


class TicketFile(BaseModel):
    """`size` in bytes."""

    model_config = ConfigDict(extra="ignore")

    id: str
    name: str
    size: int
    sha256: str = ""


class FilesFound(BaseModel):
    """Those that it has and that may be handed out. `known`: whether there is such a ticket; null where an older
    release answers."""

    model_config = ConfigDict(extra="ignore")

    known: bool | None = None

    files: list[TicketFile] = []


class TicketThirdPartyReplied(Event):
    """A third party that was asked about a ticket answered on its page."""

    kind = "ticket.third_party_replied"
    engagement: str
    party: str
    answer: str
    attachments: list[str] = []


class TicketInvitationAnswered(Event):
    """Somebody who is invited to a consultation answered by their link: accepted, declined, tentative. `sequence` is
    that of the invitation whose link it is."""

    kind = "ticket.invitation_answered"
    consultation: str
    invitee: str
    answer: str
    comment: str = ""
    sequence: int | None = None
