"""What companies' and people's records have in common: what nobody else can have, merging, and what follows from both.

A key (`mail:a@b.example`, `company:华东贸易有限公司`) belongs to one record at most, which the store sees to. A
telephone number is no key, since offices share theirs: it is a hint. A merge is a pointer and copies nothing, so it can
be undone.
"""

import hashlib
from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime, Field

from services.intake.directory.names import normal
from shared.domain import Aggregate, Conflict, Value
from shared.events import Event
from shared.phones import e164
from shared.terms import Text

MAX_PHONES = 20
MAX_MERGES = 20  # that are kept on record, the newest


class AlreadyRecorded(Conflict):
    """Another record has one of these keys."""

    title = Text("Already recorded", "记录已存在")


class AlreadyOne(Conflict):
    title = Text("Already the same record", "两条记录已是同一条")


class WasMerged(Conflict):
    title = Text("The record was merged into another", "该记录已并入其他记录")


class Merge(Value):
    """That somebody said that the record is the same as another, and that it was undone."""

    into: str
    reason: str
    by: str
    at: AwareDatetime
    undone_by: str = ""
    undone_at: AwareDatetime | None = None
    undone_reason: str = ""


class Party(Aggregate):
    """`joined` says which histories were made one because of this record (`customers/`): whose, and with whose. Where
    that may have changed, `due_at` is when it is looked at."""

    prefix: ClassVar[str] = ""

    name: str
    phones: list[str] = Field(default_factory=list)
    notes: str = ""
    into: str = ""
    merges: list[Merge] = Field(default_factory=list)
    joined: dict[str, str] = Field(default_factory=dict)
    added_at: AwareDatetime
    added_by: str = ""
    due_at: AwareDatetime | None = None

    @property
    def keys(self) -> list[str]:
        """What no other record can have; one at least."""
        return [f"id:{self.id}"]

    @property
    def hints(self) -> list[str]:
        """By what others are found that may have to do with it."""
        return [f"phone:{phone}" for phone in self.phones] + ([f"into:{self.into}"] if self.into else [])

    @property
    def order(self) -> str:
        """By which lists are sorted: printable, as cursors have to be."""
        return normal(self.name)

    @property
    def others(self) -> list[str]:
        """Customers whose tickets are its tickets: those of its names or addresses, as `customers/` calls them before
        there is a record."""
        return []

    @property
    def own(self) -> str:
        """The customer whose tickets are its tickets."""
        return own_customer(self.id)

    @property
    def wanted(self) -> dict[str, str]:
        """Whose histories are one with whose, because of this record."""
        found = {other: self.own for other in self.others if other != self.own}
        return found | ({self.own: own_customer(self.into)} if self.into else {})

    def amend(self, facts: dict[str, object], now: datetime) -> list[Event]:
        """Raises WasMerged, and what `check` raises."""
        if self.into:
            raise WasMerged(
                f"{self.id} was merged into {self.into}; change that one", f"{self.id} 已并入 {self.into}，请修改后者"
            )
        for name, value in facts.items():
            setattr(self, name, value)
        self.check()
        return self.follow_soon(now)

    def check(self) -> None:
        """Raises Invalid for what cannot be."""

    def follow_soon(self, now: datetime) -> list[Event]:
        if self.wanted != self.joined:
            self.due_at = now
        return []

    def followed(self, joined: dict[str, str], seen: int) -> list[Event]:
        """The histories are these, as was asked for by the version that was seen."""
        self.joined = joined
        if self.version == seen:
            self.due_at = None
        return []

    def merge(self, into: str, reason: str, by: str, now: datetime) -> list[Event]:
        """Raises AlreadyOne where it is another's already."""
        if self.into == into:
            return []
        if self.into:
            raise AlreadyOne(f"{self.id} is merged into {self.into}", f"{self.id} 已并入 {self.into}")
        self.into = into
        self.merges = [*self.merges, Merge(into=into, reason=reason, by=by, at=now)][-MAX_MERGES:]
        return self.follow_soon(now)

    def unmerge(self, reason: str, by: str, now: datetime) -> list[Event]:
        """They are two again."""
        if not self.into:
            return []
        self.into = ""
        if self.merges:
            undone = {"undone_by": by, "undone_at": now, "undone_reason": reason}
            self.merges = [*self.merges[:-1], self.merges[-1].model_copy(update=undone)]
        return self.follow_soon(now)


def record_id(prefix: str, known: str, attempt: int = 0) -> str:
    """Of what a record is known by first: the same each time, so that the customer of the tickets that were opened
    before (customers/identity.py) is its customer. Another `attempt` is for when a record has that id that is known by
    something else now."""
    return f"{prefix}{digest(f'{known} {attempt}' if attempt else known)}"


def digest(known: str) -> str:
    return hashlib.sha256(known.encode()).hexdigest()[:20]


def own_customer(id: str) -> str:
    return f"C-{id.rpartition('-')[2]}" if id else ""


def numbers(written: list[str]) -> list[str]:
    """As E.164, each once; without those that are none."""
    return list(dict.fromkeys(number for one in written if (number := e164(one))))
