"""An import: tickets of another desk come in parts, each is looked at at once and says what would become of its rows;
once all are there a person starts it. A row is known by the other desk's name and its id there, so whatever is done
again changes nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime, Field

from shared.domain import Aggregate, Conflict, Value
from shared.events import Event, ImportPartTaken, RelationKind, TicketSummary
from shared.terms import Term, Text

MAX_PARTS = 2_000
MAX_ROWS = 500  # of a part
KEPT_FOR = timedelta(days=30)  # the rows of an import that nobody starts
MOST_SUMS = 2_000
EVENT_BYTES = 600_000  # of tickets in one event, so that it never is too large for the bus


class ImportFormat(Term):
    CSV = "csv", "CSV", "CSV"
    JSONL = "jsonl", "JSON lines", "JSON Lines"
    ZAMMAD = "zammad", "Zammad", "Zammad"
    OSTICKET = "osticket", "osTicket", "osTicket"


class OpenTickets(Term):
    """What becomes of tickets that are still open on the other desk."""

    REFUSE = "refuse", "refused", "拒绝"
    OPEN = "open", "opened here", "在本系统中打开"


class ImportState(Term):
    COLLECTING = "collecting", "collecting", "收集中"
    RUNNING = "running", "running", "导入中"
    FINISHED = "finished", "finished", "已完成"
    EXPIRED = "expired", "expired", "已过期"


class RowOutcome(Term):
    CREATED = "created", "created", "新建"
    SAME = "same", "there already", "已存在"
    DIFFERS = "differs", "there already, and different", "已存在但内容不同"
    REFUSED = "refused", "refused", "拒绝"


class NotCollecting(Conflict):
    title = Text("The import has been started", "导入已开始")


class PartsMissing(Conflict):
    title = Text("Parts are missing", "缺少批次")


class RowResult(Value):
    """What became of a row, the first being 1; of a part that is not taken yet, what would. `files` is how many the
    ticket has there. A reason says why it was refused, or what differs, and nothing of what the row says."""

    row: int
    external_id: str
    outcome: RowOutcome
    ticket: str = ""
    files: int = 0
    en: str = ""
    zh: str = ""


class Sum(Value):
    """Of the tickets of one state there that were opened in one month: how many were read, how many of them refused,
    how many the desk has, counted there, and how many messages were read and are there."""

    state: str
    month: str
    read: int = 0
    refused: int = 0
    there: int = 0
    messages: int = 0
    messages_there: int = 0

    @property
    def agrees(self) -> bool:
        """Tickets that are open here may have got more messages since."""
        return self.read == self.refused + self.there and self.messages <= self.messages_there


class PartLink(Value):
    """That a ticket there is linked to another one; both by what they are called there."""

    of: str
    to: str
    kind: RelationKind
    words: str = ""


class Part(Aggregate):
    """`rows` are there until they are taken: each a ticket, or why it is none. `links` are those that are
    not made yet, which happens once all parts are taken; `linked` counts those that were looked at."""

    run: str
    number: int
    rows: list[dict[str, Any]] = Field(default_factory=list)
    results: list[RowResult] = Field(default_factory=list)
    sums: list[Sum] = Field(default_factory=list)
    links: list[PartLink] = Field(default_factory=list)
    links_read: int = 0
    linked: int = 0
    links_there: int = 0
    taken_at: AwareDatetime | None = None

    def replace(self, other: "Part") -> list[Event]:
        """Sent once more before the start, perhaps with something mended."""
        if self.taken_at is None:
            self.rows, self.results, self.sums = other.rows, other.results, other.sums
            self.links, self.links_read = other.links, other.links_read
        return []

    def take(
        self,
        results: list[RowResult],
        sums: list[Sum],
        taken: Sequence[TicketSummary],
        source: str,
        now: datetime,
    ) -> list[Event]:
        """`taken` are the tickets that are new by it, and history."""
        if self.taken_at is not None:
            return []
        self.rows, self.results, self.sums, self.taken_at = [], results, sums, now
        refused = {one.external_id for one in results if one.outcome is RowOutcome.REFUSED}
        self.links = [one for one in self.links if one.of not in refused]
        self.links_read = len(self.links)
        known = {"subject": self.run, "time": now, "imported_from": source, "part": self.number}
        return [ImportPartTaken(**known, tickets=some) for some in in_events(taken)]

    def link(self, begin: int, count: int, there: int) -> list[Event]:
        """So many, from this one on, were looked at."""
        if self.linked == begin:
            self.links = self.links[count:]
            self.linked, self.links_there = begin + count, self.links_there + there
        return []

    def forget(self) -> list[Event]:
        """What it says of people."""
        self.rows, self.links = [], []
        return []


class Import(Aggregate):
    """`source` is what the other desk is called here, always the same one; `closed_states` are its own words for
    closed. `parts` is how many there are, once it was started."""

    source: str
    format: ImportFormat
    zone: str
    open_tickets: OpenTickets = OpenTickets.REFUSE
    closed_states: list[str] = Field(default_factory=list)
    state: ImportState = ImportState.COLLECTING
    parts: int = 0
    created_by: str
    created_at: AwareDatetime
    started_by: str = ""
    started_at: AwareDatetime | None = None
    finished_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None

    def require_collecting(self) -> None:
        """Raises NotCollecting."""
        if self.state is not ImportState.COLLECTING:
            raise NotCollecting(
                f"{self.id} is {self.state.label.en}; begin another one", f"{self.id} {self.state.label.zh}，请新建导入"
            )

    def start(self, parts: int, there: Sequence[int], by: str, now: datetime) -> list[Event]:
        """`there` are the numbers of the parts that came. Raises NotCollecting, PartsMissing."""
        self.require_collecting()
        if missing := sorted(set(range(1, parts + 1)) - set(there)):
            named = ", ".join(map(str, missing[:20]))
            raise PartsMissing(f"These parts are missing: {named}", f"缺少以下批次：{named}")
        if more := [number for number in there if number > parts]:
            named = ", ".join(map(str, more[:20]))
            raise PartsMissing(f"These parts are more than you said: {named}", f"以下批次超出所填数量：{named}")
        self.state, self.parts, self.started_by, self.started_at, self.due_at = ImportState.RUNNING, parts, by, now, now
        return []

    def go_on(self, is_done: bool, now: datetime) -> list[Event]:
        """A part was taken, and perhaps it was the last."""
        if self.state is ImportState.RUNNING:
            self.due_at = None if is_done else now
            if is_done:
                self.state, self.finished_at = ImportState.FINISHED, now
        return []

    def expire(self) -> list[Event]:
        if self.state is ImportState.COLLECTING:
            self.state, self.due_at = ImportState.EXPIRED, None
        return []


def part_id(run: str, number: int) -> str:
    return f"{run}.{number:05d}"


def ticket_key(source: str, external_id: str) -> str:
    """No two tickets have the same."""
    return f"import {source}/{external_id}"


def in_events(taken: Sequence[TicketSummary]) -> Iterator[list[TicketSummary]]:
    """In their order, as many together as there is room for: a customer's history is changed once for each event."""
    some: list[TicketSummary] = []
    room = EVENT_BYTES
    for one in taken:
        size = len(one.model_dump_json().encode())
        if some and (len(some) == MAX_ROWS or size > room):
            yield some
            some, room = [], EVENT_BYTES
        some.append(one)
        room -= size
    if some:
        yield some


def counts(results: Iterable[RowResult]) -> dict[RowOutcome, int]:
    found = Counter(one.outcome for one in results)
    return {outcome: found[outcome] for outcome in RowOutcome}


def added_up(sums: Iterable[Sum]) -> list[Sum]:
    """One for each state and month, in order."""
    found: dict[tuple[str, str], Sum] = {}
    for one in sums:
        known = found.setdefault((one.state, one.month), Sum(state=one.state, month=one.month))
        for name in ("read", "refused", "there", "messages", "messages_there"):
            setattr(known, name, getattr(known, name) + getattr(one, name))
    return [found[key] for key in sorted(found)][:MOST_SUMS]
