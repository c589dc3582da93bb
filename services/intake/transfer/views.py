"""Imports as people send and see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints

from services.intake.tickets.values import Attachment
from services.intake.transfer.domain import (
    MAX_PARTS,
    Import,
    ImportFormat,
    ImportState,
    OpenTickets,
    Part,
    RowOutcome,
    RowResult,
    Sum,
    counts,
)
from shared.http import Body, View, example
from shared.store import Row
from shared.terms import Line, Whole

Source = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Zone = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class NewImport(Body):
    model_config = example(source="zammad", format="zammad", zone="Asia/Shanghai", open_tickets="open")

    source: Source
    """What the other desk is called here: always the same, since with it a ticket is known again"""
    format: ImportFormat
    """csv: sheets with our columns; jsonl: an object on each line; zammad: what its API answers; osticket: its tables,
    or the sheet of a queue"""
    zone: Zone = "UTC"
    """The time zone of moments without an offset, and of the years in numbers"""
    open_tickets: OpenTickets = OpenTickets.REFUSE
    """What becomes of tickets that are open there: refuse, or open (here, with clocks that run from then on)"""
    closed_states: list[Line] = Field(default_factory=list, max_length=50)
    """States of the other desk that mean that a ticket is closed, besides those that it comes with"""


class PartBody(Body):
    model_config = example(
        text="工单编号,标题,状态,提交时间,完成时间\n1001,导出失败,已关闭,2024-05-06 09:00,2024-05-07 10:00\n"
    )

    text: Annotated[str, Field(max_length=900_000)] = ""
    """A sheet (CSV with a line of column names), or objects on lines"""
    tables: dict[Annotated[str, Field(max_length=60)], list[dict[str, Any]]] = Field(
        default_factory=dict, max_length=20
    )
    """Rows by the names of their tables. Of Zammad `tickets`, `articles` and `users`, as its API gives them with
    `expand=true`, and what it answers of `tags` and `links`, with the `ticket_id` beside it; of osTicket `ost_ticket`,
    `ost_ticket__cdata`, `ost_ticket_status`, `ost_thread`, `ost_thread_entry`, `ost_attachment`, `ost_user`,
    `ost_user_email`, `ost_organization` and `ost_staff`. A part has all that belongs to its tickets, 500 at most"""


class ImportStart(Body):
    model_config = example(parts=1)

    parts: Annotated[Whole, Field(ge=1, le=MAX_PARTS)]
    """How many parts there are, so that none is forgotten"""


class CountsView(View):
    """How many rows have become what; before the start, what would become of them."""

    created: int
    """New tickets"""
    same: int
    """Tickets that were taken over before"""
    differs: int
    """Tickets that were taken over before and say something else there now; they stay as they are"""
    refused: int
    """Rows that cannot be taken over"""

    @classmethod
    def of(cls, found: Mapping[RowOutcome, int]) -> Self:
        return cls(**{outcome.value: number for outcome, number in found.items()})


class SumView(View):
    """Of the tickets of one state there that were opened in one month."""

    state: str
    """The other desk's word; empty for rows that could not be read"""
    month: str
    """As 2024-05"""
    read: int
    """Rows"""
    refused: int
    """Of them those that were refused"""
    there: int
    """Tickets, counted on this desk; before the start none"""
    messages: int
    """Messages in the rows that were not refused"""
    messages_there: int
    """Messages, counted on this desk"""
    agrees: bool
    """Whether every row was refused or is there, and no message is missing"""


class ImportView(View):
    """An import, and what came of it."""

    id: str
    """Its id"""
    version: int
    """Counts its changes; the ETag names it"""
    source: str
    """What the other desk is called here"""
    format: ImportFormat
    """csv, jsonl, zammad or osticket"""
    zone: str
    """The time zone of moments without an offset"""
    open_tickets: OpenTickets
    """What becomes of open tickets: refuse or open"""
    closed_states: list[str]
    """Words of the other desk for closed"""
    state: ImportState
    """collecting, running, finished or expired"""
    created_by: str
    """Who began it, as a subject"""
    created_at: datetime
    """When"""
    started_by: str
    """Who started it, as a subject; empty before"""
    started_at: datetime | None
    """When; null before"""
    finished_at: datetime | None
    """When it was finished; null before"""

    @classmethod
    def of(cls, job: Import) -> Self:
        return cls.model_validate(job)


class ImportReportView(ImportView):
    parts: int
    """Parts that have come"""
    parts_taken: int
    """Those that were taken"""
    counts: CountsView
    """What became of the rows"""
    sums: list[SumView]
    """The same by state and month, counted there and here"""
    links: int
    """Links between tickets in the rows that were not refused"""
    links_there: int
    """How many of them are relations on this desk; not those to tickets that it does not have"""
    reconciled: bool
    """Whether it is finished, and all sums agree"""

    @classmethod
    def of_report(cls, job: Import, rows: Sequence[Row], sums: Sequence[Sum]) -> Self:
        found = [RowOutcome.of(one["outcome"]) for row in rows for one in row["results"]]
        known = ImportView.of(job).model_dump()
        return cls(
            **known,
            parts=len(rows),
            parts_taken=sum(row.get("taken_at") is not None for row in rows),
            counts=CountsView.of({outcome: found.count(outcome) for outcome in RowOutcome}),
            sums=[SumView.model_validate(one) for one in sums],
            links=sum(row.get("links_read", 0) for row in rows),
            links_there=sum(row.get("links_there", 0) for row in rows),
            reconciled=job.state is ImportState.FINISHED and all(one.agrees for one in sums),
        )


class RowResultView(View):
    row: int
    """Which row, the first being 1"""
    external_id: str
    """What it is called there"""
    outcome: RowOutcome
    """created, same, differs or refused"""
    ticket: str
    """The number of the ticket; empty while there is none"""
    files: int
    """How many files it has there"""
    files_there: int
    """How many of them the ticket has here"""
    reason: str
    """Why it was refused, or what differs; empty otherwise"""

    @classmethod
    def of(cls, row: RowResult, language: str, files_there: int) -> Self:
        reason = row.zh if language.startswith("zh") else row.en
        return cls.model_validate({**row.model_dump(), "reason": reason, "files_there": files_there})


class PartView(View):
    """A part of an import: what became of its rows, or would become of them."""

    number: int
    """Which, the first being 1"""
    taken_at: datetime | None
    """When it was taken; null while it only was looked at"""
    counts: CountsView
    """How many rows have become what"""
    rows: list[RowResultView]
    """Each row, in order"""

    @classmethod
    def of(cls, part: Part, language: str, files: Mapping[str, int]) -> Self:
        """`files` are how many there are here, by what their tickets are called there."""
        return cls(
            number=part.number,
            taken_at=part.taken_at,
            counts=CountsView.of(counts(part.results)),
            rows=[RowResultView.of(row, language, files.get(row.external_id, 0)) for row in part.results],
        )


class ImportedFileView(View):
    """A file that was taken over."""

    ticket: str
    """The number of its ticket"""
    attachment: str
    """Its id on that ticket"""
    name: str
    """Its name"""
    size: int
    """Bytes"""
    sha256: str
    """Of its content, in hexadecimal"""
    internal: bool
    """Whether staff alone see it"""

    @classmethod
    def of(cls, ticket: str, file: Attachment) -> Self:
        return cls.model_validate({**file.model_dump(), "ticket": ticket, "attachment": file.id})
