"""Time as a share of a page's width, with long idle stretches cut short."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from deploy.local.spans import Span

IDLE_US = 500_000
CUT_SHARE = 0.03


@dataclass(frozen=True)
class Scale:
    """`knots`: (microsecond, share of the width), straight lines between them."""

    knots: list[tuple[int, float]]
    cuts: list[float]

    def share(self, at_us: int) -> float:
        index = min(max(bisect_right(self.knots, (at_us, 2.0)), 1), len(self.knots) - 1)
        (t0, x0), (t1, x1) = self.knots[index - 1], self.knots[index]
        if t1 == t0:
            return x0
        return min(max(x0 + (x1 - x0) * (at_us - t0) / (t1 - t0), 0.0), 1.0)


def scale(spans: Iterable[Span]) -> Scale:
    """A gap of at least half a second in which no span runs takes 3 % of the width, however long it is."""
    spans = list(spans)
    parents = {span.parent_id for span in spans}
    busy = _busy([(span.start_us, max(span.end_us, span.start_us + 1)) for span in spans if not _frames(span, parents)])
    cut = min(CUT_SHARE, 0.5 / len(busy))
    left = 1.0 - cut * (len(busy) - 1)
    total = sum(end - start for start, end in busy)
    knots: list[tuple[int, float]] = []
    cuts: list[float] = []
    at = 0.0
    for start, end in busy:
        if knots:
            cuts.append(at + cut / 2)
            at += cut
        knots.append((start, at))
        at += left * (end - start) / total
        knots.append((end, at))
    return Scale(knots, cuts)


def _frames(span: Span, parents: set[str]) -> bool:
    """Whether it only says that others belong together, and so is no work itself."""
    return not span.parent_id and span.kind == "internal" and span.span_id in parents


def _busy(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(runs):
        if merged and start - merged[-1][1] < IDLE_US:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged
