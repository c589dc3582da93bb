"""Texts that are made to cost a pattern the most: what it repeats, again and again, then what it does not expect."""

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

compiler, code, parser = (import_module(f"re.{part}") for part in ("_compiler", "_constants", "_parser"))

MANY = 16  # repetitions: what a pattern takes more often is worth an attack
POOL = "a A0._-/\\ \n\t()[]{}$@:;=?'\"<>错v"
END = "\x00!"
Attack = Callable[[int], str]
REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)


def attacks(pattern: re.Pattern[str]) -> Iterator[Attack]:
    """Each gives a text of about the length that it is asked for."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    letters = "".join(dict.fromkeys(POOL + _letters(tree)))
    found = list(dict.fromkeys(_repeated(tree, "", pattern.flags, letters)))
    for before, unit in found:
        yield _text(before, unit, "")
        yield _text("", unit, "")
        yield _text("", before + unit, "")
        yield _text("", before + unit * 20, "")
    runs = list(dict.fromkeys(unit for _, unit in found))
    for first in runs:
        for second in runs:
            if first != second:
                yield _runs((first, second))
    if len(runs) > 2:
        yield _runs(runs)


def _text(before: str, unit: str, after: str) -> Attack:
    return lambda size: before + unit * (size // len(unit) + 1) + after + END


def _runs(units: Iterable[str]) -> Attack:
    kinds = list(units)
    return lambda size: "".join(unit * (size // len(kinds) // len(unit) + 1) for unit in kinds) + END


def _repeated(items: Any, before: str, flags: int, letters: str) -> Iterator[tuple[str, str]]:
    """What leads to a repetition, and what is repeated there."""
    for operation, value in items:
        if operation in REPEATS:
            _, most, body = value
            if most >= MANY:
                yield from ((before, unit) for unit in _units(body, flags, letters))
            yield from _repeated(body, before, flags, letters)
        else:
            for inner in _inner(operation, value):
                yield from _repeated(inner, before, flags, letters)
        before = (before + _sample([(operation, value)], flags, letters))[-200:]


def _units(body: Any, flags: int, letters: str) -> list[str]:
    if len(body) == 1 and body[0][0] in (code.IN, code.ANY, code.LITERAL, code.NOT_LITERAL):
        one = _compiled(body, flags)
        return [letter for letter in letters if one.fullmatch(letter)] or [_sample(body, flags, letters)]
    return [unit for unit in (_sample(body, flags, letters), _sample(body, flags, letters[::-1])) if unit]


def _sample(items: Any, flags: int, letters: str) -> str:
    """Something that matches, or nearly: what stands beside a match is left out."""
    found = ""
    for operation, value in items:
        if operation is code.LITERAL:
            found += chr(value)
        elif operation in (code.IN, code.ANY, code.NOT_LITERAL):
            one = _compiled([(operation, value)], flags)
            known = [chr(v) for o, v in value if o is code.LITERAL] if operation is code.IN else []
            found += next((letter for letter in [*letters, *known] if one.fullmatch(letter)), "")
        elif operation in REPEATS:
            found += _sample(value[2], flags, letters) * max(1, value[0])
        elif operation is code.BRANCH:
            found += _sample(value[1][0], flags, letters)
        elif operation in (code.SUBPATTERN, code.ATOMIC_GROUP):
            found += _sample(_inner(operation, value)[0], flags, letters)
    return found


def _inner(operation: Any, value: Any) -> list[Any]:
    if operation is code.SUBPATTERN:
        return [value[3]]
    if operation is code.BRANCH:
        return list(value[1])
    if operation is code.ATOMIC_GROUP:
        return [value]
    return [value[1]] if operation in (code.ASSERT, code.ASSERT_NOT) else []


def _letters(items: Any) -> str:
    """The letters that a pattern names, of which a repetition may take some."""
    found = ""
    for operation, value in items:
        if operation is code.LITERAL:
            found += chr(value)
        elif operation is code.IN:
            found += "".join(chr(v) for o, v in value if o is code.LITERAL)
        elif operation in REPEATS:
            found += _letters(value[2])
        else:
            found += "".join(_letters(inner) for inner in _inner(operation, value))
    return "".join(letter for letter in dict.fromkeys(found) if not letter.isalnum())


def _compiled(items: Any, flags: int) -> re.Pattern[str]:
    state = parser.State()
    state.flags = flags
    compiled: re.Pattern[str] = compiler.compile(parser.SubPattern(state, list(items)), flags & ~re.DEBUG)
    return compiled
