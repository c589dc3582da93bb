"""Log files that come with a ticket (P1.2): the error in them is not asked for."""

from datetime import datetime

from services.intake.information.domain import Information
from services.intake.tickets.amending import complete
from services.intake.tickets.domain import Ticket
from services.intake.tickets.facts import remember
from shared.events import Event

HEAD_BYTES = 64 * 1024  # that are read of one
ENCODINGS = ("utf-8-sig", "gb18030")
ENDINGS = (".log", ".txt", ".out", ".err", ".trace")


def text_of(name: str, media_type: str, head: bytes) -> str:
    """Empty if it is no text; `head` is how the file begins."""
    is_text = name.lower().endswith(ENDINGS) or media_type.startswith("text/plain")
    return head.decode(errors="replace") if is_text and b"\0" not in head else ""


def is_gzip(name: str) -> bool:
    return name.lower().endswith((".gz", ".gzip"))


def whole_lines(content: bytes) -> bytes:
    """Up to its last line break; all of it where there is none."""
    return content[: content.rfind(b"\n") + 1] or content


def decoded(content: bytes) -> str:
    """In the first of the encodings in which logs are written that it can be read in."""
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(errors="replace")


def take(ticket: Ticket, log: Information, now: datetime) -> list[Event]:
    """Its fingerprints, and its error where nobody named one. The stage is brought up to date by who adds the file."""
    remember(ticket, log.fingerprints)
    return complete(ticket, {"error_text": log.error_text}, now)
