"""Traces as trees on a terminal."""

import asyncio
import json
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.local.spans import Node, Span, arrange
from deploy.local.words import LaunchError, tr

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # what is here is not reached through a proxy
RED, DIM, PLAIN = "\033[31m", "\033[2m", "\033[0m"


@dataclass(frozen=True)
class Style:
    """`fold`: from how many equal neighbours on one line is written for all (0: never). `limit`: lines a trace."""

    colour: bool = False
    fold: int = 3
    limit: int = 200


def render(spans: Iterable[Span], style: Style = Style()) -> str:
    """One trace, a line for each span: service, name, kind, milliseconds, and a mark on errors."""
    spans = list(spans)
    lines = list(_lines(arrange(spans), "", style))
    hidden = len(lines) - style.limit
    if hidden > 0:
        lines = [*lines[: style.limit], tr(f"... {hidden} more lines", f"…… 另有 {hidden} 行")]
    return "\n".join(lines)


async def fetch(collector_url: str, ticket: str) -> list[list[Span]]:
    """All traces of one ticket, oldest first."""
    address = f"{collector_url}/api/tickets/{urllib.parse.quote(ticket, safe='')}/traces"
    return [trace_of(trace) for trace in (await asyncio.to_thread(_get, address))["traces"]]


async def fetch_trace(collector_url: str, trace_id: str) -> list[Span]:
    return trace_of(await asyncio.to_thread(_get, f"{collector_url}/api/traces/{trace_id}"))


def trace_of(found: dict[str, Any]) -> list[Span]:
    return [Span(**span) for span in found["spans"]]


def _get(address: str) -> dict[str, Any]:
    try:
        with DIRECT.open(address, timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
    except OSError as error:
        raise LaunchError(
            f"{address} cannot be read ({error}): is Bihuan running?", f"无法读取 {address}（{error}）：闭环在运行吗？"
        ) from error
    return found


def _lines(nodes: Sequence[Node], indent: str, style: Style) -> Iterator[str]:
    groups = list(_groups(nodes, style.fold))
    for position, group in enumerate(groups):
        last = position == len(groups) - 1
        branch, below = ("", "") if not indent and len(groups) == 1 else ("└─ ", "   ") if last else ("├─ ", "│  ")
        yield indent + branch + _line(group, style)
        if len(group) == 1:
            yield from _lines(group[0].children, indent + below or " ", style)


def _groups(nodes: Sequence[Node], fold: int) -> Iterator[list[Node]]:
    """Neighbours without children that look the same, together if there are at least `fold` of them."""
    run: list[Node] = []
    for node in nodes:
        if run and (node.children or _looks(node) != _looks(run[0])):
            yield from _cut(run, fold)
            run = []
        run.append(node)
        if node.children:
            yield from _cut(run, fold)
            run = []
    yield from _cut(run, fold)


def _cut(run: list[Node], fold: int) -> Iterator[list[Node]]:
    if fold and len(run) >= fold:
        yield run
    else:
        yield from ([node] for node in run)


def _looks(node: Node) -> tuple[str, str, str, bool]:
    return node.span.service, node.span.name, node.span.kind, node.span.error


def _line(group: Sequence[Node], style: Style) -> str:
    span = group[0].span
    red, dim, plain = (RED, DIM, PLAIN) if style.colour else ("", "", "")
    times = f" ×{len(group)}" if len(group) > 1 else ""
    ms = sum(node.span.ms for node in group)
    mark = f" {red}✗ {span.message}{plain}".rstrip() if span.error else ""
    kind = f" ({span.kind})" if span.kind not in ("", "internal") else ""
    return f"{span.service}: {span.name}{dim}{kind}{plain}{times}  {ms:.1f} ms{mark}"
