"""What people write in a messenger, on its way to a ticket.

People send a sentence, then a screenshot, then a log: what one person writes in one conversation is gathered for a few
seconds and goes to one ticket. A thread first says what it will put there (the batch), then does so under the batch's
id, then forgets it; so it is put there once, wherever a process is killed. Files stay with the platform until they are
fetched, each for itself; when it is slow or away, no text waits for them.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field

from services.intake.conversation.texts import language_of, parts_of
from shared.domain import Aggregate, Unavailable, Value
from shared.events import Contact, Event, Problem
from shared.terms import Channel
from shared.texts import on_one_line, without_controls

GATHER = timedelta(seconds=8)  # after the last message
GATHER_AT_MOST = timedelta(seconds=60)  # after the first
AGAIN = timedelta(seconds=30)  # what was begun, if nobody ended it
FETCHED_WITHIN = timedelta(hours=2)  # a file, or it is given up
MAX_WAITING = 100  # messages
MAX_CHARACTERS = 1_000_000  # of them together
MAX_FILES = 200  # of them together
TITLE_CHARACTERS = 80
NEW_TICKET = re.compile(r"^(?:/new\b|new ticket\b|新工单|新问题)[\s:：,，]*", re.IGNORECASE)
NO_TEXT = {"zh": "（未填写文字）", "en": "(no text)"}


def cleaned(text: str) -> str:
    """Without control characters and halves of characters."""
    return str(without_controls(text)).encode("utf-8", "ignore").decode()


def line_of(length: int) -> BeforeValidator:
    return BeforeValidator(lambda text: cleaned(str(on_one_line(text)))[:length].strip())


# What platforms call things, whatever it is: one line without anything that cannot be stored.
Name = Annotated[str, line_of(200)]
Reference = Annotated[str, line_of(1_000)]


class Sender(Value):
    """A person as the platform knows them: `id` is theirs within the account."""

    id: Name
    name: Name = ""


class FileRef(Value):
    """A file that the platform has, by its `id`, of a message or a robot (`of`), and what it is called."""

    id: Reference
    of: Reference = ""
    kind: str = "file"
    name: Name = ""


class Inbound(Value):
    """One message. `id` is the platform's, the same each time it is delivered; `conversation` tells the chats of one
    account apart. `reply_to` is where the platform takes an answer (`<until, in milliseconds> <address>`), if it says
    so. `answers` are those to guided questions of `ticket` that were picked, by the fact."""

    id: Name
    conversation: Name
    sender: Sender
    text: Annotated[str, BeforeValidator(cleaned)]
    files: list[FileRef] = Field(default_factory=list)
    sent_at: AwareDatetime
    reply_to: Reference = ""
    ticket: Name = ""
    answers: dict[str, str] = Field(default_factory=dict)


class PendingFile(Value):
    """As an earlier release kept it, in the thread."""

    key: str
    ticket: str
    file: FileRef
    since: AwareDatetime
    due_at: AwareDatetime


class ChannelFile(Aggregate):
    """A file that is to be fetched for this ticket. Its id makes it be added once; `sender` is who sent it, as the
    platform knows them."""

    channel: Channel
    account: str
    sender: str
    ticket: str
    file: FileRef
    since: AwareDatetime
    due_at: AwareDatetime | None = None

    def postpone(self, now: datetime) -> list[Event]:
        """It could not be fetched just now: each time later."""
        self.due_at = now + max(AGAIN, (now - self.since) / 2)
        return []


class ChannelThread(Aggregate):
    """What one person writes in one conversation of an account: `waiting` is gathered, `batch` on its way to a ticket.
    `ticket` is where it went last."""

    channel: Channel
    account: str
    company: str = ""
    conversation: str
    sender: Sender
    ticket: str = ""
    waiting: list[Inbound] = Field(default_factory=list)
    gathered_since: AwareDatetime | None = None
    batch: list[Inbound] = Field(default_factory=list)
    batch_due: AwareDatetime | None = None
    files: list[PendingFile] = Field(default_factory=list)
    due_at: AwareDatetime | None = None

    @property
    def language(self) -> str:
        said = self.batch or self.waiting
        return language_of("".join(one.text for one in said))

    @property
    def contact(self) -> Contact:
        """Who calls is called back; who writes is answered where they write."""
        name = self.sender.name or self.sender.id
        if self.channel == Channel.HOTLINE:
            return Contact(name=name, language=self.language, phone=self.sender.id)
        return Contact(name=name, language=self.language, address=self.address)

    @property
    def address(self) -> str:
        return f"{self.channel}:{self.account}:{self.sender.id}"

    @property
    def reply_to(self) -> str:
        """The newest one."""
        return max(self.batch, key=lambda one: one.sent_at).reply_to if self.batch else ""

    @property
    def answers(self) -> dict[str, str]:
        """What was picked; empty where something else was said too."""
        if not all(one.answers for one in self.batch):
            return {}
        return {field: words for one in self.batch for field, words in one.answers.items()}

    @property
    def batch_key(self) -> str:
        """Of a batch that has a message."""
        return f"channel/{self.id}/{self.batch[0].id}"

    @property
    def wants_new_ticket(self) -> bool:
        """They say so, or there is none yet."""
        return not self.ticket or any(NEW_TICKET.match(one.text.lstrip()) for one in self.batch)

    def take(self, message: Inbound, now: datetime) -> list[Event]:
        """Raises Unavailable when there is no room before the next batch: the platform sends it again."""
        characters = sum(len(one.text) for one in self.waiting)
        if len(self.waiting) >= MAX_WAITING or (self.waiting and characters + len(message.text) > MAX_CHARACTERS):
            raise Unavailable("Too many messages at once; please send it again", "消息过多，请稍后重新发送")
        if not self.waiting:
            self.gathered_since = now
        self.waiting.append(message)
        self.sender = message.sender
        if not self.batch:
            self.batch_due = self._gathered_at(now)
        return self._schedule()

    def begin(self, now: datetime) -> list[Event]:
        """What was gathered becomes the batch, unless one is on its way."""
        if self.batch_due is None or self.batch_due > now:
            return []
        if not self.batch:
            self.batch, self.waiting, self.gathered_since = self.waiting, [], None
        self.batch_due = now + AGAIN
        return self._schedule()

    def files_for(self, ticket: str, now: datetime) -> list[ChannelFile]:
        """What is to be fetched of the batch, and what an earlier release had begun."""
        refs = [file for message in self.batch for file in message.files][:MAX_FILES]
        key = self.batch_key if refs else ""
        pending = [
            PendingFile(key=f"{key}/file/{number}", ticket=ticket, file=file, since=now, due_at=now)
            for number, file in enumerate(refs)
        ]
        return [
            ChannelFile(
                id=one.key,
                channel=self.channel,
                account=self.account,
                sender=self.sender.id,
                ticket=one.ticket,
                file=one.file,
                since=one.since,
                due_at=one.due_at,
            )
            for one in (*self.files, *pending)
        ]

    def end(self, key: str, ticket: str, now: datetime) -> list[Event]:
        """The batch with this key is on that ticket, and its files are known by themselves."""
        self.files = []
        if self.batch and self.batch_key == key:
            self.batch, self.ticket = [], ticket
            self.batch_due = self._gathered_at(now) if self.waiting else None
        return self._schedule()

    def _schedule(self) -> list[Event]:
        self.due_at = self.batch_due
        return []

    def _gathered_at(self, now: datetime) -> datetime:
        return min(now + GATHER, (self.gathered_since or now) + GATHER_AT_MOST)


def thread_id(account: str, message: Inbound) -> str:
    known = "\n".join((account, message.conversation, message.sender.id))
    return f"CT-{hashlib.sha256(known.encode()).hexdigest()[:24]}"


def texts(batch: Sequence[Inbound], language: str) -> list[str]:
    """The batch in its order, as few entries of the conversation as it fits in."""
    ordered = sorted(batch, key=lambda one: one.sent_at)
    whole = "\n".join(text for one in ordered if (text := NEW_TICKET.sub("", one.text.lstrip()).strip()))
    whole = whole or NO_TEXT[language]
    return parts_of(whole)


def problem_of(text: str) -> Problem:
    """Its first line is the title."""
    first = text.strip().partition("\n")[0].strip()
    title = first if len(first) <= TITLE_CHARACTERS else f"{first[: TITLE_CHARACTERS - 1]}…"
    return Problem(title=title, description=text)
