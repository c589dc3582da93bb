"""What a message says."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field

from shared.domain import Aggregate, Value
from shared.events import Event

MOST_VERSIONS = 20  # that are kept
MAX_TITLE, MAX_TEXT = 300, 10_000  # characters of a template


class MessageTemplate(NamedTuple):
    """In one language."""

    title: str
    text: str


class Content(Value):
    """Rendered, in one language."""

    title: str
    text: str


def one_line(text: str) -> str:
    """Without line breaks and control characters, which have no place in a mail's subject."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def local_time(moment: datetime, zone: ZoneInfo) -> str:
    """As the reader's clocks show it: `2026-03-02 12:00 (UTC+8)`."""
    local = moment.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    hours, seconds = divmod(abs(offset).seconds, 3600)
    minutes = f":{seconds // 60:02}" if seconds else ""
    return f"{local:%Y-%m-%d %H:%M} (UTC{'-' if offset < timedelta() else '+'}{hours}{minutes})"


class ChannelKind(StrEnum):
    ANY = "any"
    ONLINE = "online"  # only read in the inbox
    EMAIL = "email"
    MESSENGER = "messenger"


class TemplateKey(NamedTuple):
    """`opened.email.zh`: of which text, for what it is sent by, in which language."""

    name: str
    kind: ChannelKind
    language: str

    def __str__(self) -> str:
        return ".".join(self)

    @classmethod
    def read(cls, id: str) -> "TemplateKey | None":
        name, _, rest = id.partition(".")
        kind, _, language = rest.partition(".")
        return cls(name, ChannelKind(kind), language) if kind in set(ChannelKind) else None


class TemplateVersion(Value):
    number: int
    title: str
    text: str
    by: str
    at: AwareDatetime


class WrittenTemplate(Aggregate):
    """What a desk has written in place of a built-in one, by the text of its TemplateKey. `current` is the number of
    the version that is used; 0: the built-in one."""

    versions: list[TemplateVersion] = Field(default_factory=list)
    current: int = 0

    @property
    def used(self) -> TemplateVersion | None:
        return next((one for one in self.versions if one.number == self.current), None)

    def write(self, said: MessageTemplate, by: str, now: datetime) -> list[Event]:
        number = self.versions[-1].number + 1 if self.versions else 1
        version = TemplateVersion(number=number, title=said.title, text=said.text, by=by, at=now)
        self.versions = [*self.versions, version][-MOST_VERSIONS:]
        self.current = number
        return []

    def reset(self) -> list[Event]:
        self.current = 0
        return []
