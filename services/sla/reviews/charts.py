"""Charts as SVG, made by hand: each has a title and a description for those who do not see it, and a table beside it
says the same. Colours tell apart in greys too (WCAG 2.2, 1.4.1), and every bar has its number."""

from collections.abc import Sequence
from html import escape

WIDTH, BAR, GAP, LABEL = 780, 20, 8, 230
HEIGHT, AXIS = 170, 26
COLOURS = ("#1f5fa8", "#8fb8e8", "#b5461b")


def bars(id: str, title: str, description: str, rows: Sequence[tuple[str, int]]) -> str:
    """One bar under the other, with label and number."""
    most = max((count for _, count in rows), default=0) or 1
    parts = []
    for place, (label, count) in enumerate(rows):
        y = place * (BAR + GAP)
        width = round((WIDTH - LABEL - 60) * count / most, 1)
        parts.append(
            f'<text x="{LABEL - 8}" y="{y + 15}" text-anchor="end">{escape(shortened(label))}</text>'
            f'<rect x="{LABEL}" y="{y}" width="{width}" height="{BAR}" fill="{COLOURS[0]}"/>'
            f'<text x="{LABEL + width + 6}" y="{y + 15}">{count}</text>'
        )
    return _svg(id, title, description, max(len(rows), 1) * (BAR + GAP), "".join(parts))


def columns(
    id: str, title: str, description: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]
) -> str:
    """Groups of columns side by side, one group for each label, with a legend above."""
    most = max((count for _, counts in series for count in counts), default=0) or 1
    group = WIDTH / max(len(labels), 1)
    wide = min(34.0, (group - 16) / max(len(series), 1))
    parts = []
    x = 0.0
    for place, (name, _) in enumerate(series):
        parts.append(
            f'<rect x="{x:.1f}" y="2" width="12" height="12" fill="{COLOURS[place]}"/>'
            f'<text x="{x + 17:.1f}" y="13">{escape(name)}</text>'
        )
        x += 34 + sum(13 if ord(letter) > 0x2E7F else 7.5 for letter in name)
    for at, label in enumerate(labels):
        left = at * group + (group - wide * len(series)) / 2
        for place, (_, counts) in enumerate(series):
            high = round((HEIGHT - 50) * counts[at] / most, 1)
            x, y = left + place * wide, HEIGHT - high
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide - 3:.1f}" height="{high}" fill="{COLOURS[place]}"/>'
                f'<text x="{x + wide / 2 - 1.5:.1f}" y="{y - 4:.1f}" text-anchor="middle">{counts[at]}</text>'
            )
        parts.append(
            f'<text x="{(at + 0.5) * group:.1f}" y="{HEIGHT + 17}" text-anchor="middle">{escape(label)}</text>'
        )
    parts.append(f'<line x1="0" y1="{HEIGHT}" x2="{WIDTH}" y2="{HEIGHT}" stroke="#667" stroke-width="1"/>')
    return _svg(id, title, description, HEIGHT + AXIS, "".join(parts))


def shortened(label: str, width: int = 26) -> str:
    """A Chinese character is as wide as two others."""
    room = width
    for place, letter in enumerate(label):
        room -= 2 if ord(letter) > 0x2E7F else 1
        if room < 0:
            return f"{label[: max(place - 1, 1)]}…"
    return label


def _svg(id: str, title: str, description: str, height: int, content: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" aria-labelledby="{id}-title {id}-desc" font-size="13" fill="#1d2530">'
        f'<title id="{id}-title">{escape(title)}</title><desc id="{id}-desc">{escape(description)}</desc>'
        f"{content}</svg>"
    )
