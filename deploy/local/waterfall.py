"""One trace as rows of bars."""

from collections.abc import Iterable, Sequence

from deploy.local.markup import Html, join, tag
from deploy.local.spans import Node, Span, arrange, walk
from deploy.local.timescale import Scale, scale

COLOURS = {
    "gateway": "#7a7a7a",
    "intake": "#2f7ed8",
    "triage": "#e08a1e",
    "sla": "#8e5bd0",
    "kb": "#2a9d5c",
    "notify": "#c2427c",
}
OTHERS = ("#1a9aa8", "#8a7a20", "#a0522d", "#4b5fc4")


def colour(service: str) -> str:
    return COLOURS.get(service) or OTHERS[sum(service.encode()) % len(OTHERS)]


def duration(us: float) -> str:
    if us < 10_000:
        return f"{us / 1000:.1f} ms"
    if us < 1_000_000:
        return f"{us / 1000:.0f} ms"
    if us < 60_000_000:
        return f"{us / 1e6:.2f} s"
    minutes, seconds = divmod(round(us / 1e6), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"


def legend(services: Iterable[str]) -> Html:
    known = list(COLOURS)
    ordered = sorted(services, key=lambda name: (known.index(name) if name in known else len(known), name))
    return tag("p", [tag("span", _dot(name), name) for name in ordered], class_="legend")


def waterfall(spans: Sequence[Span]) -> Html:
    axis = scale(spans)
    cuts = join(tag("i", class_="cut", style=f"left:{100 * cut:.2f}%") for cut in axis.cuts)
    begin = min(span.start_us for span in spans)
    return join(_row(depth, node, axis, cuts, begin) for depth, node in walk(arrange(spans)))


def _row(depth: int, node: Node, axis: Scale, cuts: Html, begin: int) -> Html:
    span = node.span
    left, right = axis.share(span.start_us), axis.share(span.end_us)
    bar = f"left:{100 * left:.2f}%;width:{100 * (right - left):.2f}%;background:{colour(span.service)}"
    title = f"{span.service}: {span.name}"
    mark = "✗ " if span.error else ""
    summary = tag(
        "summary",
        tag(
            "span",
            *(_dot(span.service), tag("b", span.service), f" {mark}{span.name}"),
            class_="name",
            style=f"padding-left:{min(depth, 30) * 0.9:.1f}em",
            title=title,
        ),
        tag("span", cuts, tag("i", class_="bar", style=bar), class_="track"),
        tag("span", duration(span.end_us - span.start_us), class_="ms"),
    )
    return tag("details", summary, _more(span, begin), class_="error" if span.error else None)


def _more(span: Span, begin: int) -> Html:
    facts: list[tuple[str, object]] = [("+", duration(span.start_us - begin)), ("kind", span.kind)]
    if span.message:
        facts.append(("status", span.message))
    facts += sorted(span.attributes.items())
    for event in span.events:
        about = event["attributes"].get("exception.message") or event["attributes"] or ""
        facts.append((f"{event['name']} +{duration(event['at_us'] - begin)}", about))
    facts.append(("span", span.span_id))
    return tag("table", [tag("tr", tag("td", name), tag("td", value)) for name, value in facts], class_="more")


def _dot(service: str) -> Html:
    return tag("i", class_="dot", style=f"background:{colour(service)}")
