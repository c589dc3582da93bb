"""How well labels were found, in percent."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")
BINS = 10


def f1(pairs: Sequence[tuple[bool, bool]]) -> float:
    """Of pairs of what is and what was found."""
    right = sum(is_so and found for is_so, found in pairs)
    wrong = sum(is_so != found for is_so, found in pairs)
    return 100 * 2 * right / (2 * right + wrong) if right or wrong else 100.0


def precision(pairs: Sequence[tuple[bool, bool]]) -> float:
    told = [is_so for is_so, found in pairs if found]
    return 100 * sum(told) / len(told) if told else 100.0


def recall(pairs: Sequence[tuple[bool, bool]]) -> float:
    there = [found for is_so, found in pairs if is_so]
    return 100 * sum(there) / len(there) if there else 100.0


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean of the F1 of all labels that there are."""
    labels = sorted({is_so for is_so, _ in pairs})
    return sum(f1([(is_so == label, found == label) for is_so, found in pairs]) for label in labels) / len(labels)


def figures_of(
    name: str,
    truth: Sequence[str],
    labels: Sequence[str],
    table: Sequence[Sequence[float]],
    accept: Mapping[str, float],
) -> dict[str, float]:
    """Of a table of probabilities, a column for each label: accuracy, macro-F1, expected calibration error, the share
    that is accepted because its label's threshold in `accept` is reached, and how much of that is right."""
    best = [max(range(len(labels)), key=row.__getitem__) for row in table]
    found = [labels[at] for at in best]
    sure = [row[at] for row, at in zip(table, best, strict=True)]
    right = [is_so == told for is_so, told in zip(truth, found, strict=True)]
    accepted = [ok for ok, told, chance in zip(right, found, sure, strict=True) if chance >= accept.get(told, 2.0)]
    return {
        f"{name}.accuracy": 100 * sum(right) / len(right),
        f"{name}.macro_f1": macro_f1(list(zip(truth, found, strict=True))),
        f"{name}.calibration_error": _calibration_error(sure, right),
        f"{name}.accepted": 100 * len(accepted) / len(right),
        f"{name}.accepted.precision": 100 * sum(accepted) / len(accepted) if accepted else 100.0,
    }


def _calibration_error(sure: Sequence[float], right: Sequence[bool]) -> float:
    error = 0.0
    for at in range(BINS):
        inside = [
            (chance, ok) for chance, ok in zip(sure, right, strict=True) if min(int(chance * BINS), BINS - 1) == at
        ]
        if inside:
            error += abs(sum(chance for chance, _ in inside) - sum(ok for _, ok in inside))
    return 100 * error / len(right)
