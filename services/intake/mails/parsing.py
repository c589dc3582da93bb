"""A mail as it came, made into what people read: sender, subject, text, files.

Real mails break the rules in every way: whatever comes is read as well as it can be, never refused. MIME: RFC 2045 to
2049; what tells a mail that no person wrote: RFC 3834; reports of failed delivery: RFC 3464.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from inspect import signature

from inscriptis import get_text

from services.intake.mails.charsets import decoded, header
from shared.texts import is_email_address, on_one_line, without_controls
from shared.uploads.file_names import clean

# Later patch releases of Python read nothing of what they doubt any part of, such as a name with a comma in it.
LENIENT = {"strict": False} if "strict" in signature(getaddresses).parameters else {}
MAX_PARTS = 200
MAX_HTML = 500_000  # characters that are read
MAX_ADDRESSES = 100
CHECKS, MAX_CHECKS = "authentication-results", 20
PROGRAM = re.compile(
    r"(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?)(?:[+-][^@]{0,64})?@.*", re.IGNORECASE
)
TAG = re.compile(r"<[^<>]{0,2000}>")
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")  # RFC 3463; words may follow
BOUNDARY = re.compile(rb'^--([^\s"\\]{1,200})\r?\n(?=content-[a-z-]{1,40}:)', re.IGNORECASE | re.MULTILINE)
MAX_PREAMBLE = 20_000  # bytes
MAX_REPAIRED = 3  # of one mail
EXTENSION = {
    "text/plain": ".txt",
    "text/html": ".html",
    "message/rfc822": ".eml",
    "image/png": ".png",
    "image/jpeg": ".jpg",
}


@dataclass(frozen=True)
class MailFile:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Bounce:
    """A mail of ours came back: whom it did not reach, and why (`5.1.1`)."""

    recipient: str
    status: str


@dataclass(frozen=True)
class Mail:
    """`is_automatic`: no person wrote it. `references` are the texts in which our names of tickets may stand; `checks`
    what servers on its way say that they found out about its sender (Authentication-Results), the last one first."""

    message_id: str = ""
    name: str = ""
    address: str = ""
    recipients: list[str] = field(default_factory=list)
    subject: str = ""
    references: list[str] = field(default_factory=list)
    sent_at: datetime | None = None
    text: str = ""
    files: list[MailFile] = field(default_factory=list)
    is_automatic: bool = False
    bounce: Bounce | None = None
    checks: list[str] = field(default_factory=list)


def parse(raw: bytes) -> Mail:
    try:
        message = email.message_from_bytes(raw)
        headers = {name.lower(): value for name, value in reversed(list(message.raw_items()))}
        parts = list(_leaves(message))
    except (RecursionError, ValueError, LookupError, AttributeError, IndexError):
        return Mail(text=cleaned(decoded(raw)))
    name, address = _sender(headers)
    text, files = _content(parts)
    bounce = _bounce(parts)
    quoted = [_text(part) for part in parts if bounce and part.get_content_type() in REPORTED]
    return Mail(
        message_id=header(headers.get("message-id", "")),
        name=name,
        address=address,
        recipients=_addresses(headers, "to", "cc", "delivered-to", "x-original-to"),
        subject=str(on_one_line(header(headers.get("subject", "")))).strip(),
        references=[*(header(headers.get(name, "")) for name in ("references", "in-reply-to")), *quoted],
        sent_at=_moment(headers.get("date", "")),
        text=text,
        files=files,
        is_automatic=bounce is not None or _is_automatic(headers, address),
        bounce=bounce,
        checks=[header(value) for name, value in message.raw_items() if name.lower() == CHECKS][:MAX_CHECKS],
    )


REPORTED = ("text/rfc822-headers", "message/rfc822")


def _leaves(message: Message) -> Iterator[Message]:
    """What is not made of parts, in its order. A mail inside the mail is one file."""
    waiting, count, repaired = [message], 0, 0
    while waiting and count < MAX_PARTS:
        one = waiting.pop()
        if repaired < MAX_REPAIRED and one.get_content_maintype() == "multipart" and not one.is_multipart():
            one, repaired = _repaired(one), repaired + 1
        payload = one.get_payload()
        if one.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting += [part for part in reversed(payload) if isinstance(part, Message)]
        else:
            count += 1
            yield one


def _repaired(part: Message) -> Message:
    """Read again by the line that stands between its parts, where that is not the one that its header names."""
    content = _bytes(part)
    line = BOUNDARY.search(content[:MAX_PREAMBLE])
    if not line:
        return part
    head = b'Content-Type: %s; boundary="%s"\n\n' % (part.get_content_type().encode(errors="replace"), line[1])
    again = email.message_from_bytes(head + content)
    return again if again.is_multipart() else part


def _content(parts: list[Message]) -> tuple[str, list[MailFile]]:
    """Plain text where there is some, else that of the HTML; the rest are files. What says that it has parts and has
    none, because its header was cut off or a program wrote nonsense, is text."""
    plain: list[str] = []
    html: list[str] = []
    files: list[MailFile] = []
    for part in parts:
        kind = part.get_content_type()
        is_file = bool(part.get_filename()) or (part.get_content_disposition() == "attachment")
        if part.get_content_maintype() == "multipart" or (kind == "text/plain" and not is_file):
            plain.append(_text(part))
        elif kind == "text/html" and not is_file:
            html.append(_text(part))
        elif (content := _bytes(part)) and kind != "message/delivery-status":
            files.append(MailFile(_file_name(part, len(files) + 1), kind[:100], content))
    text = "\n\n".join(one.strip() for one in plain if one.strip())
    return text or "\n\n".join(map(text_of_html, html)).strip(), files


def text_of_html(html: str) -> str:
    try:
        found: str = get_text(html[:MAX_HTML]) if html.strip() else ""
    except (ValueError, RecursionError, AttributeError, IndexError, TypeError):
        found = TAG.sub(" ", html[:MAX_HTML])
    return cleaned("\n".join(line.rstrip() for line in found.splitlines())).strip()


def cleaned(text: str) -> str:
    return str(without_controls(text))


def _text(part: Message) -> str:
    charset = part.get_param("charset", "")
    return cleaned(decoded(_bytes(part), charset if isinstance(charset, str) else ""))


def _bytes(part: Message) -> bytes:
    """Decoded; of a mail inside the mail, all of it."""
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    inner = part.get_payload()
    try:
        return (
            b"\n".join(one.as_bytes() for one in inner if isinstance(one, Message)) if isinstance(inner, list) else b""
        )
    except (UnicodeError, ValueError, LookupError, KeyError):
        return b""


def _file_name(part: Message, number: int) -> str:
    if written := _written_name(part):
        return clean(header(written))
    return f"{number}{EXTENSION.get(part.get_content_type(), '')}"


def _written_name(part: Message) -> str:
    """Many programs write it as it is, in UTF-8 or GB 18030: to the email package, which is right, that is nothing."""
    written = part.get_filename() or ""
    if "\ufffd" not in written:
        return written
    readable = Message()
    for name, value in part.raw_items():
        if name.lower() in ("content-type", "content-disposition"):
            readable[name] = decoded(value.encode("utf-8", errors="surrogateescape"))
    return readable.get_filename() or written


def _sender(headers: dict[str, str]) -> tuple[str, str]:
    found = getaddresses([header(headers.get("from", ""))], **LENIENT)
    name, address = next(((name, address) for name, address in found if is_email_address(address)), ("", ""))
    return str(on_one_line(" ".join(name.split())))[:200].strip(), address.lower()


def _addresses(headers: dict[str, str], *names: str) -> list[str]:
    written = [header(headers.get(name, "")) for name in names]
    return [address.lower() for _, address in getaddresses(written, **LENIENT)[:MAX_ADDRESSES] if address]


def _moment(written: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _is_automatic(headers: dict[str, str], address: str) -> bool:
    said = {name: headers.get(name, "").strip().lower() for name in ("auto-submitted", "precedence", "return-path")}
    return (
        said["auto-submitted"].partition(";")[0].strip() not in ("", "no")
        or said["precedence"] in ("bulk", "list", "junk", "auto_reply")
        or said["return-path"] == "<>"
        or any(name in headers for name in ("list-id", "list-unsubscribe", "x-autoreply", "x-autorespond"))
        or not address
        or PROGRAM.fullmatch(address) is not None
    )


def _bounce(parts: list[Message]) -> Bounce | None:
    """The first recipient that was not reached for good."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            reported = part.get_payload()
            for one in reported if isinstance(reported, list) else []:
                if isinstance(one, Message) and str(one.get("Action", "")).strip().lower() == "failed":
                    recipient = header(str(one.get("Final-Recipient", ""))).rpartition(";")[2].strip()
                    status = STATUS.match(header(str(one.get("Status", ""))))
                    return Bounce(recipient[:254], status[0] if status else "")
    return None
