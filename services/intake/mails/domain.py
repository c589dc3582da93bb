"""A mail on its way to a ticket. It is taken from the sending server once it is stored as it came; what it says is read
afterwards, as often as it takes."""

import hashlib
import re
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, Field

from services.intake.mails.parsing import Mail
from shared.domain import Aggregate, Conflict
from shared.events import Event, MailBounced, Problem
from shared.terms import Text

STORED_WITHIN = timedelta(minutes=30)
READ_AGAIN = timedelta(seconds=30)  # what was begun, if nobody ended it
KEPT_FOR = timedelta(days=30)
TITLE_CHARACTERS = 200
MESSAGE_ID = re.compile(rb"(?im)^message-id[ \t]{0,9}:[ \t\r\n]{0,9}([^\r\n]{1,900})")
INSTEAD = re.compile(rb"(?im)^(?:date|from|subject)[ \t]{0,9}:[^\r\n]{1,900}")
HEAD_END = re.compile(rb"\r?\n\r?\n")
TICKET_IN_SUBJECT = re.compile(r"\[(TK-[0-9]{4}-[0-9]{6,12})\]")
ANSWER = re.compile(r"(?:(?:re|aw|fw|fwd|回复|答复|转发)[ \t]{0,3}[:：][ \t]{0,3}){1,9}", re.IGNORECASE)


class MailState(StrEnum):
    RECEIVED = "received"
    ON_TICKET = "on_ticket"
    IGNORED = "ignored"


class NotIgnored(Conflict):
    title = Text("The mail was not ignored", "该邮件未被忽略")


class InboundMail(Aggregate):
    """`file` is the mail as it came, one of `stored`, which are all that were begun to be stored for it. `reason` says
    why it was ignored, `insisted` that a person wants it on a ticket all the same."""

    sender: str
    recipients: list[str]
    size: int
    stored: list[str] = Field(default_factory=list)
    file: str = ""
    state: MailState = MailState.RECEIVED
    subject: str = ""
    ticket: str = ""
    opened: bool = False
    reason: str = ""
    insisted: bool = False
    received_at: AwareDatetime
    due_at: AwareDatetime | None = None

    def store(self, file: str) -> list[Event]:
        """It is about to be stored in this file."""
        self.stored.append(file)
        return []

    def take(self, file: str, now: datetime) -> list[Event]:
        """It is stored; unless it was before, in another."""
        if not self.file:
            self.file, self.due_at = file, now
        return []

    def read(self, mail: Mail, ticket: str, opened: bool, reason: str, now: datetime, bounced: str = "") -> list[Event]:
        """What became of it: on a ticket, or ignored for this reason. `bounced`: the notification that came back, where
        that was a mail of no ticket's thread."""
        if self.state is MailState.ON_TICKET:
            return []
        self.state = MailState.ON_TICKET if ticket else MailState.IGNORED
        self.ticket, self.opened, self.reason = ticket, opened, reason
        self.subject, self.sender = mail.subject[:TITLE_CHARACTERS], mail.address or self.sender
        self.due_at = now + KEPT_FOR
        if not (mail.bounce and bounced):
            return []
        whom = {"recipient": mail.bounce.recipient, "status": mail.bounce.status}
        return [MailBounced(subject=self.id, time=now, delivery=bounced, **whom)]

    def insist(self, now: datetime) -> list[Event]:
        """Raises NotIgnored."""
        if self.state is not MailState.IGNORED:
            raise NotIgnored("The mail was not ignored, or has been accepted already", "该邮件未被忽略，或已被受理")
        self.state, self.insisted, self.due_at = MailState.RECEIVED, True, now
        return []


def mail_id(raw: bytes) -> str:
    """The same for one mail that comes by two ways; another for another body under the same Message-ID. Without a
    Message-ID it is who wrote when about what."""
    end = HEAD_END.search(raw)
    head, body = (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    found = MESSAGE_ID.search(head)
    named = found[1].strip() if found else b"\n".join(INSTEAD.findall(head)) or head
    known = hashlib.sha256(named).digest() + hashlib.sha256(body).digest()
    return f"M-{hashlib.sha256(known).hexdigest()[:24]}"


def subject_of(written: str) -> str:
    """Without `Re:` and the number that we put there."""
    return ANSWER.sub("", TICKET_IN_SUBJECT.sub("", written).strip(), count=1).strip()


def problem_of(mail: Mail, text: str) -> Problem:
    first_line = text.strip().partition("\n")[0].strip()
    named = [subject_of(mail.subject), first_line, *(file.name for file in mail.files), "-"]
    title = next(one for one in named if one)[:TITLE_CHARACTERS]
    return Problem(title=title, description=text or title)
