"""Tickets on their way out: read a page at a time, in the order in which they were opened, so that nothing is left out
and nothing comes twice while others go on working, and no more is in memory than a page."""

from collections.abc import AsyncIterator, Callable, Mapping
from zoneinfo import ZoneInfo

from services.intake.tickets.access import TicketView
from services.intake.tickets.domain import Ticket
from services.intake.tickets.handlers import TicketHandlers
from services.intake.transfer.columns import FIELDS, heads, values
from shared.cells import BOM, line
from shared.store import Row, Span

PAGE = 200  # tickets
AT_ONCE = 4_000_000  # bytes of whole tickets
Wanted = Mapping[str, str | list[str]]
Allow = Callable[[str, str], bool]  # whether a ticket of this owner and this company may leave


async def csv_of(
    tickets: TicketHandlers, wanted: Wanted, opened: Span, allow: Allow, zone: ZoneInfo, language: str
) -> AsyncIterator[str]:
    """A sheet as spreadsheets read it (RFC 4180), in UTF-8 with its mark."""
    yield BOM + line(heads(language))
    async for rows in _pages(tickets, wanted, opened, FIELDS):
        yield "".join(line(values(row, zone)) for row in rows if _may_leave(row, allow))


async def jsonl_of(tickets: TicketHandlers, wanted: Wanted, opened: Span, allow: Allow) -> AsyncIterator[str]:
    """Whole tickets, as staff see them, one on a line."""
    async for rows in _pages(tickets, wanted, opened, ("_bytes", "contact.sub", "company")):
        part: list[str] = []
        size = 0
        for row in [one for one in rows if _may_leave(one, allow)]:
            if part and size + row.get("_bytes", 0) > AT_ONCE:
                yield await _whole(tickets, part)
                part, size = [], 0
            part.append(row["id"])
            size += row.get("_bytes", 0)
        if part:
            yield await _whole(tickets, part)


async def _pages(
    tickets: TicketHandlers, wanted: Wanted, opened: Span, fields: tuple[str, ...]
) -> AsyncIterator[list[Row]]:
    after: str | None = None
    while True:
        rows, after = await tickets.store.oldest(wanted, opened, after, PAGE, fields)
        yield rows
        if after is None:
            return


async def _whole(tickets: TicketHandlers, ids: list[str]) -> str:
    found: dict[str, Ticket] = {one.id: one for one in await tickets.store.where({"_id": {"$in": ids}})}
    return "".join(f"{TicketView.for_staff(found[id]).model_dump_json()}\n" for id in ids if id in found)


def _may_leave(row: Row, allow: Allow) -> bool:
    return allow(row["contact"].get("sub") or "", row["company"])
