"""What a message says."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.domain import Value


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
