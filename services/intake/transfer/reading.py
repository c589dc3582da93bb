"""Parts of imports, in the words of whichever desk they come from."""

import json
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from services.intake.transfer import osticket, sheets, zammad
from services.intake.transfer.domain import MAX_ROWS, ImportFormat
from services.intake.transfer.rows import BadRow, ImportedTicket, Read
from services.intake.transfer.tables import Tables, text_at
from shared.domain import Invalid

TABLES = {ImportFormat.ZAMMAD: zammad.TABLES, ImportFormat.OSTICKET: osticket.TABLES}
TICKETS = {ImportFormat.ZAMMAD: ("tickets",), ImportFormat.OSTICKET: ("ticket", "ost_ticket")}


def read(format: ImportFormat, text: str, tables: Tables, zone: ZoneInfo, closed: frozenset[str]) -> Read:
    """`closed` are words of the other desk, in small letters. Raises Invalid where that is no part of such
    an import."""
    if bool(text) == bool(tables):
        raise Invalid("Send either `text` or `tables`", "`text` 和 `tables` 请填写其中一项", "body.text")
    if tables:
        found = _of_tables(format, tables, zone, closed)
    elif format is ImportFormat.ZAMMAD:
        raise Invalid("An import from Zammad has `tables`", "Zammad 导入请填写 `tables`", "body.tables")
    elif format is ImportFormat.JSONL:
        found = _of_lines(text)
    else:
        found = sheets.read(text, zone, closed, own=format is ImportFormat.CSV, most=MAX_ROWS)
    if not found:
        raise Invalid("There is no ticket in this part", "本批次中没有工单", "body")
    return found


def _of_tables(format: ImportFormat, tables: Tables, zone: ZoneInfo, closed: frozenset[str]) -> Read:
    known = TABLES.get(format)
    if known is None:
        raise Invalid(f"An import of {format.label.en} has `text`", f"{format.label.zh} 导入请填写 `text`", "body.text")
    if unknown := sorted(set(tables) - known):
        named = ", ".join(name[:40] for name in unknown[:10])
        raise Invalid(f"Unknown tables: {named}", f"无法识别的数据表：{named}", "body.tables")
    if sum(len(tables.get(name, ())) for name in TICKETS[format]) > MAX_ROWS:
        raise _too_many()
    if format is ImportFormat.ZAMMAD:
        return zammad.read(tables, zone, closed)
    return osticket.read(tables, zone, closed)


def _of_lines(text: str) -> Read:
    """Objects with the fields of `ImportedTicket`."""
    lines = [line for line in text.removeprefix("\ufeff").split("\n") if line.strip()]
    if len(lines) > MAX_ROWS:
        raise _too_many()
    return [_of_line(line) for line in lines]


def _of_line(line: str) -> ImportedTicket | BadRow:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        return BadRow(en="The line is no JSON object", zh="该行不是 JSON 对象")
    try:
        return ImportedTicket.model_validate(row)
    except ValidationError as error:
        return BadRow.of(text_at(row, "external_id"), error)


def _too_many() -> Invalid:
    return Invalid(f"At most {MAX_ROWS} tickets in a part", f"每批最多 {MAX_ROWS} 个工单", "body")
