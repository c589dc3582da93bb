"""Products, modules and versions that a text names (P1.2), by the desk's own records of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from services.intake.products.catalog import Products, version_named
from services.intake.products.domain import BETWEEN, Product, ProductVersion, spelt, spelt_version
from shared.reading.characters import plain
from shared.reading.clauses import Clause, clauses_of
from shared.reading.environment import works
from shared.reading.malfunction import states_fault

T = TypeVar("T")
SHORTEST = 2  # characters of a name that is looked for
NUMBERS = frozenset("0123456789.x")


@dataclass(frozen=True)
class Named:
    """As the records call them; empty where none is named, or more than one."""

    product: str = ""
    module: str = ""
    product_version: str = ""


@lru_cache(maxsize=16)
def named_in(title: str, description: str, products: Products, product: str, version: str) -> Named:
    """`product` is the one that was given, and `version` the one that the text tells, if any. What is denied, imagined,
    planned or said to work does not count; what is faulty counts more than what is, and that more than a question."""
    if not products.active:
        return Named()
    clauses = [_Squeezed.of(one) for one in clauses_of(title, description) if _counts(one)]
    found = products.named(product)
    if found is None and not product:
        found = _only(clauses, {name: one for one in products.active for name in one.names}, lambda one: one.id)
    if found is None:
        return Named()
    modules = {name: one for one in found.modules for name in one.names}
    module = _only(clauses, modules, lambda one: one.key)
    told = version_named(found, version)
    if told is None:
        told = _only(clauses, _versions(found, clauses), lambda one: one.name)
    return Named(found.name, module.name if module else "", told.name if told else "")


@dataclass(frozen=True)
class _Squeezed:
    """A clause as names are compared; `places` says where each letter stands in it."""

    text: str
    places: Sequence[int]
    clause: Clause
    weight: int

    @classmethod
    def of(cls, clause: Clause) -> "_Squeezed":
        letters = [(at, letter.lower()) for at, letter in enumerate(clause.text) if ord(letter) not in BETWEEN]
        letters = [(at, letter) for at, letter in letters if len(letter) == 1]
        weight = 0 if states_fault(clause) else 1 if clause.holds else 2
        return cls("".join(letter for _, letter in letters), [at for at, _ in letters], clause, weight)

    def places_of(self, name: str) -> Iterator[tuple[int, int]]:
        """Where it stands by itself, begin and end."""
        at = self.text.find(name)
        while at >= 0:
            end = at + len(name)
            before, after = self.places[at], self.places[end - 1] + 1
            is_part = _continues(name[0], self.clause.text[before - 1 : before] if before else "")
            rest = self.clause.text[after : after + 2]
            rest = rest[1:] if name[-1].isdigit() and rest[:1] == "." else rest[:1]  # `3.2` is a part of `3.2.1`
            if not is_part and not _continues(name[-1], rest):
                yield at, end
            at = self.text.find(name, end)


def _versions(product: Product, clauses: Sequence[_Squeezed]) -> dict[str, ProductVersion]:
    """By what may be looked for: a mere number counts right behind the product's name alone."""
    before = [name for name in product.names if any(plain(spelt(name)) in one.text for one in clauses)]
    found: dict[str, ProductVersion] = {}
    for one in product.versions:
        number = spelt_version(one.name)
        if NUMBERS.issuperset(number):
            found |= {f"{name}{letter}{number}": one for name in before for letter in ("", "v")}
        else:
            found[one.name] = one
    return found


def _counts(clause: Clause) -> bool:
    return not (clause.over or clause.planned or clause.imagined or clause.past or works(clause.text))


def _only(clauses: Sequence[_Squeezed], names: Mapping[str, T], id_of: Callable[[T], str]) -> T | None:
    """The one that is named where it counts most; None where several are."""
    spelt_names = {plain(spelt(name)): one for name, one in names.items()}
    there = [name for name in spelt_names if len(name) >= SHORTEST and any(name in one.text for one in clauses)]
    there.sort(key=len, reverse=True)
    best: dict[int, dict[str, T]] = {}
    for clause in clauses if there else ():
        taken = bytearray(len(clause.text))
        for name in there:
            for begin, end in clause.places_of(name):
                if taken[begin] or taken[end - 1]:  # a part of a longer one
                    continue
                taken[begin:end] = b"\1" * (end - begin)
                one = spelt_names[name]
                best.setdefault(clause.weight, {})[id_of(one)] = one
    found = list(best[min(best)].values()) if best else []
    return found[0] if len(found) == 1 else None


def _continues(one: str, other: str) -> bool:
    """Whether both are of one word."""
    return one.isascii() and one.isalnum() and other.isascii() and other.isalnum()
