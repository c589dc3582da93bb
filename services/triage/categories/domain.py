"""A category of problems: what it is called, what it is a part of, and who gets its tickets at first (P2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.category_keys import Key
from shared.domain import Aggregate, Conflict, Invalid, Value
from shared.events import Event
from shared.terms import Category, Id, Line, Text

MOST_CATEGORIES = 200
DEEPEST = 4  # levels, from one that is a part of none


class TooManyCategories(Conflict):
    title = Text("There are too many categories", "类别数量已达上限")


class CategorySettings(Value):
    name_zh: Line
    """What it is called in Chinese"""
    name_en: Line
    """What it is called in English"""
    parent: Key | None = None
    """The category that it is a part of"""
    queue: Key | None = None
    """The queue that its tickets go to; null: one of the same key"""
    team: Id | None = None
    """The team that its tickets go to; null: everybody's"""


class CategoryRecord(Aggregate):
    """`id` is the key that tickets and events have. One that is retired stays where it is, and is given to nothing
    more."""

    name_zh: str = ""
    name_en: str = ""
    parent: str = ""
    queue: str = ""
    team: str = ""
    retired: bool = False

    def describe(self, said: CategorySettings) -> list[Event]:
        """Also brings it back."""
        self.name_zh, self.name_en, self.retired = said.name_zh, said.name_en, False
        self.parent, self.queue, self.team = said.parent or "", said.queue or "", said.team or ""
        return []

    def retire(self) -> list[Event]:
        self.retired = True
        return []

    @property
    def name(self) -> Text:
        return Text(self.name_en, self.name_zh)


# Those that are there from the start.
SEEDS = tuple(CategoryRecord(id=one.value, name_zh=one.label.zh, name_en=one.label.en.capitalize()) for one in Category)


@dataclass(frozen=True)
class Categories:
    """All of them by key; as they are from the start where nothing is said."""

    by_key: Mapping[str, CategoryRecord]

    @property
    def active(self) -> list[Category]:
        return [Category.of(key) for key, one in self.by_key.items() if not one.retired]

    def is_active(self, key: str) -> bool:
        return key in self.by_key and not self.by_key[key].retired

    def queue_of(self, category: Category) -> str:
        one = self.by_key.get(category.value)
        return (one.queue if one else "") or category.value

    def team_of(self, category: Category) -> str:
        one = self.by_key.get(category.value)
        return one.team if one else ""

    def name_of(self, category: Category) -> Text:
        """A key that no record has is its own name."""
        one = self.by_key.get(category.value)
        return one.name if one else category.label

    def ensure_active(self, key: str, field: str) -> None:
        """Raises Invalid."""
        if not self.is_active(key):
            raise Invalid(f"There is no category {key}", f"没有类别“{key}”", field)

    def ensure_fits(self, key: str, parent: str) -> None:
        """Raises Invalid: the parent is not there, is a part of it, or is too deep."""
        above: list[str] = []
        while parent:
            if parent not in self.by_key:
                raise Invalid(f"There is no category {parent}", f"没有类别“{parent}”", "body.parent")
            above.append(parent)
            if parent == key or len(above) >= DEEPEST:
                raise Invalid(
                    f"A category cannot be a part of itself, nor below more than {DEEPEST - 1} others",
                    f"类别不能属于自身，上级最多 {DEEPEST - 1} 层",
                    "body.parent",
                )
            parent = self.by_key[parent].parent


SEEDED = Categories({one.id: one for one in SEEDS})
