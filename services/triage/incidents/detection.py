"""Which tickets belong together: the same answer in whatever order they are heard, and however often.

A key's tickets are grouped where so many customers have it within the window. Of near-identical texts each ticket has a
neighbourhood of its own, all that are like it, which counts in the same way: being alike is not handed on, so that one
text does not become another step by step.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from services.triage.incidents.minhash import BANDS, similarity
from services.triage.incidents.signature import Key, KeyKind, Signature
from shared.domain import Aggregate
from shared.events import Event

VERY_ALIKE = 0.65  # where only one of them says in which product or module
MOST_KEYS = 20  # of one ticket
MOST_CENTRES = 12  # neighbours whose own neighbourhood is looked at
KINDS = tuple(f"{kind}:" for kind in KeyKind)
ALIKE = 0.5  # from which estimated Jaccard index on two texts are near-identical


class Sighting(Aggregate):
    """A ticket as it is looked at for incidents; its number is its id. `customer` is the company, or who asks without
    one."""

    customer: str
    at: AwareDatetime
    signature: Signature
    marks: list[str] = Field(default_factory=list)

    def take(self, signature: Signature, window: timedelta) -> list[Event]:
        """More is known of it: what it has in common with others is never less than before."""
        mine = self.signature
        keys = {key.id: key for key in (*mine.keys, *signature.keys)}
        text = mine if mine.sketch else signature
        self.signature = Signature(
            keys=list(keys.values())[:MOST_KEYS],
            product=text.product,
            module=text.module,
            sketch=text.sketch,
            bands=text.bands,
        )
        self.set_marks(window)
        return []

    def set_marks(self, window: timedelta) -> None:
        """By which others find it that were opened about then."""
        about = _bucket(self.at, window)
        self.marks = [f"{name}@{about}" for name in _names(self.signature)]

    def near_marks(self, window: timedelta) -> list[str]:
        """The marks of those that may belong to it."""
        about = _bucket(self.at, window)
        return [f"{name}@{when}" for name in _names(self.signature) for when in (about - 1, about, about + 1)]

    def is_like(self, other: "Sighting") -> bool:
        mine, theirs = self.signature, other.signature
        places = ((mine.product, theirs.product), (mine.module, theirs.module))
        if any(one and another and one != another for one, another in places):
            return False
        is_vague = any(bool(one) != bool(another) for one, another in places)
        return similarity(mine.sketch, theirs.sketch) >= (VERY_ALIKE if is_vague else ALIKE)


@dataclass(frozen=True)
class Group:
    """Tickets with one key, or about one text."""

    key: Key
    tickets: Sequence[Sighting]


def groups_of(new: Sighting, others: Iterable[Sighting], window: timedelta, customers: int) -> list[Group]:
    """What this ticket makes complete or belongs to, of the others about its time."""
    near = [one for one in others if one.id != new.id and abs(one.at - new.at) <= window]
    found = []
    for key in new.signature.keys:
        same = [one for one in near if any(theirs.id == key.id for theirs in one.signature.keys)]
        found.append(Group(key, crowded(new, same, window, customers)))
    for centre in [new, *alike(new, near)[:MOST_CENTRES]]:
        key = Key(kind=KeyKind.TEXT, value=centre.id)
        found.append(Group(key, crowded(new, [centre, *alike(centre, near)], window, customers)))
    return [one for one in found if one.tickets]


def alike(centre: Sighting, others: Iterable[Sighting]) -> list[Sighting]:
    bands = set(centre.signature.bands)
    return [
        one
        for one in others
        if one.id != centre.id and not bands.isdisjoint(one.signature.bands) and centre.is_like(one)
    ]


def crowded(new: Sighting, others: Iterable[Sighting], window: timedelta, customers: int) -> list[Sighting]:
    """Those that lie with it in a stretch of this length that has tickets of so many customers, in the order of their
    opening."""
    known = sorted({one.id: one for one in (*others, new)}.values(), key=_place)
    inside: dict[str, Sighting] = {}
    for last in known:
        if new.at <= last.at <= new.at + window:
            stretch = [one for one in known if last.at - window <= one.at <= last.at]
            if len({one.customer for one in stretch}) >= customers:
                inside |= {one.id: one for one in stretch}
    return sorted(inside.values(), key=_place)


def likeness(marks: Iterable[str], asked: Collection[str]) -> int:
    """By how many of its marks it was found; one of a key says more than all those of a text."""
    return sum(BANDS + 1 if one.startswith(KINDS) else 1 for one in marks if one in asked)


def _names(signature: Signature) -> list[str]:
    return [*(key.id for key in signature.keys), *(f"b{band}" for band in signature.bands)]


def _bucket(at: datetime, window: timedelta) -> int:
    return int(at.timestamp() // window.total_seconds())


def _place(one: Sighting) -> tuple[datetime, str]:
    return one.at, one.id
