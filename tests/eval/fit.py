"""`python -m tests.eval.fit`: makes shared/reading/weights.json of our own labelled messages in tests/data.

The same messages and the same library make the same file. `messages_held_back` is measured on and not learned from.
"""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from shared.reading.facts import Reading, read
from shared.reading.judgement import SCALE, WEIGHTS
from shared.terms import Category, Priority

DATA = Path(__file__).parents[1] / "data"
LEARNED_FROM = ("cls_messages.jsonl", "messages_known.jsonl")
RARE = 2  # messages that a word must occur in
WORDS = 3.0  # how much words count beside facts
STRENGTH = 1.0  # the inverse of the penalty on weights


def fit(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    readings = [read(row["title"], row["body"]) for row in rows]
    facts = sorted({name for one in readings for name in one.facts})
    seen = Counter(word for one in readings for word in one.words)
    words = sorted(word for word, count in seen.items() if count >= RARE)
    matrix = sparse.hstack([_facts(readings, facts), _words(readings, words)]).tocsr()
    labels: list[str] = []
    bias: list[float] = []
    columns: list[Any] = []
    for field, kinds in (("priority", list(Priority)), ("category", list(Category))):
        model = _learned(matrix, [row[field] for row in rows])
        order = [list(model.classes_).index(kind.value) for kind in kinds]
        labels += [f"{field} {kind.value}" for kind in kinds]
        bias += [model.intercept_[at] for at in order]
        columns += [model.coef_[at] for at in order]
    model = _learned(matrix, [bool(row["malfunction"]) for row in rows])
    labels, bias, columns = [*labels, "malfunction"], [*bias, model.intercept_[0]], [*columns, model.coef_[0]]
    table = np.array(columns).T
    table[len(facts) :] *= WORDS
    rounded = np.rint(table * SCALE).astype(int).tolist()
    content = {
        "labels": labels,
        "bias": np.rint(np.array(bias) * SCALE).astype(int).tolist(),
        "facts": dict(zip(facts, rounded[: len(facts)], strict=True)),
        "words": dict(zip(words, rounded[len(facts) :], strict=True)),
    }
    version = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:12]
    return {"version": version, **content}


def _learned(matrix: Any, labels: Sequence[Any]) -> Any:
    return LogisticRegression(C=STRENGTH, max_iter=5000, tol=1e-6).fit(matrix, labels)


def _facts(readings: Sequence[Reading], names: Sequence[str]) -> Any:
    return sparse.csr_matrix([[one.facts.get(name, 0.0) for name in names] for one in readings])


def _words(readings: Sequence[Reading], names: Sequence[str]) -> Any:
    place = {name: at for at, name in enumerate(names)}
    rows, columns, values = [], [], []
    for at, one in enumerate(readings):
        known = sorted(place[word] for word in one.words if word in place)
        rows += [at] * len(known)
        columns += known
        values += [WORDS / max(len(known), 1) ** 0.5] * len(known)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(readings), len(names)))


def messages(names: Sequence[str] = LEARNED_FROM) -> list[dict[str, Any]]:
    return [json.loads(line) for name in names for line in (DATA / name).read_text("utf-8").splitlines()]


def written(found: dict[str, Any]) -> str:
    """A line for each name, so that a change can be read."""
    parts = []
    for key, value in found.items():
        if isinstance(value, dict):
            lines = ",\n".join(f"  {json.dumps(name, ensure_ascii=False)}: {row}" for name, row in value.items())
            parts.append(f'"{key}": {{\n{lines}\n}}')
        else:
            parts.append(f'"{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    WEIGHTS.write_text(written(fit(messages())), "utf-8")
    sys.exit(0)
