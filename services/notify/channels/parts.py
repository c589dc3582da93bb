"""What is longer than a messenger takes at once: in several messages, and the middle left out where even those are not
enough. Lines stay whole where they can, so that links do; a character always does."""

import re

CUT_AFTER = re.compile(r"[\s。！？；，.!?;,](?=[^\s。！？；，.!?;,]*\Z)")
OMITTED = "……（内容过长，此处有省略 · shortened here）……"
# What messengers take for more than text: links under other words, calls to everybody, letters of other kinds.
MARKUP = re.compile(r"<(?=/?(?:a|at|b|i|u|s|font)\b)", re.IGNORECASE)


def size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))  # bytes


def plain(text: str) -> str:
    """It is shown as it was written; halves of characters, which nobody could send, are a question mark."""
    return MARKUP.sub("＜", text.encode("utf-8", "replace").decode())


def parts_of(text: str, limit: int, most: int) -> list[str]:
    """At most `most` of `limit` bytes each. When it has to be shortened, its beginning and its end stay: that is where
    links stand."""
    parts = _packed(text.split("\n"), limit)
    if len(parts) <= most:
        return parts
    room = limit - size(OMITTED) - 1
    last, lines = "", text.split("\n")
    while lines and size(f"{lines[-1]}\n{last}") <= room:
        last = f"{lines.pop()}\n{last}" if last else lines.pop()
    if most == 1:
        first = _packed(lines, room - size(last) - 1)[0] if room - size(last) > 1 else ""
        return ["\n".join(filter(None, (first, OMITTED, last)))]
    return [*_packed(lines, limit)[: most - 1], f"{OMITTED}\n{last}"]


def _packed(lines: list[str], limit: int) -> list[str]:
    """As few as hold all lines, in their order."""
    parts: list[str] = []
    current: str | None = None
    for piece in (piece for line in lines for piece in _pieces(line, limit)):
        joined = piece if current is None else f"{current}\n{piece}"
        if current is not None and size(joined) > limit:
            parts.append(current)
            joined = piece
        current = joined
    return [one for one in [*parts, current or ""] if one.strip()] or [""]


def _pieces(line: str, limit: int) -> list[str]:
    """One line that is too long, cut behind a word or a sentence where there is one in the second half."""
    pieces = []
    while size(line) > limit:
        piece = line.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")
        found = CUT_AFTER.search(piece, len(piece) // 2)
        piece = piece[: found.end()] if found else piece
        pieces.append(piece)
        line = line[len(piece) :]
    return [*pieces, line]
