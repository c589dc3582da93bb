"""A mail sink: takes every mail, keeps the last ones in memory, sends nothing on.

As mail servers do, it shows a mail that comes again under the same Message-ID once: a sender that was killed before it
knew that its mail was taken can only hand it over again.
"""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.options import HOST

KEEP = 200
LIMIT = 40_000_000


@dataclass(frozen=True)
class Mail:
    id: int
    at: datetime
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    headers: dict[str, str]
    attachments: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "at": self.at.astimezone().isoformat()}


class MailBox:
    """Filled by the SMTP thread, read by the pages."""

    def __init__(self, keep: int = KEEP) -> None:
        self._mails: deque[Mail] = deque(maxlen=keep)
        self._last = 0
        self.repeated: list[str] = []  # the Message-ID of each that came again
        self._lock = threading.Lock()

    def put(self, sender: str, to: Sequence[str], content: bytes) -> Mail:
        with self._lock:
            mail = read_mail(self._last + 1, sender, to, content)
            id = mail.headers.get("Message-ID")
            for known in self._mails if id else ():
                if known.headers.get("Message-ID") == id:
                    self.repeated.append(str(id))
                    return known
            self._last += 1
            self._mails.append(mail)
            return mail

    def all(self) -> list[Mail]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._mails))

    def get(self, mail_id: int) -> Mail | None:
        return next((mail for mail in self.all() if mail.id == mail_id), None)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # its name in aiosmtpd
        content = envelope.content
        self.put(envelope.mail_from or "", envelope.rcpt_tos, content if isinstance(content, bytes) else b"")
        return "250 OK"


def serve_mail(box: MailBox, port: int, host: str = HOST) -> Controller:
    controller = Controller(box, hostname=host, port=port, data_size_limit=LIMIT, enable_SMTPUTF8=True)
    controller.start()
    return controller


def read_mail(number: int, sender: str, to: Sequence[str], content: bytes) -> Mail:
    message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
    return Mail(
        id=number,
        at=datetime.now(),
        sender=str(message["from"] or sender),
        to=tuple(to),
        subject=str(message["subject"] or ""),
        text=_text(message),
        headers={name: str(value) for name, value in message.items()},
        attachments=tuple(part.get_filename() or part.get_content_type() for part in message.iter_attachments()),
    )


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        return str(body.get_content())
    except (LookupError, UnicodeError):  # a charset nobody knows
        payload = body.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(payload)
