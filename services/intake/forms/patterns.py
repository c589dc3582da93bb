r"""Patterns that administrators write, matched in a time that grows with the text and no faster.

Python's `re` tries one way after the other, which a pattern from outside can make endless. Here all ways are followed
at once (Thompson 1968, as in RE2), so a pattern can cost at most its states times the characters. What it may contain:
letters, `.`, classes such as `[A-Z0-9_]` and `[^;]`, `\d \w \s` (ASCII) and their opposites, groups, `|`, and
`? * + {n} {n,} {n,m}`. It always describes the whole text; `^` and `$` at its ends say nothing more.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from shared.domain import Invalid
from shared.terms import Text

MOST_CHARACTERS, MOST_STATES = 200, 500
LAST = "\U0010ffff"
DIGITS, SPACES = (("0", "9"),), ((" ", " "), ("\t", "\r"))
WORDS = (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z"))
CLASSES = {"d": DIGITS, "w": WORDS, "s": SPACES}
SPECIAL = ".[]()|?*+{}\\^$"
Ranges = tuple[tuple[str, str], ...]


class InvalidPattern(Invalid):
    title = Text("Invalid pattern", "格式规则无效")


@dataclass
class _State:
    """Takes a letter of `ranges` (or not of them) and goes on to `to`; without ranges it goes on at once."""

    ranges: Ranges | None = None
    negated: bool = False
    to: list[int] = field(default_factory=list)

    def takes(self, letter: str) -> bool:
        return any(low <= letter <= high for low, high in self.ranges or ()) is not self.negated


# What a part of a pattern is: a letter, a sequence, a choice, a repetition (at least, at most or None for no end).
@dataclass(frozen=True)
class _Letter:
    ranges: Ranges
    negated: bool = False


@dataclass(frozen=True)
class _All:
    parts: tuple["_Node", ...]


@dataclass(frozen=True)
class _Any:
    parts: tuple["_Node", ...]


@dataclass(frozen=True)
class _Repeated:
    part: "_Node"
    least: int
    most: int | None


_Node = _Letter | _All | _Any | _Repeated


@lru_cache(maxsize=1000)
def compiled(pattern: str) -> "Pattern":
    """Raises InvalidPattern."""
    if len(pattern) > MOST_CHARACTERS:
        raise _wrong(f"at most {MOST_CHARACTERS} characters", f"最多 {MOST_CHARACTERS} 个字符")
    found = Pattern()
    found.last = found.add(_Parser(pattern).whole(), 0)
    return found


class Pattern:
    def __init__(self) -> None:
        self.states = [_State()]
        self.last = 0

    def matches(self, text: str) -> bool:
        """Whether it describes the whole of it."""
        now = self._closure({0})
        for letter in text:
            now = self._closure({to for at in now if self.states[at].ranges is not None
                                 and self.states[at].takes(letter) for to in self.states[at].to})  # fmt: skip
            if not now:
                return False
        return self.last in now

    def _closure(self, begin: set[int]) -> set[int]:
        found, waiting = set(begin), list(begin)
        while waiting:
            state = self.states[waiting.pop()]
            for to in state.to if state.ranges is None else ():
                if to not in found:
                    found.add(to)
                    waiting.append(to)
        return found

    def add(self, node: _Node, start: int) -> int:
        """Behind the state `start`, which goes on at once; the state in which it ends, likewise. Raises
        InvalidPattern."""
        if isinstance(node, _Letter):
            at = self._new(_State(node.ranges, node.negated))
            self.states[start].to.append(at)
            end = self._new(_State())
            self.states[at].to.append(end)
            return end
        if isinstance(node, _All):
            for part in node.parts:
                start = self.add(part, start)
            return start
        if isinstance(node, _Any):
            end = self._new(_State())
            for part in node.parts:
                begin = self._new(_State())
                self.states[start].to.append(begin)
                self.states[self.add(part, begin)].to.append(end)
            return end
        return self._repeat(node, start)

    def _repeat(self, node: _Repeated, start: int) -> int:
        for _ in range(node.least):
            start = self.add(node.part, start)
        if node.most is None:
            again = self._new(_State())
            self.states[start].to.append(again)
            self.states[self.add(node.part, again)].to.append(again)
            return again
        end = self._new(_State())
        for _ in range(node.most - node.least):
            self.states[start].to.append(end)
            start = self.add(node.part, start)
        self.states[start].to.append(end)
        return end

    def _new(self, state: _State) -> int:
        if len(self.states) >= MOST_STATES:
            raise _wrong("it is too large", "规则过大")
        self.states.append(state)
        return len(self.states) - 1


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern.removeprefix("^")
        if self.pattern.endswith("$") and not self.pattern.endswith("\\$"):
            self.pattern = self.pattern[:-1]
        self.at = 0

    def whole(self) -> _Node:
        found = self._choice()
        if self.at < len(self.pattern):
            raise self._unexpected()
        return found

    def _choice(self) -> _Node:
        parts = [self._sequence()]
        while self._take("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else _Any(tuple(parts))

    def _sequence(self) -> _Node:
        parts: list[_Node] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            parts.append(self._quantified(self._atom()))
        return _All(tuple(parts))

    def _quantified(self, part: _Node) -> _Node:
        for sign, least, most in (("?", 0, 1), ("*", 0, None), ("+", 1, None)):
            if self._take(sign):
                return _Repeated(part, least, most)
        if not self._take("{"):
            return part
        least = self._number()
        found = _Repeated(part, least, least)
        if self._take(","):
            more = self.pattern[self.at : self.at + 1] != "}"
            found = _Repeated(part, least, self._number() if more else None)
        if not self._take("}") or (found.most is not None and found.most < least):
            raise self._unexpected()
        return found

    def _number(self) -> int:
        begin = self.at
        while self.pattern[self.at : self.at + 1] in tuple("0123456789") and self.at < begin + 3:
            self.at += 1
        if begin == self.at:
            raise self._unexpected()
        return int(self.pattern[begin : self.at])

    def _atom(self) -> _Node:
        if self._take("("):
            if self._take("?") and not self._take(":"):
                raise self._unexpected()
            found = self._choice()
            if not self._take(")"):
                raise self._unexpected()
            return found
        if self._take("."):
            return _Letter((("\n", "\n"),), negated=True)
        if self._take("["):
            return self._class()
        letter = self._next()
        if letter == "\\":
            return self._escaped()
        if letter in SPECIAL:
            self.at -= 1
            raise self._unexpected()
        return _Letter(((letter, letter),))

    def _escaped(self) -> _Letter:
        letter = self._next()
        if letter.lower() in CLASSES:
            return _Letter(CLASSES[letter.lower()], negated=letter.isupper())
        if letter.isalnum():
            raise self._unexpected()
        return _Letter(((letter, letter),))

    def _class(self) -> _Letter:
        negated, ranges = self._take("^"), list[tuple[str, str]]()
        while not self._take("]"):
            one = self._member()
            if (
                len(one) > 1
                or self.pattern[self.at : self.at + 1] != "-"
                or self.pattern[self.at + 1 : self.at + 2] == "]"
            ):
                ranges += one
                continue
            self.at += 1
            [(low, _)], last = one, self._member()
            if len(last) > 1 or last[0][0] < low:
                raise self._unexpected()
            ranges.append((low, last[0][0]))
        if not ranges:
            raise self._unexpected()
        return _Letter(tuple(ranges), negated)

    def _member(self) -> Ranges:
        letter = self._next()
        if letter == "[":
            raise self._unexpected()
        if letter != "\\":
            return ((letter, letter),)
        found = self._escaped()
        if found.negated:
            raise self._unexpected()
        return found.ranges

    def _take(self, sign: str) -> bool:
        found = self.pattern.startswith(sign, self.at)
        self.at += found
        return found

    def _next(self) -> str:
        if self.at >= len(self.pattern):
            raise self._unexpected()
        self.at += 1
        return self.pattern[self.at - 1]

    def _unexpected(self) -> InvalidPattern:
        place = f"{self.pattern[: self.at]}…" if self.at else self.pattern
        return _wrong(f"it cannot be read after {place}", f"无法解析：{place}")


def _wrong(en: str, zh: str) -> InvalidPattern:
    return InvalidPattern(f"Not a pattern that can be used: {en}", f"格式规则无法使用：{zh}")
