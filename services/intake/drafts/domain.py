"""What a person has typed on a ticket and not sent: one for each audience. On its way it waits a moment, in which they
can take it back; then it is posted, whether their page is still open or not."""

import hashlib
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from shared.domain import Aggregate, Conflict
from shared.events import Event
from shared.terms import EARLIEST, Term, Text

HELD_FOR = timedelta(seconds=10)  # as mail programs do
FORGOTTEN_AFTER = timedelta(days=90)  # without a change
MOST_CHARACTERS = 20_000  # as of a message


class Audience(Term):
    REPLY = "reply", "reply to the customer", "回复客户"
    NOTE = "note", "internal note", "内部备注"


class NotOnItsWay(Conflict):
    title = Text("There is nothing to take back", "没有可撤回的内容")


class OnItsWay(Conflict):
    title = Text("It is being sent", "正在发送")


class Draft(Aggregate):
    """`due_at` is when it is posted, `key` what makes that happen once; `is_leaving` from when on it cannot be taken
    back. `refused` is why it was not posted, as it was said to whoever wrote it."""

    ticket: str
    owner: str
    owner_name: str
    audience: Audience
    text: str = ""
    changed_at: AwareDatetime = EARLIEST
    due_at: AwareDatetime | None = None
    key: str = ""
    is_leaving: bool = False
    refused_en: str = ""
    refused_zh: str = ""

    def keep(self, text: str, now: datetime) -> list[Event]:
        """Raises OnItsWay: what is being sent is taken back before it is changed."""
        self._require_here()
        if text != self.text:
            self.text, self.changed_at = text, now
        self.refused_en = self.refused_zh = ""
        return []

    def send(self, text: str, key: str, now: datetime) -> list[Event]:
        """In a moment. Raises OnItsWay."""
        self.keep(text, now)
        self.due_at, self.key, self.changed_at = now + HELD_FOR, key, now
        return []

    def take_back(self, now: datetime) -> list[Event]:
        """It is a draft again. Raises NotOnItsWay; OnItsWay a moment too late."""
        if self.due_at is None:
            raise NotOnItsWay("It has been sent already, or it never was", "已经发送，或从未发送")
        if self.is_leaving:
            raise _too_late()
        self.due_at, self.key, self.changed_at = None, "", now
        return []

    def leave(self, now: datetime) -> list[Event]:
        """From now on it cannot be taken back."""
        if self.due_at is not None and self.due_at <= now:
            self.is_leaving = True
        return []

    def arrive(self, key: str, refused: Text | None, now: datetime) -> list[Event]:
        """It was posted, or `refused`: then it is a draft again."""
        if self.key != key:
            return []
        self.due_at, self.key, self.is_leaving, self.changed_at = None, "", False, now
        if refused is None:
            self.text = ""
        else:
            self.refused_en, self.refused_zh = refused.en, refused.zh
        return []

    def _require_here(self) -> None:
        if self.due_at is not None:
            raise _too_late()


def id_of(owner: str, ticket: str, audience: Audience) -> str:
    """One for each person, ticket and audience."""
    whose = " ".join((audience, ticket, owner))  # neither of the first two has a space in it
    return f"D-{hashlib.sha256(whose.encode()).hexdigest()[:24]}"


def _too_late() -> OnItsWay:
    return OnItsWay("It is on its way: take it back first, if there is time", "内容正在发送：如需修改，请先撤回")
