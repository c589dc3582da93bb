"""First messages to a support desk: is it a malfunction, of which version, where, and with which error code (P1.2)?

A row has title, body, malfunction, and product_version, environment and error as they are written, or null.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from services.intake.information.domain import Information, extract

NAMES = ("cls_messages.jsonl.gz", "cls_messages.jsonl")
EXACT = {"version": "product_version", "environment": "environment", "error": "error"}
Row = Mapping[str, Any]


def rows_of(folder: Path) -> list[Row]:
    """Empty if the folder has no such file."""
    path = next((folder / name for name in NAMES if (folder / name).is_file()), None)
    if path is None:
        return []
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    return [json.loads(line) for line in text.decode().splitlines() if line.strip()]


def measure(rows: Sequence[Row]) -> dict[str, float]:
    """In percent: F1 of the malfunctions, and of how many messages a field is exactly what it should be, which is
    nothing in most."""
    found = [extract(row["title"], row["body"]) for row in rows]
    pairs = [(bool(row["malfunction"]), one.malfunction) for row, one in zip(rows, found, strict=True)]
    figures = {"messages.malfunction.f1": f1(pairs)}
    for name, field in EXACT.items():
        figures[f"messages.{name}.exact"] = _exact(rows, found, field)
    return figures


def f1(pairs: Sequence[tuple[bool, bool]]) -> float:
    """Of pairs of what is and what was found."""
    right = sum(is_so and found for is_so, found in pairs)
    wrong = sum(is_so != found for is_so, found in pairs)
    return 100 * 2 * right / (2 * right + wrong) if right or wrong else 100.0


def _exact(rows: Sequence[Row], found: Sequence[Information], field: str) -> float:
    pairs = [(str(row[field] or ""), str(getattr(one, field))) for row, one in zip(rows, found, strict=True)]
    return 100 * sum(wanted == told for wanted, told in pairs) / len(pairs)
