"""Log files that come with a ticket (P1.2): the error in them is not asked for."""

import zlib
from datetime import datetime

from services.intake.information.domain import Information
from services.intake.tickets.amending import complete
from services.intake.tickets.domain import Ticket
from services.intake.tickets.facts import remember
from shared.events import Event

HEAD_BYTES = 64 * 1024  # that are read of one
ENCODINGS = ("utf-8-sig", "gb18030")
MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}  # how UTF-16 begins
LEAST, SAMPLE = 8, 512  # bytes by which UTF-16 is known that does not begin so
ENDINGS = (".log", ".txt", ".out", ".err", ".trace")


def text_of(name: str, media_type: str, head: bytes) -> str:
    """Empty if it is no text; `head` is how the file begins."""
    if is_gzip(name):
        name, head = name.rpartition(".")[0], _unpacked(head)
    if not (is_log(name) or media_type.startswith("text/plain")):
        return ""
    encoding = wide_encoding(head)
    text = decoded(whole_lines(head, encoding), encoding)
    return "" if "\0" in text else text


def _unpacked(head: bytes) -> bytes:
    """Empty for what is no gzip."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, HEAD_BYTES)
    except zlib.error:
        return b""


def is_log(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


def is_gzip(name: str) -> bool:
    return name.lower().endswith((".gz", ".gzip"))


def is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def wide_encoding(head: bytes) -> str:
    """Which UTF-16 a text is in that begins like this, as programs of Windows write logs; empty for none. Without a
    mark it is known by the zeros that are half of its Latin letters and blanks."""
    if marked := MARKS.get(head[:2]):
        return marked
    sample = head[:SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) < LEAST:
        return ""
    if not even and odd * 4 > len(sample):
        return "utf-16-le"
    return "utf-16-be" if not odd and even * 4 > len(sample) else ""


def whole_lines(content: bytes, encoding: str = "") -> bytes:
    """Up to its last line break; all of it where there is none. `encoding` is that of UTF-16, if it is in it."""
    if not encoding:
        return content[: content.rfind(b"\n") + 1] or content
    mark = "\n".encode(encoding)
    at = content.rfind(mark)
    while at > 0 and at % 2:  # halves of two others
        at = content.rfind(mark, 0, at + 1)
    return content[: at + 2] if at >= 0 else content


def decoded(content: bytes, encoding: str = "") -> str:
    """As UTF-16 if it is that, else in the first of the encodings in which logs are written that it can be read in."""
    if encoding:
        return content.decode(encoding, errors="replace").removeprefix("\ufeff")
    for known in ENCODINGS:
        try:
            return content.decode(known)
        except UnicodeDecodeError:
            continue
    return content.decode(errors="replace")


def take(ticket: Ticket, log: Information, now: datetime) -> list[Event]:
    """Its fingerprints, and its error where nobody named one. The stage is brought up to date by who adds the file."""
    remember(ticket, log.fingerprints)
    return complete(ticket, {"error_text": log.error_text}, now)
