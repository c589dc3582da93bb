"""What a message says."""

from typing import NamedTuple

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
