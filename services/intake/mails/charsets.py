"""Bytes that should be text, in whatever they are written: nothing that comes is refused for it."""

import codecs
import re
from email.header import decode_header

ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "us-ascii": "utf-8", "ascii": "utf-8"}
# Python knows more, some of which are no text, or take long: what mail programs write.
CHARSETS = re.compile(
    r"utf-(?:8|16|16-be|16-le|32)|gb18030|big5|big5hkscs|cp950|hz|iso8859-(?:1|2|5|7|9|15)|cp125[0-8]|koi8-r"
    r"|shift_jis|cp932|euc_jp|iso2022_jp|euc_kr|cp949"
)
GUESSES = ("utf-8", "gb18030", "cp1252")
MAX_HEADER = 8_000  # characters


def decoded(raw: bytes, charset: str = "") -> str:
    """As it says, if that fits; else as UTF-8, GB 18030 or Windows-1252, whichever fits first."""
    for name in (_known(charset), *GUESSES):
        if name:
            try:
                return raw.decode(name)
            except UnicodeError:
                continue
    return raw.decode("utf-8", errors="replace")


def header(value: str) -> str:
    """A header as the email package gives it raw: bytes that are no ASCII stand in it as surrogates. On one line."""
    text = decoded(value[:MAX_HEADER].encode("utf-8", errors="surrogateescape"))
    try:
        parts = decode_header(text.replace("\r", " ").replace("\n", " "))
    except (ValueError, LookupError):
        return " ".join(text.split())
    words = [decoded(part, charset or "") if isinstance(part, bytes) else part for part, charset in parts]
    return " ".join("".join(words).split())


def _known(charset: str) -> str:
    name = charset.strip().strip("\"'").lower()
    try:
        found = codecs.lookup(ALIASES.get(name, name)).name
    except (LookupError, ValueError):
        return ""
    return found if CHARSETS.fullmatch(found) else ""
