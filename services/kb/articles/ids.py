"""What articles are called."""

import re

WRITTEN = re.compile(r"KB-([0-9]{1,12})")
LEARNT = re.compile(r"KB-TK-[0-9]{4}-[0-9]{1,12}")


def id_of(ticket: str) -> str:
    """Of the article that a ticket teaches: the same each time that it is learnt. Never the id of one that a person
    wrote, which is a number alone."""
    return f"KB-{ticket}" if ticket[:1].isalpha() else f"KB-T-{ticket}"


def is_learnt(id: str) -> bool:
    """Whether a ticket teaches the article with this id, now or later."""
    return bool(LEARNT.fullmatch(id))


def number_in(id: str) -> int | None:
    """The number of an article that a person wrote."""
    return int(found[1]) if (found := WRITTEN.fullmatch(id)) else None
