"""What the command prints: a plain table, or JSON for programs."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from deploy.local.words import language, say
from shared.terms import Text

GAP = "  "
Row = Mapping[str, Any]


def show(rows: Sequence[Row], columns: Mapping[str, Text], as_json: bool) -> None:
    """`columns`: what stands above each, by the name of the field; JSON has every field of a row."""
    if as_json:
        show_json(rows)
        return
    headings = [heading.in_(language()) for heading in columns.values()]
    lines = [headings, *([_cell(row.get(name)) for name in columns] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        say(GAP.join(_padded(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip())


def show_json(found: object, *, compact: bool = False) -> None:
    say(json.dumps(found, ensure_ascii=False, indent=None if compact else 1, default=_plain))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, Text):
        value = value.in_(language())
    text = value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
    return "".join(letter if letter.isprintable() else "?" for letter in text)  # no text may steer the terminal


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
