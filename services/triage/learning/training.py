"""Makes a model of labelled texts: linear on hashed runs and words, calibrated by a temperature on scores of texts that
it had not seen, each label accepted from where its precision is sure enough. Needs scikit-learn (extra `learning`)."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from services.triage.learning.features import features_of, prepared, weighted
from services.triage.learning.model import NEVER, Model

FOLDS = 3
PRECISION, SURENESS = 0.95, 1.2816  # what is accepted is right so often; one-sided 90 %
FEWEST = 20  # accepted texts that a threshold may rest on
RARE = 2  # texts that a feature occurs in
MOST_FEATURES = 200_000
MOST_BYTES = 12_000_000  # of all weights, so that a model fits where it is kept
STRENGTH = 1.0


@dataclass(frozen=True)
class Trained:
    """`accuracy` and `accepted` (shares) on texts that it had not seen."""

    model: Model
    texts: int
    accuracy: float
    accepted: float


def train(texts: Sequence[str], truth: Sequence[str]) -> Trained:
    """Every label must have at least FOLDS texts."""
    labels = sorted(set(truth))
    right = np.array([labels.index(one) for one in truth])
    counted = [features_of(prepared(one)) for one in texts]
    keys, idf = _known(counted)
    matrix = _matrix(counted, keys, idf)
    scores = np.zeros((len(texts), len(labels)))
    for seen, unseen in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(matrix, right):
        scores[unseen] = _scores(_fitted(matrix[seen], right[seen]), matrix[unseen])
    temperature = float(
        minimize_scalar(
            lambda t: -log_softmax(scores / t, axis=1)[np.arange(len(right)), right].mean(),
            bounds=(0.02, 5),
            method="bounded",
        ).x
    )
    chances = softmax(scores / temperature, axis=1)
    accept = {label: _threshold(chances, right, at) for at, label in enumerate(labels)}
    best = chances.argmax(axis=1)
    sure = chances[np.arange(len(right)), best] >= np.array([accept[labels[at]] for at in best])
    svc = _fitted(matrix, right)
    weights, bias = svc.coef_, svc.intercept_
    if len(labels) == 2:  # one row says both
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    room = MOST_BYTES // (2 * len(labels) + 8)
    kept = np.sort(np.argsort(-np.abs(weights).max(axis=0), kind="stable")[:room])
    learned = keys[kept], idf[kept], weights[:, kept].T.astype(np.float16)
    model = Model(labels, bias.astype(np.float32), temperature, accept, *learned)
    return Trained(model, len(texts), float((best == right).mean()), float(sure.mean()))


def _fitted(matrix: Any, right: Any) -> Any:
    return LinearSVC(C=STRENGTH, class_weight="balanced", dual=True, random_state=0).fit(matrix, right)


def _scores(svc: Any, matrix: Any) -> Any:
    scores = svc.decision_function(matrix)
    return np.column_stack([-scores, scores]) if scores.ndim == 1 else scores


def _known(counted: Sequence[tuple[Any, Any]]) -> tuple[Any, Any]:
    """The features that occur often enough, in order, and how rare they are."""
    keys, seen = np.unique(np.concatenate([keys for keys, _ in counted]), return_counts=True)
    often = seen >= RARE
    keys, seen = keys[often], seen[often]
    if len(keys) > MOST_FEATURES:
        kept = np.sort(np.argsort(-seen, kind="stable")[:MOST_FEATURES])
        keys, seen = keys[kept], seen[kept]
    return keys, (np.log((1 + len(counted)) / (1 + seen)) + 1).astype(np.float32)


def _matrix(counted: Sequence[tuple[Any, Any]], known: Any, idf: Any) -> Any:
    rows = [weighted(keys, counts, known, idf) for keys, counts in counted]
    starts = np.concatenate([[0], np.cumsum([len(places) for places, _ in rows])])
    places, values = np.concatenate([one for one, _ in rows]), np.concatenate([one for _, one in rows])
    return sparse.csr_matrix((values, places, starts), shape=(len(rows), len(known)))


def _threshold(chances: Any, right: Any, label: int) -> float:
    """The smallest probability above which Wilson's lower bound of the precision is high enough."""
    mine = chances.argmax(axis=1) == label
    order = np.argsort(-chances[mine, label])
    sure, ok = chances[mine, label][order], (right[mine] == label)[order]
    best = NEVER
    for count, (chance, correct) in enumerate(zip(sure, np.cumsum(ok), strict=True), start=1):
        if count >= FEWEST and wilson(int(correct), count) >= PRECISION:
            best = float(chance)
    return best


def wilson(right: int, count: int) -> float:
    """The lower bound of a share."""
    share, z = right / count, SURENESS
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (middle - spread) / (1 + z * z / count)


def learnable(texts: Sequence[str], truth: Sequence[str]) -> tuple[list[str], list[str]]:
    """Without labels that are too rare to be learned."""
    often = {label for label, count in Counter(truth).items() if count > FOLDS}
    pairs = [(text, label) for text, label in zip(texts, truth, strict=True) if label in often]
    return [text for text, _ in pairs], [label for _, label in pairs]
