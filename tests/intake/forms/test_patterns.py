"""Patterns of administrators: they say what Python's own would say, in a time that nothing they contain can stretch."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.forms.patterns import MOST_STATES, InvalidPattern, compiled
from tests.hostile.growth import grows_faster_than_text
from tests.hostile.test_patterns import KNOWN_TO_BE_SLOW

ATOMS = ["a", "b", "[ab]", "[^a]", r"\d", r"\w", r"\s", ".", "(a|b)", "(?:ab)", "(a*|b)", r"\.", r"[a-c\d]", "|", "()"]
PATTERNS = st.lists(
    st.tuples(st.sampled_from(ATOMS), st.sampled_from(["", "?", "*", "+", "{2}", "{1,3}", "{2,}"])), max_size=5
)


@given(PATTERNS, st.lists(st.text("abc1.; ", max_size=7), min_size=5))
def test_it_says_what_the_usual_engine_says(parts: list[tuple[str, str]], texts: list[str]) -> None:
    pattern = "".join(atom if atom == "|" else atom + sign for atom, sign in parts)
    usual = re.compile(pattern, re.ASCII)
    assert [compiled(pattern).matches(text) for text in texts] == [bool(usual.fullmatch(text)) for text in texts]


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("^SN-[0-9]{8}$", "SN-20260001", True),
        ("SN-[0-9]{8}", "SN-2026000", False),
        ("SN-[0-9]{8}", "x SN-20260001", False),
        ("[一-龥]{2,4}", "王敏", True),
        ("[一-龥]{2,4}", "Wang", False),
        (r"[A-Z\-]+", "A-B", True),
        (r"\$", "$", True),
        (".*", "a\nb", False),
        ("", "", True),
    ],
)
def test_it_describes_the_whole_text(pattern: str, text: str, fits: bool) -> None:
    assert compiled(pattern).matches(text) is fits


@pytest.mark.parametrize(
    "pattern",
    ["(", "a)", "[", "[]", "a{", "a{3", "*", "a**", "a{3,1}", r"\b", "(?=a)", "(a)\\1", "a{1000}", "(a{99}){99}",
     "[z-a]", "\\", "a$b", "(?P<x>a)", "x" * 201, "(" * 150],
)  # fmt: skip
def test_what_it_cannot_say_is_refused_when_it_is_declared(pattern: str) -> None:
    with pytest.raises(InvalidPattern):
        compiled(pattern)


@pytest.mark.parametrize("pattern", ["(a*)*b", "(a|a)+b", r"(?:\w{0,9}){0,9}", *(
    one for one in KNOWN_TO_BE_SLOW if "(?<" not in one and "(?!" not in one)])  # fmt: skip
def test_what_is_slow_elsewhere_is_linear_here(pattern: str) -> None:
    found = compiled(pattern)
    assert len(found.states) <= MOST_STATES
    for piece in ("a", "a-", ".a1", "  "):
        assert grows_faster_than_text(found.matches, lambda n, piece=piece: piece * (n // len(piece))) == ""  # type: ignore[misc]
