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
NEARLY = 8  # characters that are right for each that is broken: in GB 18030 read as UTF-8 most are broken


def decoded(raw: bytes, charset: str = "") -> str:
    """As it says, if that fits; else as UTF-8, even if a few characters are broken, GB 18030 or Windows-1252, whichever
    fits first."""
    known = _known(charset)
    for name in (known, *GUESSES):
        if name:
            try:
                return raw.decode(name)
            except UnicodeDecodeError as error:
                if name in (known, "utf-8") and (text := _cut_off(raw, name, error)):
                    return text
            except UnicodeError:
                continue
            if name == "utf-8" and (text := _nearly_utf_8(raw)):
                return text
    return raw.decode("utf-8", errors="replace")


def _cut_off(raw: bytes, charset: str, error: UnicodeDecodeError) -> str:
    """Without its last character, of which the end is missing; empty if that is not what is wrong."""
    if error.start < len(raw) - 3 or ("end of data" not in error.reason and "incomplete" not in error.reason):
        return ""
    text = raw[: error.start].decode(charset)
    return text if sum(not one.isascii() for one in text) > 1 else ""


def _nearly_utf_8(raw: bytes) -> str:
    """What was spoilt here and there on its way; else empty."""
    text = raw.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    right = sum(not one.isascii() for one in text) - broken
    return text if broken * NEARLY <= right else ""


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
