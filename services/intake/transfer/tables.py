"""Tables of another desk: rows by the names of their columns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.intake.conversation.texts import HAN

Record = Mapping[str, Any]
Tables = Mapping[str, Sequence[Record]]


def text_at(row: Record, name: str) -> str:
    """What stands there, of a text or a number; empty for everything else."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip() if not isinstance(value, int) or abs(value) < 2**63 else ""


def grouped(rows: Iterable[Record], by: str) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for row in rows:
        found.setdefault(text_at(row, by), []).append(row)
    return found


def keyed(rows: Iterable[Record], by: str) -> dict[str, Record]:
    return {text_at(row, by): row for row in rows}


def full_name(row: Record) -> str:
    """As it is written in the language of the name: 王敏, but Zoe Zhao."""
    first, last = text_at(row, "firstname"), text_at(row, "lastname")
    if HAN.search(first) and HAN.search(last):
        return f"{last}{first}"
    return " ".join(part for part in (first, last) if part)
