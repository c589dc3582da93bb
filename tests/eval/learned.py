"""A classifier that learns from labelled texts: linear on words and runs of characters, so that Chinese works too;
calibrated by a temperature on out-of-fold scores; each label accepted from where its precision is sure enough."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

LONGEST = 2_000  # characters
FOLDS = 3
PRECISION, SURENESS = 0.95, 1.2816  # what is accepted is right so often; one-sided 90 %
FEWEST = 20  # accepted rows that a threshold may rest on


@dataclass(frozen=True)
class Learned:
    """`accept` is the probability from which each label needs no person; above 1 for one that always does."""

    model: Any
    labels: list[str]
    temperature: float
    accept: dict[str, float]

    def probabilities(self, texts: Sequence[str]) -> Any:
        return softmax(_scores(self.model, [text[:LONGEST] for text in texts]) / self.temperature, axis=1)


def learn(texts: Sequence[str], truth: Sequence[str]) -> Learned:
    texts = [text[:LONGEST] for text in texts]
    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, dtype=np.float32),
            TfidfVectorizer(
                analyzer="char_wb",
                ngram_range=(2, 5),
                sublinear_tf=True,
                min_df=3,
                max_features=200_000,
                dtype=np.float32,
            ),
        ),
        LinearSVC(C=0.5, dual=True),
    )
    labels = sorted(set(truth))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    scores = cross_val_predict(model, texts, truth, cv=folds, method="decision_function")
    right = np.array([labels.index(one) for one in truth])
    temperature = float(
        minimize_scalar(
            lambda t: -log_softmax(scores / t, axis=1)[np.arange(len(right)), right].mean(),
            bounds=(0.02, 5),
            method="bounded",
        ).x
    )
    chances = softmax(scores / temperature, axis=1)
    accept = {label: _threshold(chances, right, at) for at, label in enumerate(labels)}
    return Learned(model.fit(texts, truth), labels, temperature, accept)


def _scores(model: Any, texts: Sequence[str]) -> Any:
    return model.decision_function(texts)


def _threshold(chances: Any, right: Any, label: int) -> float:
    """The smallest probability above which Wilson's lower bound of the precision is high enough."""
    mine = chances.argmax(axis=1) == label
    order = np.argsort(-chances[mine, label])
    sure, ok = chances[mine, label][order], (right[mine] == label)[order]
    best = 2.0
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
