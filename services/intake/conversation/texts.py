"""Texts that come as they are, for the conversation: which language they are in, and as entries of a bounded length."""

import re

PART_CHARACTERS = 20_000  # of one entry
HAN = re.compile(r"[\u3400-\u9fff]")


def language_of(text: str) -> str:
    """zh or en."""
    return "zh" if HAN.search(text) else "en"


def parts_of(text: str) -> list[str]:
    """As few as it fits in; one at least."""
    return [text[at : at + PART_CHARACTERS] for at in range(0, len(text), PART_CHARACTERS)] or [""]
