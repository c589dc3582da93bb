"""Article ids: `KB-000051` for one that a person wrote, `KB-TK-2026-000051` for one drafted from a ticket."""

import re

MANUAL = re.compile(r"KB-([0-9]{1,12})")
FROM_TICKET = re.compile(r"KB-TK-[0-9]{4}-[0-9]{1,12}")


def article_id(ticket: str) -> str:
    """Of the article drafted from this ticket: always the same, and never one that a number alone can make."""
    return f"KB-{ticket}" if ticket[:1].isalpha() else f"KB-T-{ticket}"


def manual_id(number: int) -> str:
    return f"KB-{number:06d}"


def is_from_ticket(id: str) -> bool:
    """Whether the article with this id is drafted from a ticket, though perhaps not yet."""
    return bool(FROM_TICKET.fullmatch(id))


def manual_number(id: str) -> int | None:
    """The number in the id of an article that a person wrote, None in any other."""
    return int(found[1]) if (found := MANUAL.fullmatch(id)) else None
