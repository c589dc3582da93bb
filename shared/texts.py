"""Texts of people, brought into one spelling in a time that grows with their length and no faster."""

import asyncio
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import ParamSpec, TypeVar

PIECE = 256  # characters that are looked at together
MOST_MARKS = 30  # on one letter; no language has more
LONG = 2_000  # characters, from which on work on a text is done beside the event loop

# What no text of a person needs, and what JSON makes six bytes of: control characters, but for line breaks and tabs.
_NO_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if code not in (9, 10)}
_ONE_LINE = {**_NO_CONTROLS, 9: " ", 10: " "}

# What can be mailed to: RFC 5321 without quoted names, comments and bare numbers, in ASCII (a Chinese domain as xn--…).
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL_ADDRESS = re.compile(rf"^{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}$")
LONGEST_EMAIL_ADDRESS = 254

P = ParamSpec("P")
T = TypeVar("T")


def is_email_address(text: str) -> bool:
    return len(text) <= LONGEST_EMAIL_ADDRESS and EMAIL_ADDRESS.fullmatch(text) is not None


def without_controls(text: object) -> object:
    """A text without control characters; line breaks are `\\n`. What is no text stays as it is."""
    if not isinstance(text, str):
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_NO_CONTROLS)


def on_one_line(text: object) -> object:
    """The same on one line."""
    if not isinstance(text, str):
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_ONE_LINE)


def plain(text: str, most: int) -> str:
    """The first `most` characters of a text in Unicode's compatibility form (NFKC: `Ａ` is `A`, `①` is `1`).

    Unicode puts the marks on a letter in order, in a time that grows with the square of their number, and makes up to
    eighteen characters of one: so a text is taken in pieces, and none of its parts is longer than it was said to be.
    """
    text = text[:most]
    if text.isascii():
        return text
    found: list[str] = []
    length = 0
    for piece in _pieces(text):
        found.append(unicodedata.normalize("NFKC", piece))
        length += len(found[-1])
        if length >= most:
            break
    return "".join(found)[:most]


def _pieces(text: str) -> Iterator[str]:
    """Cut between letters, not between a letter and its marks or inside of a Korean syllable."""
    begin = 0
    while begin < len(text):
        end = min(begin + PIECE, len(text))
        last = min(end + MOST_MARKS, len(text))
        while end < last and (unicodedata.combining(text[end]) or "\u1160" <= text[end] <= "\u11ff"):
            end += 1
        yield text[begin:end]
        begin = end


async def off_loop(length: int, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Work on texts of this length together; in a thread when they are long, so that others are served meanwhile.

    That is no cure for a slow pattern: Python lets nobody else work while it looks for one match.
    """
    if length <= LONG:
        return work(*args, **kwargs)
    return await asyncio.to_thread(work, *args, **kwargs)
