"""The record of a product, with its modules and versions.

No two products have a name in common in any spelling, nor two modules of one product: so a text leads to one at most.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, Field

from shared.domain import Aggregate, Conflict, Invalid, Value
from shared.events import Event, ProductReleaseUpcoming, ProductVersionReleased
from shared.terms import OpenTerm, Text
from shared.texts import plain

MOST_PRODUCTS, MOST_MODULES, MOST_VERSIONS, MOST_ALIASES = 200, 100, 200, 20
NAME_CHARACTERS = 80
PRODUCT_BYTES = 64_000  # all of a record in JSON: every process keeps all of them in memory
ANNOUNCED_BEFORE = timedelta(days=14)
BETWEEN = str.maketrans(dict.fromkeys(" \t\n-_·・—–"))


class AlreadyRecorded(Conflict):
    """Another record has one of these names."""

    title = Text("Already recorded", "记录已存在")


class LimitReached(Conflict):
    title = Text("The limit is reached", "已达上限")


class VersionStatus(OpenTerm):
    PLANNED = "planned", "planned", "未发布"
    SUPPORTED = "supported", "supported", "支持中"
    ENDED = "ended", "support ended", "已停止支持"


class Named(BaseModel):
    """`key` is for programs; one of the names is there at least."""

    key: str
    name_zh: str = ""
    name_en: str = ""
    aliases: list[str] = Field(default_factory=list)

    @property
    def name(self) -> str:
        """The one that tickets carry, whatever it was called when somebody asked."""
        return self.name_zh or self.name_en

    @property
    def label(self) -> Text:
        return Text(self.name_en or self.name_zh, self.name_zh or self.name_en)

    @property
    def names(self) -> list[str]:
        return [name for name in (self.name_zh, self.name_en, *self.aliases) if name]


class Module(Named, Value):
    """A part of a product."""


class ProductVersion(Value):
    """`released` and `supported_until` are days; None where nobody said."""

    name: str
    status: VersionStatus = VersionStatus.SUPPORTED
    released: date | None = None
    supported_until: date | None = None


class Product(Named, Aggregate):
    """What is supported. One that is not `active` is offered no more, and stays on record. `announced` are the planned
    versions of which it was told that they go live soon, as they are compared, `due_at` is when that is next."""

    prefix: ClassVar[str] = "PR-"

    active: bool = True
    modules: list[Module] = Field(default_factory=list)
    versions: list[ProductVersion] = Field(default_factory=list)
    added_at: AwareDatetime
    added_by: str = ""
    announced: list[str] = Field(default_factory=list)
    due_at: AwareDatetime | None = None

    @property
    def keys(self) -> list[str]:
        """What no other product can have; one at least."""
        return list(dict.fromkeys([f"key:{self.key}", *(f"name:{spelt(name)}" for name in self.names)]))

    @property
    def order(self) -> str:
        """By which lists are sorted: printable, as cursors have to be."""
        return spelt(self.name)

    def amend(self, facts: Mapping[str, object]) -> list[Event]:
        """Raises Invalid."""
        changed = Product.model_validate({**self.model_dump(), **facts})
        changed.check()
        for name in facts:
            setattr(self, name, getattr(changed, name))
        return []

    def newly_released(self, before: Sequence[ProductVersion], now: datetime) -> list[Event]:
        """Of each version that is supported and was not."""
        known = {spelt_version(one.name) for one in before if one.status == VersionStatus.SUPPORTED}
        return [
            ProductVersionReleased(
                subject=self.id, time=now, product=self.name, names=[self.key, *self.names], version=one.name
            )
            for one in self.versions
            if one.status == VersionStatus.SUPPORTED and spelt_version(one.name) not in known
        ]

    def plan(self, zone: ZoneInfo) -> list[Event]:
        """When it is to be told next that a version goes live soon; days begin at midnight in this zone."""
        self.due_at = min((_midnight(day, zone) - ANNOUNCED_BEFORE for day, _ in self._to_announce()), default=None)
        return []

    def announce(self, now: datetime, zone: ZoneInfo) -> list[Event]:
        """Of each planned version once, also where its day is another one later."""
        near = [
            (day, one)
            for day, one in sorted(self._to_announce(), key=lambda found: (found[0], found[1].name))
            if _midnight(day, zone) - ANNOUNCED_BEFORE <= now
        ]
        self.announced = sorted({*self.announced, *(spelt_version(one.name) for _, one in near)})
        self.plan(zone)
        return [
            ProductReleaseUpcoming(
                subject=self.id,
                time=now,
                product=self.name,
                names=[self.key, *self.names],
                version=one.name,
                predecessors=self._supported_before(day),
                goes_live_at=_midnight(day, zone),
            )
            for day, one in near
        ]

    def _to_announce(self) -> list[tuple[date, ProductVersion]]:
        if not self.active:
            return []
        planned = [one for one in self.versions if one.status == VersionStatus.PLANNED]
        return [
            (one.released, one) for one in planned if one.released and spelt_version(one.name) not in self.announced
        ]

    def _supported_before(self, day: date) -> list[str]:
        """Those of which nobody knows the day last."""
        found = [one for one in self.versions if one.status == VersionStatus.SUPPORTED]
        before = [one for one in found if one.released is None or one.released < day]
        return [one.name for one in sorted(before, key=lambda one: one.released or date.min, reverse=True)]

    def check(self) -> None:
        """Raises Invalid."""
        for one, place in ((self, "body.name_zh"), *((one, "body.modules") for one in self.modules)):
            if not one.name:
                raise Invalid("`name_zh` or `name_en` is required", "`name_zh` 和 `name_en` 至少填写一项", place)
        for names, place in (
            (_keys_of(self.modules), "body.modules"),
            ((spelt(one.name) for one in self.versions), "body.versions"),
        ):
            if twice := _twice(names):
                raise Invalid(f"{twice} is there twice", f"{twice} 重复", place)
        if len(self.model_dump_json().encode()) > PRODUCT_BYTES:
            raise Invalid(
                f"A product can have at most {PRODUCT_BYTES} bytes", f"每个产品最多 {PRODUCT_BYTES} 字节", "body"
            )


def new_product(id: str, facts: Mapping[str, object], by: str, now: datetime) -> Product:
    """Raises Invalid."""
    product = Product.model_validate({**facts, "id": id, "added_at": now, "added_by": by})
    product.check()
    return product


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def spelt(name: str) -> str:
    """A name as it is compared: without width, case, blanks and hyphens."""
    known = plain(name, NAME_CHARACTERS).casefold()
    return known.translate(BETWEEN) or known.strip()


def spelt_version(name: str) -> str:
    """The same of a version, with or without the `V` before its number."""
    known = spelt(name)
    return known[1:] if known[:1] == "v" and known[1:2].isdigit() else known


def _keys_of(modules: Sequence[Module]) -> Iterator[str]:
    """Of each module, what no other one of its product can have, each once."""
    for one in modules:
        yield from dict.fromkeys([f"key {one.key}", *map(spelt, one.names)])


def _twice(names: Iterator[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""
