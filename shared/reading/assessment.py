"""What a message's priority, category and kind are likely to be, by weights of what it says (P2.2, P2.3).

The weights stand in weights.json beside this and are made of our own labelled messages by `make reading`. Where there
is a vector of what the message means, it counts beside its words.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul
from pathlib import Path
from typing import TypeVar

from shared.reading.clauses import Clause
from shared.reading.facts import Reading, read
from shared.terms import Category, Priority

WEIGHTS = Path(__file__).parent / "weights.json"
SCALE = 1000  # weights are whole numbers of thousandths
MOST_EVIDENCE = 5

T = TypeVar("T")


@dataclass(frozen=True)
class MessageMeaning:
    """The vector of a message, and what made it."""

    model: str
    vector: Sequence[float]


@dataclass(frozen=True)
class MeaningWeights:
    """For vectors of `model`: a row for each of their numbers. `words` is how much words and facts count beside them,
    per label."""

    model: str
    words: Sequence[int]
    bias: Sequence[int]
    rows: Sequence[Sequence[int]]


@dataclass(frozen=True)
class Weights:
    """Of each name one number per label, in the order of `labels`; `version` tells one set of them from another."""

    version: str
    labels: Sequence[str]
    bias: Sequence[int]
    facts: Mapping[str, Sequence[int]]
    words: Mapping[str, Sequence[int]]
    meaning: MeaningWeights | None = None


@dataclass(frozen=True)
class Assessment:
    """Probabilities from 0 to 1. `evidence` are the facts that spoke for the likeliest priority, the strongest first,
    each with its part in it; `for_category` those that spoke for the likeliest category, and `words` the parts of words
    that did. `meant`: the part of its meaning in the likeliest priority and category, None where there is none."""

    priority: Mapping[Priority, float]
    category: Mapping[Category, float]
    malfunction: float
    facts: Mapping[str, float]
    evidence: Sequence[tuple[str, float]]
    version: str
    for_category: Sequence[tuple[str, float]] = ()
    words: Sequence[tuple[str, float]] = ()
    clauses: Sequence[Clause] = ()
    meant: tuple[float, float] | None = None

    @property
    def likeliest_priority(self) -> Priority:
        return max(self.priority, key=lambda one: self.priority[one])

    @property
    def likeliest_category(self) -> Category:
        return max(self.category, key=lambda one: self.category[one])


@lru_cache(maxsize=1)
def weights() -> Weights:
    found = json.loads(WEIGHTS.read_text("utf-8"))
    return Weights(**found | {"meaning": MeaningWeights(**found["meaning"])})


def assess(title: str, text: str, meaning: MessageMeaning | None = None) -> Assessment:
    """A vector of another model than the weights are for does not count."""
    return assessed(read(title, text), weights(), meaning)


def assessed(reading: Reading, by: Weights, meaning: MessageMeaning | None = None) -> Assessment:
    scores = [float(one) for one in by.bias]
    for name, value in reading.facts.items():
        for at, weight in enumerate(by.facts.get(name, ())):
            scores[at] += weight * value
    known = {word: by.words[word] for word in reading.words if word in by.words}
    part = 1 / math.sqrt(len(known)) if known else 0
    for row in known.values():
        for at, weight in enumerate(row):
            scores[at] += weight * part
    shares, meant = [1.0] * len(scores), _meant(meaning, by.meaning)
    if by.meaning and meant:
        shares = [one / SCALE for one in by.meaning.words]
        scores = [share * score + more for share, score, more in zip(shares, scores, meant, strict=True)]
    found = {label: score / SCALE for label, score in zip(by.labels, scores, strict=True)}
    priority = _softmax({one: found[f"priority {one}"] for one in Priority})
    category = _softmax({one: found[f"category {one}"] for one in Category})
    labels = list(by.labels)
    urgency = labels.index(f"priority {max(priority, key=lambda one: priority[one])}")
    kind = labels.index(f"category {max(category, key=lambda one: category[one])}")
    facts = {name: value for name, value in reading.facts.items() if name in by.facts}
    return Assessment(
        priority=priority,
        category=category,
        malfunction=1 / (1 + math.exp(-max(min(found["malfunction"], 50), -50))),
        facts=reading.facts,
        evidence=_strongest(
            (name, by.facts[name][urgency] * value * shares[urgency] / SCALE) for name, value in facts.items()
        ),
        version=by.version,
        for_category=_strongest(
            (name, by.facts[name][kind] * value * shares[kind] / SCALE) for name, value in facts.items()
        ),
        clauses=reading.clauses,
        words=_strongest((word, row[kind] * part * shares[kind] / SCALE) for word, row in known.items()),
        meant=(meant[urgency] / SCALE, meant[kind] / SCALE) if meant else None,
    )


def _meant(meaning: MessageMeaning | None, by: MeaningWeights | None) -> list[float]:
    """What the meaning says for each label; empty where it says nothing."""
    if meaning is None or by is None or (meaning.model, len(meaning.vector)) != (by.model, len(by.rows)):
        return []
    columns = zip(by.bias, *by.rows, strict=True)
    return [bias + sum(map(mul, column, meaning.vector)) for bias, *column in columns]


def _strongest(parts: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    return sorted((one for one in parts if one[1] > 0), key=lambda one: (-one[1], one[0]))[:MOST_EVIDENCE]


def _softmax(scores: Mapping[T, float]) -> dict[T, float]:
    most = max(scores.values())
    powers = {one: math.exp(score - most) for one, score in scores.items()}
    total = sum(powers.values())
    return {one: power / total for one, power in powers.items()}
