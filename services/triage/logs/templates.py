"""Lines of a log that come from one place in a program (P3.2).

A line is its words: what has a digit in it is a value, a row of values is one. Lines with the same words are one
template. When all are read, templates are joined that differ in one word only, where so many other words stand that it
cannot be the program's own: `session opened for user root`, `… for user news`. Two or three other words are its own:
`Instance spawned`, `Instance destroyed`. All of it is bounded: of what comes when it is full only the number is known.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from services.triage.logs.masks import ANY, masked
from services.triage.logs.times import MONTHS

MOST_TEMPLATES = 5_000
MOST_WORDS = 60
VARIANTS = 4  # other words at one place, from which on they are values
OFTEN, MANY = 5, 12  # of words that each come that often there must be more
ROUNDS = 3
SPLIT = re.compile(r"[\s,;()\[\]{}<>|\"]+")
VALUE = re.compile(r"[\d\x00]")
SAYS = re.compile(r"\w")
MARK = "\x00"
PERSON = ("user", "User", "用户")  # what comes next is a name
DATES = frozenset(MONTHS) | {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "AM", "PM"}


@dataclass
class Template:
    """`example` is its first line."""

    words: tuple[str, ...]
    example: str
    count: int = 0
    joined: "Template | None" = None

    @property
    def root(self) -> "Template":
        found = self
        while found.joined:
            found = found.joined
        return found


@dataclass
class Templates:
    passed_over: int = 0
    _known: dict[tuple[str, ...], Template] = field(default_factory=dict)

    def add(self, content: str) -> Template | None:
        """The template of a line without its time and its level; None when there is no room for another one."""
        words = words_of(content)
        template = self._known.get(words)
        if template is None:
            if len(self._known) == MOST_TEMPLATES:
                self.passed_over += 1
                return None
            template = self._known[words] = Template(words, content)
        template.count += 1
        return template

    def join(self) -> list[Template]:
        """Those that are left, the most frequent first. Ask `root` of each template what it became part of."""
        left = list(self._known.values())
        for _ in range(ROUNDS):
            before = len(left)
            for place in range(max((len(one.words) for one in left), default=0)):
                left = _joined_at(place, left)
            if len(left) == before:
                break
        return sorted(left, key=lambda one: -one.count)


def _joined_at(place: int, templates: list[Template]) -> list[Template]:
    alike: dict[tuple[str, ...], list[Template]] = defaultdict(list)
    left = []
    for one in templates:
        if place < len(one.words) and len(one.words) > 1:
            alike[(*one.words[:place], MARK, *one.words[place + 1 :])].append(one)
        else:
            left.append(one)
    for words, group in alike.items():
        if len(group) == 1 or not _is_value(place, words, group):
            left += group
            continue
        first, *others = group
        first.words = (*words[:place], ANY, *words[place + 1 :])
        for other in others:
            other.joined, first.count = first, first.count + other.count
        left.append(first)
    return left


def _is_value(place: int, words: tuple[str, ...], group: list[Template]) -> bool:
    """Where a value stood once, or many words stand; of a line that says nothing else every word is the program's."""
    says = sum(1 for word in words if word not in (ANY, MARK))
    if not says:
        return False
    often = sorted(one.count for one in group)[len(group) // 2]
    return len(group) >= (VARIANTS if often < OFTEN else MANY) or any(one.words[place] == ANY for one in group)


def words_of(content: str) -> tuple[str, ...]:
    words: list[str] = []
    for word in SPLIT.split(masked(content).replace(ANY, MARK))[:MOST_WORDS]:
        key, equals, value = word.partition("=")
        if equals and key:
            words.append(ANY if VALUE.search(key) else f"{key}=")
            word = ANY if value else ""
        if VALUE.search(word) or word in DATES or (words and words[-1] in PERSON and word != ANY):
            word = ANY
        if SAYS.search(word) or word == ANY:
            if word == ANY and words and words[-1] == ANY:
                continue
            words.append(word)
    return tuple(words)
