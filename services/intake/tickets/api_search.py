"""Searching tickets over HTTP."""

from itertools import chain
from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import Field

from services.intake.tickets.access import TicketsDep
from services.intake.tickets.api_list import LISTED, TicketRow, may_read, search_of
from services.intake.tickets.filters import TicketFilters, wanted_of
from services.intake.tickets.search import MOST_COUNTED, TicketSearch
from services.intake.tickets.searched import READ, heads, internal_texts, public_texts
from shared.http import Caller, Page, View, may
from shared.http.models import Cursor
from shared.search import Word, snippet
from shared.store import Row

router = APIRouter(tags=["tickets"])


class TicketSearchBody(TicketFilters):
    """What is looked for, and which page of it. A ticket is found that has every word of `text`, and everything else
    that is asked for."""

    after: Cursor | None = None
    """`next` of the page before, of the same search"""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    """How many a page holds at most"""


class SnippetView(View):
    """A piece of a text with words that were looked for; plain text, in which nothing is escaped."""

    field: str
    """Where it stands: `title`, `description`, `error_text`, `message`, `note` and others"""
    text: str
    """The piece, on one line"""
    marks: list[tuple[int, int]]
    """The words in it: from which character on, up to which, counted in Unicode code points from 0"""


class FoundTicket(TicketRow):
    """A ticket that was found."""

    snippet: SnippetView | None = None
    """Where the words stand; null when none was looked for, or it was found by what is not shown"""

    @classmethod
    def of_row(cls, row: Row, words: list[Word], by_staff: bool) -> Self:
        texts = chain(heads(row), public_texts(row), internal_texts(row) if by_staff else ())
        found = snippet(texts, words) if words else None
        view = SnippetView.model_validate(found) if found else None
        return cls.of(row).model_copy(update={"snippet": view})


class FoundTickets(Page[FoundTicket]):
    total: int = Field(description=f"How many there are; of more than {MOST_COUNTED} it is that number", examples=[2])
    complete: bool = Field(
        description="False while this replica still builds its index: there may be more", examples=[True]
    )


@router.post("/v1/ticket-searches")
async def search_tickets(
    body: TicketSearchBody,
    tickets: TicketsDep,
    search: Annotated[TicketSearch, Depends(search_of)],
    caller: Annotated[Caller, may("ticket:read")],
) -> FoundTickets:
    """Search for tickets: the caller's own, their company's, or all, depending on their role. A change is found about a
    second later. What is looked for stands in the body, so that names and numbers are in no log of addresses."""
    wanted = await wanted_of(body, caller, tickets)
    if wanted is None:
        return FoundTickets(items=[], next=None, total=0, complete=search.follower.is_complete)
    fields = READ if wanted.words else LISTED  # words are shown where they stand
    found = await search.find(wanted, body.sort, body.after, body.limit, fields)
    by_staff = caller.sees_all("ticket:read")
    rows = [FoundTicket.of_row(row, list(wanted.words), by_staff) for row in found.rows if may_read(caller, row)]
    return FoundTickets(items=rows, next=found.next, total=found.total, complete=found.complete)
