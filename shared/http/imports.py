"""Imports of records over HTTP: what is sent, and the report."""

from collections.abc import Sequence

from pydantic import ValidationError

from shared.domain import Invalid
from shared.http.models import View
from shared.imports import ImportedRow, ImportOutcome


class ImportedRowView(View):
    row: int
    """Which row, the first being 1; the line of column names does not count"""
    outcome: ImportOutcome
    """created, changed, unchanged or refused"""
    id: str
    """The record; empty for a row that was refused"""
    reason: str
    """Why it was refused"""


class ImportReport(View):
    """What became of the rows; of a dry run, what would."""

    dry_run: bool
    """Whether nothing was changed"""
    created: int
    """New records"""
    changed: int
    """Records that were there, and say something else now or more"""
    unchanged: int
    """Records that had all of it"""
    refused: int
    """Rows of which nothing was taken"""
    rows: list[ImportedRowView]
    """Each row, in order"""

    @classmethod
    def of(cls, rows: Sequence[ImportedRow], dry_run: bool, language: str) -> "ImportReport":
        counts = {one.value: sum(row.outcome is one for row in rows) for one in ImportOutcome}
        shown = [
            ImportedRowView(
                row=row.row, outcome=row.outcome, id=row.id, reason=row.reason.in_(language) if row.reason else ""
            )
            for row in rows
        ]
        return cls(dry_run=dry_run, rows=shown, **counts)


def require_one_form(rows: Sequence[object], csv: str) -> None:
    """Raises Invalid unless they are sent either as `rows` or as `csv`."""
    if bool(rows) == bool(csv):
        raise Invalid("Send either `rows` or `csv`", "`rows` 和 `csv` 请填写其中一项", "body.rows")


def not_valid(error: ValidationError) -> Invalid:
    """Which fields of a row are wrong, without what they say."""
    places = ", ".join(dict.fromkeys(str(one["loc"][0]) for one in error.errors(include_input=False) if one["loc"]))
    return Invalid(f"Not valid: {places}", f"内容无效：{places}")
