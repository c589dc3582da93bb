"""What `make bench` can measure is explained."""

import re
from pathlib import Path

from tests.bench.__main__ import NAMES

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
FIGURE = re.compile(r'figures\.add\(\s*f?"([a-z0-9_]+)|(?:figure = |measure\(desk, )f?"([a-z0-9_]+)')


def figures() -> list[str]:
    """Their names, up to what depends on what is measured."""
    found = [one for path in (ROOT / "tests" / "bench").glob("*.py") for one in FIGURE.findall(path.read_text("utf-8"))]
    return sorted({name for pair in found for name in pair if name})


def test_each_case_is_named() -> None:
    [row] = [line for line in TEXT.splitlines() if "--only" in line]
    assert [name for name in NAMES if f"`{name}`" not in row] == []


def test_each_figure_is_explained() -> None:
    """By its name, or what that begins with."""
    found = figures()
    assert {"assign_statements", "list_newest_p95_ms", "log_50mb_s"} <= set(found)
    assert [name for name in found if f"`{name}" not in TEXT] == []
