"""What a message says."""

from shared.domain import Value


class Words(Value):
    title: str
    text: str


def one_line(text: str) -> str:
    """Without line breaks and control characters, which have no place in a mail's subject."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
