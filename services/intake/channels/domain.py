"""What people write in a messenger, on its way to a ticket.

People send a sentence, then a screenshot, then a log: what one person writes in one conversation is gathered for a few
seconds and goes to one ticket. A thread first says what it will put there (the batch), then does so under the batch's
id, then forgets it; so it is put there once, wherever a process is killed.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from services.intake.conversation.domain import PART_CHARACTERS
from shared.domain import Aggregate, Unavailable, Value
from shared.events import Contact, Event, Problem
from shared.terms import Channel

GATHER = timedelta(seconds=8)  # after the last message
GATHER_AT_MOST = timedelta(seconds=60)  # after the first
DELIVER_AGAIN = timedelta(seconds=30)  # what was begun, if nobody ended it
MAX_WAITING = 100  # messages
TITLE_CHARACTERS = 80
HAN = re.compile(r"[\u3400-\u9fff]")
NEW_TICKET = re.compile(r"^(?:/new\b|new ticket\b|新工单|新问题)[\s:：,，]*", re.IGNORECASE)
NO_TEXT = {"zh": "（未填写文字）", "en": "(no text)"}


class Sender(Value):
    """A person as the platform knows them: `id` is theirs within the account."""

    id: str
    name: str = ""


class Inbound(Value):
    """One message. `id` is the platform's, the same each time it is delivered; `conversation` tells the chats of one
    account apart."""

    id: str
    conversation: str
    sender: Sender
    text: str
    sent_at: AwareDatetime


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
    due_at: AwareDatetime | None = None

    @property
    def language(self) -> str:
        said = self.batch or self.waiting
        return "zh" if not said or any(HAN.search(one.text) for one in said) else "en"

    @property
    def contact(self) -> Contact:
        name = self.sender.name or self.sender.id
        return Contact(name=name, language=self.language, address=f"{self.channel}:{self.account}:{self.sender.id}")

    @property
    def batch_key(self) -> str:
        return f"channel/{self.id}/{self.batch[0].id}"

    @property
    def wants_new_ticket(self) -> bool:
        """They say so, or there is none yet."""
        return not self.ticket or any(NEW_TICKET.match(one.text.lstrip()) for one in self.batch)

    def take(self, message: Inbound, now: datetime) -> list[Event]:
        """Raises Unavailable when there is no room before the next batch: the platform sends it again."""
        if len(self.waiting) >= MAX_WAITING:
            raise Unavailable("Too many messages at once; please send it again", "消息过多，请稍后重新发送")
        if not self.waiting:
            self.gathered_since = now
        self.waiting.append(message)
        self.sender = message.sender
        if not self.batch:
            self.due_at = self._gathered_at(now)
        return []

    def begin(self, now: datetime) -> list[Event]:
        """What was gathered becomes the batch, unless one is on its way."""
        if self.due_at is None or self.due_at > now:
            return []
        if not self.batch:
            self.batch, self.waiting, self.gathered_since = self.waiting, [], None
        self.due_at = now + DELIVER_AGAIN if self.batch else None
        return []

    def end(self, key: str, ticket: str, now: datetime) -> list[Event]:
        """The batch with this key is on that ticket."""
        if not self.batch or self.batch_key != key:
            return []
        self.batch, self.ticket = [], ticket
        self.due_at = self._gathered_at(now) if self.waiting else None
        return []

    def _gathered_at(self, now: datetime) -> datetime:
        return min(now + GATHER, (self.gathered_since or now) + GATHER_AT_MOST)


def thread_id(account: str, message: Inbound) -> str:
    known = "\n".join((account, message.conversation, message.sender.id))
    return f"CT-{hashlib.sha256(known.encode()).hexdigest()[:24]}"


def texts(batch: Sequence[Inbound], language: str) -> list[str]:
    """The batch in its order, as few entries of the conversation as it fits in."""
    ordered = sorted(batch, key=lambda one: (one.sent_at, batch.index(one)))
    whole = "\n".join(text for one in ordered if (text := NEW_TICKET.sub("", one.text.lstrip()).strip()))
    whole = whole or NO_TEXT[language]
    return [whole[start : start + PART_CHARACTERS] for start in range(0, len(whole), PART_CHARACTERS)]


def problem_of(text: str) -> Problem:
    """Its first line is the title."""
    first = text.strip().partition("\n")[0].strip()
    title = first if len(first) <= TITLE_CHARACTERS else f"{first[: TITLE_CHARACTERS - 1]}…"
    return Problem(title=title, description=text)
