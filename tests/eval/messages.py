"""First messages to a support desk: what kind, how urgent, of which version, where, with which error code (P1.2, P2.2)?

A row has title, body, malfunction, priority and category, and where they are known product_version, environment and
error as they are written, or null.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from services.intake.information.domain import Information, extract
from services.triage.diagnosis.classifier import CONFIRM_AT, likeliest
from shared.reading.assessment import Assessment, MessageMeaning, assess
from shared.search.embedder import PACKAGE, beginning, model_label
from shared.terms import Category, Priority
from tests.eval.scores import f1, figures_of, macro_f1, precision, recall
from tests.eval.vectors import embedded

NAMES = ("cls_messages.jsonl.gz", "cls_messages.jsonl")
EXACT = {"version": "product_version", "environment": "environment", "error": "error"}
Row = Mapping[str, Any]


def rows_of(folder: Path, names: Sequence[str] = NAMES) -> list[Row]:
    """Empty if the folder has no such file."""
    path = next((folder / name for name in names if (folder / name).is_file()), None)
    if path is None:
        return []
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    return [json.loads(line) for line in text.decode().splitlines() if line.strip()]


def measure(rows: Sequence[Row], set: str = "messages") -> dict[str, float]:
    """In percent: F1 of the malfunctions, which are told by words alone; priority and category with their calibration
    and what would be accepted without a person, with the extra `meaning` and without; and of how many messages a field
    is exactly what it should be, which is nothing in most."""
    found = [extract(row["title"], row["body"]) for row in rows]
    figures: dict[str, float] = {}
    pairs = [(bool(row["malfunction"]), one.malfunction) for row, one in zip(rows, found, strict=True)]
    figures[f"{set}.malfunction.f1"] = f1(pairs)
    if all("priority" in row and "category" in row for row in rows):
        by_words = [assess(row["title"], row["body"]) for row in rows]
        if find_spec(PACKAGE):
            figures |= _assessed(rows, _by_meaning(rows), set)
            set_of_words = f"{set}_words"
        else:
            set_of_words = set
        figures |= _assessed(rows, by_words, set_of_words)
    for name, field in EXACT.items():
        if all(field in row for row in rows):
            figures[f"{set}.{name}.exact"] = _exact(rows, found, field)
    return figures


def _by_meaning(rows: Sequence[Row]) -> list[Assessment]:
    """With the vectors that kb makes, where the extra `meaning` is installed."""
    texts = [beginning(f"{row['title']}\n{row['body']}") for row in rows]
    vectors = embedded(texts, is_question=True)
    return [
        assess(row["title"], row["body"], MessageMeaning(model_label(), vector.tolist()))
        for row, vector in zip(rows, vectors, strict=True)
    ]


def _assessed(rows: Sequence[Row], assessed: Sequence[Assessment], set: str) -> dict[str, float]:
    figures: dict[str, float] = {}
    pairs = [(row["priority"], likeliest(one)[0].value) for row, one in zip(rows, assessed, strict=True)]
    urgent = [(is_so == Priority.URGENT, told == Priority.URGENT) for is_so, told in pairs]
    figures[f"{set}.priority.macro_f1"] = macro_f1(pairs)
    figures[f"{set}.urgent.precision"], figures[f"{set}.urgent.recall"] = precision(urgent), recall(urgent)
    kinds = list(Category)
    table = [[one.category[kind] for kind in kinds] for one in assessed]
    names = [kind.value for kind in kinds]
    return figures | figures_of(
        f"{set}.category", [row["category"] for row in rows], names, table, dict.fromkeys(names, CONFIRM_AT)
    )


def _exact(rows: Sequence[Row], found: Sequence[Information], field: str) -> float:
    pairs = [(str(row[field] or ""), str(getattr(one, field))) for row, one in zip(rows, found, strict=True)]
    return 100 * sum(wanted == told for wanted, told in pairs) / len(pairs)
