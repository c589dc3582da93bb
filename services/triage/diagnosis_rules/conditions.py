"""What a ticket must have for a rule to hold. Words are looked for as they stand: no pattern, so no text is slow."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from shared.domain import Value
from shared.events import Problem
from shared.reading.characters import plain
from shared.reading.clauses import own_words
from shared.reading.errors import codes
from shared.reading.facts import NAMES, ends_of
from shared.terms import Channel, InvalidValue, Known, Line, Whole, YesOrNo

MOST_WORDS, MOST_NAMES = 50, 50
REACH = 40  # characters that a `*` may stand for


def _word(text: str) -> str:
    """Raises InvalidValue."""
    head, _, tail = text.partition("*")
    if not head.strip() or "*" in tail:
        raise InvalidValue("A word has at most one `*`, and not at its beginning", "每个词最多含一个“*”，且不能在开头")
    return text


def _fact(text: str) -> str:
    """Raises InvalidValue."""
    if text not in NAMES:
        raise InvalidValue(f"{text} is no fact; there are {', '.join(sorted(NAMES))}", f"没有名为 {text} 的事实")
    return text


Word = Annotated[Line, StringConstraints(max_length=100), AfterValidator(_word)]
Words = Annotated[list[Word], Field(max_length=MOST_WORDS)]
Names = Annotated[list[Line], Field(max_length=MOST_NAMES)]
Facts = Annotated[list[Annotated[Line, AfterValidator(_fact)]], Field(max_length=MOST_NAMES)]


@dataclass(frozen=True)
class Subject:
    """A ticket as rules see it. `text` is in lower case and plain characters, without what it quotes."""

    problem: Problem
    text: str
    facts: Collection[str] = ()
    fingerprints: Collection[str] = ()
    codes: Collection[str] = ()
    tier: str = ""
    channel: str = ""

    @classmethod
    def of(
        cls,
        problem: Problem,
        facts: Collection[str] = (),
        fingerprints: Collection[str] = (),
        tier: str = "",
        channel: str = "",
    ) -> "Subject":
        text = ends_of(f"{problem.description}\n{problem.error_text}")
        said = own_words(problem.title, text)
        return cls(problem, said.lower(), facts, fingerprints, [one.lower() for one in codes(said)], tier, channel)


class Conditions(Value):
    """All that are given must hold; of a list one is enough."""

    any_words: Words = Field(default_factory=list)
    """One of these stands in title, description or error, in any case; Latin ones as whole words, `*` for the rest of
    one"""
    all_words: Words = Field(default_factory=list)
    """All of these stand there"""
    no_words: Words = Field(default_factory=list)
    """None of these stands there"""
    facts: Facts = Field(default_factory=list)
    """One of these was understood, such as standstill, crowd, asked, malfunction"""
    no_facts: Facts = Field(default_factory=list)
    """None of these was understood"""
    fingerprints: Names = Field(default_factory=list)
    """One of these errors is in it, by fingerprint"""
    error_codes: Words = Field(default_factory=list)
    """One of these codes is in it, such as ORA-01017 or ORA-*"""
    products: Names = Field(default_factory=list)
    """It is about one of these products"""
    modules: Names = Field(default_factory=list)
    """It is about one of these modules"""
    tiers: Names = Field(default_factory=list)
    """The customer is of one of these tiers"""
    channels: Annotated[list[Known[Channel]], Field(max_length=20)] = Field(default_factory=list)
    """It came by one of these channels"""
    least_users: Annotated[Whole, Field(ge=1, le=10_000_000)] | None = None
    """So many users or more are affected"""
    business_blocked: YesOrNo | None = None
    """Whether the customer says that business is blocked"""

    @property
    def said(self) -> list[str]:
        """The names of those that are given."""
        return [name for name in type(self).model_fields if getattr(self, name) not in (None, [])]

    def lacks(self, subject: Subject) -> list[str]:
        """The names of those that do not hold."""
        return [name for name in self.said if not self._holds(name, subject)]

    def _holds(self, name: str, subject: Subject) -> bool:
        problem = subject.problem
        match name:
            case "any_words":
                return any(stands_in(subject.text, one) for one in self.any_words)
            case "all_words":
                return all(stands_in(subject.text, one) for one in self.all_words)
            case "no_words":
                return not any(stands_in(subject.text, one) for one in self.no_words)
            case "facts":
                return not set(subject.facts).isdisjoint(self.facts)
            case "no_facts":
                return set(subject.facts).isdisjoint(self.no_facts)
            case "fingerprints":
                return not set(subject.fingerprints).isdisjoint(self.fingerprints)
            case "error_codes":
                return any(stands_in(code, one) for one in self.error_codes for code in subject.codes)
            case "products":
                return _is_one_of(problem.product, self.products)
            case "modules":
                return _is_one_of(problem.module, self.modules)
            case "tiers":
                return _is_one_of(subject.tier, self.tiers)
            case "channels":
                return subject.channel in self.channels
            case "least_users":
                return (problem.users_affected or 0) >= (self.least_users or 0)
            case _:
                return problem.business_blocked is self.business_blocked


def stands_in(text: str, word: str) -> bool:
    """`text` is in lower case. A Latin letter or digit at an end of the word is where a word of the text ends too."""
    head, star, tail = plain(word).lower().partition("*")
    at = text.find(head)
    while at >= 0:
        if not _is_latin(head[0]) or at == 0 or not _is_latin(text[at - 1]):
            end = at + len(head)
            if star:
                rest = text[end : end + REACH + len(tail)].split(maxsplit=1)
                run = rest[0] if rest and not text[end].isspace() else ""
                found = run.find(tail)
                end = end + found + len(tail) if found >= 0 else -1
            ends_so = star and not tail
            if end >= 0 and (ends_so or end >= len(text) or not (_is_latin(text[end - 1]) and _is_latin(text[end]))):
                return True
        at = text.find(head, at + 1)
    return False


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _is_one_of(value: str, names: Sequence[str]) -> bool:
    return bool(value) and value.casefold() in {one.casefold() for one in names}
