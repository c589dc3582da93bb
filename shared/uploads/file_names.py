"""What a file is called: the name that was sent, whichever way it was written, made harmless."""

import base64
import binascii
import re
import unicodedata
from urllib.parse import unquote_to_bytes

MAX_LENGTH = 150  # characters; the end is kept, because it says what kind of file it is
MAX_HEADER = 4000  # characters of a header
UNNAMED = "file"

PARAMETER = re.compile(r';[ \t]*+([\w!#$&+.^`|~*\'-]++)[ \t]*+=[ \t]*+(?:"((?:[^"\\]|\\.)*+)"|([^;"]*+))', re.ASCII)
QUOTED = re.compile(r'\\(["\\])')
ENCODED_WORD = re.compile(r"=\?([\w-]{1,40}+)(?:\*[\w-]{0,20}+)?\?([bBqQ])\?([^?\s]*+)\?=(?:[ \t]++(?==\?))?", re.ASCII)
# Python knows many more, some of which are no text or take long: only what browsers and mail programs write.
_KNOWN = "utf-8 us-ascii iso-8859-1 iso-8859-15 windows-1252 gb2312 gbk gb18030 big5 shift_jis euc-jp euc-kr"
CHARSETS = frozenset(_KNOWN.split())
SEPARATORS = "/\\"
DROPPED = frozenset({"Cf", "Cs"})  # what turns the direction of writing round or is not seen; halves of characters
REPLACED = frozenset({"Cc", "Zl", "Zp"})


def file_name(disposition: str) -> str:
    """The name in a Content-Disposition header (its bytes read as Latin-1), clean, `file` when it has none.

    `filename*` (RFC 8187) says it best, then `filename`, which may be in UTF-8 or in encoded words (RFC 2047).
    """
    found: dict[str, str] = {}
    for parameter in PARAMETER.finditer(disposition[:MAX_HEADER]):
        name, quoted, bare = parameter.groups()
        value = QUOTED.sub(r"\1", quoted) if quoted is not None else bare.strip()
        found.setdefault(name.lower(), value)
    return clean(_extended(found.get("filename*", "")) or _plain(found.get("filename", "")))


def has_file_name(disposition: str) -> bool:
    return any(one[1].lower() in ("filename", "filename*") for one in PARAMETER.finditer(disposition[:MAX_HEADER]))


def clean(name: str) -> str:
    """A name that is safe to show, to store and to save under: one line, no folders, nothing that is not seen."""
    safe = "".join("_" if character in SEPARATORS else character for character in without_hidden(name[-MAX_HEADER:]))
    safe = safe[-MAX_LENGTH:].strip().rstrip(". ")
    return safe if safe.strip("._ ") else UNNAMED


def without_hidden(name: str) -> str:
    """On one line, and with nothing that is not seen."""
    categories = ((character, unicodedata.category(character)) for character in name)
    return "".join("_" if category in REPLACED else one for one, category in categories if category not in DROPPED)


def _extended(value: str) -> str:
    """`charset'language'percent-encoded`; empty when it is not that."""
    charset, _, rest = value.partition("'")
    _, quote, encoded = rest.partition("'")
    return _decoded(unquote_to_bytes(encoded.encode("latin-1", "replace")), charset) if quote else ""


def _plain(value: str) -> str:
    if value[1:3] == ":\\" or value[:1] == "\\":  # the whole path on the sender's machine
        value = value.rpartition("\\")[2]
    raw = value.encode("latin-1", "replace")
    return ENCODED_WORD.sub(_word, _decoded(raw, "utf-8") or value)


def _word(match: re.Match[str]) -> str:
    charset, encoding, text = match.groups()
    raw = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return _decoded(binascii.a2b_qp(raw, header=True), charset) or match[0]
    try:
        return _decoded(base64.b64decode(raw + b"=" * (-len(raw) % 4)), charset) or match[0]
    except ValueError:
        return match[0]


def _decoded(raw: bytes, charset: str) -> str:
    """The text, empty when it is not in this charset or we do not read that."""
    if charset.lower() not in CHARSETS:
        return ""
    try:
        return raw.decode(charset)
    except UnicodeDecodeError:
        return ""
