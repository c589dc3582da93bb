"""Two lists of results into one: by words (BM25) and by meaning (cosine of vectors).

Both scores are brought to the same scale by their mean and deviation among the candidates (z-scores) and added; plain
ranks lose to this wherever one side is much the better one.
"""

from collections.abc import Mapping
from statistics import fmean, pstdev

# How much of the sum BM25 is, for a question that is whole in its vector, and for one of which it has next to nothing:
# what a vector does not have can be found by words alone.
BY_WORDS, MOSTLY_BY_WORDS = 0.25, 0.9
# Between these cosines it grows from nothing to MOST_ALIKE: of our own small set, three quarters of what has nothing
# to do with a question are below the first, and a quarter of what answers it is above the second.
UNLIKE, ALIKE = 0.86, 0.93
MOST_ALIKE = 0.7  # what meaning alone can score, of 1: a title is not the whole of a problem


def mixed(by_words: Mapping[str, float], by_meaning: Mapping[str, float], share: float) -> dict[str, float]:
    """A score for each candidate of either, the best first. What one side does not have counts there as the least: 0
    words in common, the lowest similarity. `share` of the question, from 0 to 1, is in its vector."""
    ids = sorted({*by_words, *by_meaning})
    if not ids:
        return {}
    least = min(by_meaning.values(), default=0.0)
    words = _standard([by_words.get(id, 0.0) for id in ids])
    meanings = _standard([by_meaning.get(id, least) for id in ids])
    weight = BY_WORDS + (1 - share) * (MOSTLY_BY_WORDS - BY_WORDS)
    scores = {id: weight * one + (1 - weight) * other for id, one, other in zip(ids, words, meanings, strict=True)}
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))


def likeness(cosine: float) -> float:
    """From 0 to MOST_ALIKE."""
    return MOST_ALIKE * min(max((cosine - UNLIKE) / (ALIKE - UNLIKE), 0.0), 1.0)


def _standard(values: list[float]) -> list[float]:
    mean, deviation = fmean(values), pstdev(values)
    return [(value - mean) / deviation if deviation else 0.0 for value in values]
