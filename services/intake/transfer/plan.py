"""What becomes of rows, before anything is written: the same for a look at them and for the import itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.intake.transfer.domain import PartLink, RowOutcome, RowResult, Sum, added_up
from services.intake.transfer.rows import STILL_OPEN, TWICE, BadRow, ImportedTicket, Read
from shared.terms import Text

CHANGED_THERE = Text(
    "It was taken over before and says something else there now; nothing is changed here",
    "该工单已导入，原系统中的内容此后有变化；本系统不作更改",
)


@dataclass(frozen=True)
class Known:
    """A ticket that the desk has: its number, what was read of it, and whether this import brought it."""

    ticket: str
    digest: str
    is_ours: bool


@dataclass
class Planned:
    """A row, where it could be read, and what becomes of it."""

    row: ImportedTicket | None
    result: RowResult

    def refuse(self, why: Text) -> None:
        update = {"outcome": RowOutcome.REFUSED, "en": why.en, "zh": why.zh, "ticket": ""}
        self.result = self.result.model_copy(update=update)

    def is_there(self, ticket: str, is_ours: bool) -> None:
        outcome = RowOutcome.CREATED if is_ours else RowOutcome.SAME
        self.result = self.result.model_copy(update={"outcome": outcome, "ticket": ticket})


def plan(read: Read, known: Mapping[str, Known], refuse_open: bool) -> list[Planned]:
    found: list[Planned] = []
    seen: set[str] = set()
    for number, row in enumerate(read, start=1):
        result = RowResult(row=number, external_id=row.external_id, outcome=RowOutcome.CREATED)
        if isinstance(row, BadRow):
            one = Planned(None, result)
            one.refuse(Text(row.en, row.zh))
        else:
            one = Planned(row, result.model_copy(update={"files": row.files}))
            _decide(one, row, known.get(row.external_id), row.external_id in seen, refuse_open)
            seen.add(row.external_id)
        found.append(one)
    return found


def _decide(one: Planned, row: ImportedTicket, known: Known | None, is_second: bool, refuse_open: bool) -> None:
    if is_second:
        one.refuse(TWICE)
    elif known and not known.is_ours and known.digest != row.digest:
        differs = {"outcome": RowOutcome.DIFFERS, "ticket": known.ticket}
        one.result = one.result.model_copy(update={**differs, "en": CHANGED_THERE.en, "zh": CHANGED_THERE.zh})
    elif known:
        one.is_there(known.ticket, known.is_ours)
    elif row.is_open and refuse_open:
        one.refuse(STILL_OPEN)


def links_of(planned: Sequence[Planned]) -> list[PartLink]:
    return [
        PartLink(of=one.row.external_id, to=link.external_id, kind=link.kind, words=link.words)
        for one in planned
        if one.row
        for link in one.row.links
    ]


def sums_of(planned: Sequence[Planned], there: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> list[Sum]:
    """What was read, and what the desk has of it, each counted for itself. Rows that could not be read have neither
    state nor month."""
    found: list[Sum] = []
    for one in planned:
        refused = int(one.result.outcome is RowOutcome.REFUSED)
        if one.row is None:
            found.append(Sum(state="", month="", read=1, refused=1))
            continue
        messages = 0 if refused else one.row.entries
        month = _month(one.row.opened_at, zone)
        found.append(Sum(state=one.row.state, month=month, read=1, refused=refused, messages=messages))
    for row in there:
        state, month = row["external"]["state"], _month(row["opened_at"], zone)
        found.append(Sum(state=state, month=month, there=1, messages_there=len(row.get("messages") or ())))
    return added_up(found)


def _month(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m")
