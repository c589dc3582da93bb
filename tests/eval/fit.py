"""`python -m tests.eval.fit`: makes shared/reading/weights.json of our own labelled messages in tests/data.

The same messages and the same libraries make the same file. `messages_held_back` is measured on and not learned from.
How much words count beside the meaning is found on messages that neither had seen.
"""

import hashlib
import json
import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from shared.reading.assessment import SCALE, WEIGHTS, Weights, assessed
from shared.reading.facts import Reading, read
from shared.search.embedder import beginning, model_label
from shared.terms import Category, Priority
from tests.eval.vectors import embedded

DATA = Path(__file__).parents[1] / "data"
LEARNED_FROM = ("cls_messages.jsonl", "messages_known.jsonl")
RARE = 2  # messages that a word must occur in
WORDS = 3.0  # how much words count beside facts
STRENGTH = 1.0  # the inverse of the penalty on weights
MEANING_STRENGTH = 30.0  # of those on vectors, which are of length 1
FOLDS = 5
FIELDS = {"priority": [kind.value for kind in Priority], "category": [kind.value for kind in Category]}


def fit(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    readings = [read(row["title"], row["body"]) for row in rows]
    facts = sorted({name for one in readings for name in one.facts})
    seen = Counter(word for one in readings for word in one.words)
    words = sorted(word for word, count in seen.items() if count >= RARE)
    matrix = sparse.hstack([_facts(readings, facts), _words(readings, words)]).tocsr()
    labels: list[str] = []
    bias: list[float] = []
    columns: list[Any] = []
    for field, kinds in FIELDS.items():
        model = _learned(matrix, [row[field] for row in rows])
        order = [list(model.classes_).index(kind) for kind in kinds]
        labels += [f"{field} {kind}" for kind in kinds]
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


def with_meaning(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What `fit` gives, and weights of vectors."""
    content = fit(rows)
    vectors = vectors_of(rows)
    words: list[int] = []
    bias: list[int] = []
    columns: list[Any] = []
    unseen = _unseen(rows, vectors)
    for field, kinds in FIELDS.items():
        share, factor = _mixed(*unseen[field], [kinds.index(row[field]) for row in rows])
        model = _learned(vectors, [row[field] for row in rows], MEANING_STRENGTH)
        order = [list(model.classes_).index(kind) for kind in kinds]
        words += [round(share * SCALE)] * len(kinds)
        bias += [round(factor * model.intercept_[at] * SCALE) for at in order]
        columns += [factor * model.coef_[at] for at in order]
    others = len(content["labels"]) - len(words)  # are told by words alone
    table = np.column_stack([*columns, *[np.zeros(vectors.shape[1])] * others])
    content["meaning"] = {
        "model": model_label(),
        "words": words + [SCALE] * others,
        "bias": bias + [0] * others,
        "rows": np.rint(table * SCALE).astype(int).tolist(),
    }
    return content


def vectors_of(rows: Sequence[Mapping[str, Any]]) -> Any:
    """As kb makes them of a ticket's problem."""
    return embedded([beginning(f"{row['title']}\n{row['body']}") for row in rows], is_question=True)


def _unseen(rows: Sequence[dict[str, Any]], vectors: Any) -> dict[str, tuple[Any, Any]]:
    """Logarithms of the probabilities of each row, by its words and by its meaning, by what had not learned from it."""
    found = {
        field: (np.zeros((len(rows), len(kinds))), np.zeros((len(rows), len(kinds)))) for field, kinds in FIELDS.items()
    }
    for seen, left in KFold(FOLDS, shuffle=True, random_state=0).split(rows):
        weights = Weights(**fit([rows[at] for at in seen]))
        for at in left:
            by_words = assessed(read(rows[at]["title"], rows[at]["body"]), weights)
            found["priority"][0][at] = [math.log(by_words.priority[kind]) for kind in Priority]
            found["category"][0][at] = [math.log(by_words.category[kind]) for kind in Category]
        for field, kinds in FIELDS.items():
            model = _learned(vectors[seen], [rows[at][field] for at in seen], MEANING_STRENGTH)
            order = [list(model.classes_).index(kind) for kind in kinds]
            found[field][1][left] = model.predict_log_proba(vectors[left])[:, order]
    return found


def _mixed(by_words: Any, by_meaning: Any, right: Sequence[int]) -> tuple[float, float]:
    """How much each counts, so that the likelihood of what is right is greatest."""

    def loss(parts: Any) -> float:
        return float(-log_softmax(parts[0] * by_words + parts[1] * by_meaning, axis=1)[range(len(right)), right].mean())

    share, factor = minimize(loss, [0.7, 0.7], method="Nelder-Mead").x
    return float(share), float(factor)


def _learned(matrix: Any, labels: Sequence[Any], strength: float = STRENGTH) -> Any:
    return LogisticRegression(C=strength, max_iter=5000, tol=1e-6).fit(matrix, labels)


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
            lines = ",\n".join(
                f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in value.items()
            )
            parts.append(f'"{key}": {{\n{lines}\n}}')
        else:
            parts.append(f'"{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    WEIGHTS.write_text(written(with_meaning(messages())), "utf-8")
    sys.exit(0)
