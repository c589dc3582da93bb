"""How far a mailbox on an IMAP server has been read.

Messages of a folder have numbers (UIDs) that only grow while its UIDVALIDITY is the same (RFC 9051, 2.3.1.1). So what
is new is what has a greater number than the last one that was taken, whoever has looked at it meanwhile; where that
says nothing, at first and when the server has made the numbers anew, it is what nobody has seen.
"""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, compat32

from pydantic import AwareDatetime

from shared.domain import Aggregate
from shared.events import Event

EVERY = timedelta(seconds=20)
LONGEST_WAIT = timedelta(minutes=5)  # for a server that does not let us in
ERROR_CHARACTERS = 300
KEPT = ("From", "To", "Cc", "Reply-To", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted")


class PolledMailbox(Aggregate):
    """`id` is the account's address; `uid_validity` is 0 until all that was unseen at first was taken."""

    uid_validity: int = 0
    last_uid: int = 0
    failures: int = 0
    error: str = ""
    polled_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None

    def is_first(self, uid_validity: int) -> bool:
        return uid_validity != self.uid_validity

    def advance(self, uid_validity: int, uid: int) -> list[Event]:
        """All up to this one are taken."""
        if self.is_first(uid_validity) or uid > self.last_uid:
            self.uid_validity, self.last_uid = uid_validity, uid
        return []

    def finish(self, error: str, has_more: bool, now: datetime) -> list[Event]:
        self.polled_at, self.error = now, error[:ERROR_CHARACTERS]
        self.failures = self.failures + 1 if error else 0
        wait = min(EVERY * 2 ** min(self.failures, 6), LONGEST_WAIT) if error else EVERY
        self.due_at = now if has_more and not error else now + wait
        return []


def stand_in(head: bytes, size: int, most: int) -> bytes:
    """What is taken in place of a mail that is larger than `most` bytes: who wrote about what, and where to look."""
    found = message_from_bytes(head, policy=compat32)
    new = EmailMessage(policy=SMTP)
    for name in (*KEPT, "Subject"):
        if (value := found.get(name)) is not None:
            new[name] = " ".join(str(value).split())
    mb, limit = size / 1024**2, most // 1024**2
    new.set_content(
        f"（邮件 {mb:.1f} MB，超过 {limit} MB 的上限，正文和附件未收取，请在邮箱中查看）\n"
        f"(This mail of {mb:.1f} MB is over the limit of {limit} MB: its text and files were not taken; please see the"
        " mailbox.)"
    )
    return new.as_bytes()
