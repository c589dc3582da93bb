"""Every pattern of the product is linear: whatever somebody writes, it takes a time that grows with its length only."""

import ast
import re
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest

from services.intake.tickets import questions
from services.kb.cases import tags
from shared import texts
from shared.reading import moods
from tests.hostile.attacks import attacks
from tests.hostile.growth import grows_faster_than_text
from tests.hostile.patterns import PACKAGES, every_pattern
from tests.hostile.texts import TEXTS

PATTERNS = every_pattern()
ROOT = Path(__file__).parents[2]
KNOWN_TO_BE_SLOW = [
    r"[\w.]*Error",
    r"\s*x",
    r"a\s*-?\s*b",
    r"(?:a|a)+b",
    r"(?:\w+\s?)+$",
    r"([\w./-]+\.[\w.()*/\[\]-]+)\(.*\)$",
    r"(?<![A-Za-z])sync\w*!",
    r"(?<!\w)[vV]\d(?![^x]*\d)",
]


def looking(pattern: re.Pattern[str]) -> Callable[[str], object]:
    """All that one can do with a pattern: find it everywhere, and compare it with the whole text."""
    return lambda text: (deque(pattern.finditer(text), maxlen=0), pattern.fullmatch(text))


def what_is_slow(pattern: re.Pattern[str]) -> str:
    work = looking(pattern)
    return next(
        (slow for text_of in (*TEXTS, *attacks(pattern)) if (slow := grows_faster_than_text(work, text_of))), ""
    )


@pytest.mark.parametrize("path", PATTERNS)
def test_a_pattern_is_linear(path: str) -> None:
    assert what_is_slow(PATTERNS[path]) == ""


@pytest.mark.parametrize("pattern", KNOWN_TO_BE_SLOW)
def test_a_pattern_that_is_not_linear_is_found_out(pattern: str) -> None:
    assert what_is_slow(re.compile(pattern)) != ""


def test_patterns_are_found_wherever_they_are_kept() -> None:
    """A global, one in a tuple of tuples, one in an object, a private one of another package."""
    expected = {questions.ERROR, tags._ENVIRONMENTS[0][0], moods.ASKED.chinese, texts.EMAIL_ADDRESS}
    assert expected <= set(PATTERNS.values())


def test_patterns_are_kept_where_they_are_found() -> None:
    """`re.sub("…", …)` keeps its pattern inside of `re`, where nobody could test it."""
    direct = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "re"
        and node.attr
        not in ("compile", "escape", "Pattern", "Match", "IGNORECASE", "DOTALL", "MULTILINE", "ASCII", "I", "M", "S")
    ]
    assert direct == []
