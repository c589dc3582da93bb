"""Searching tickets over HTTP."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Request
from pydantic import Field, StringConstraints

from services.intake.tickets.access import TicketsDep
from services.intake.tickets.api_list import TicketRow
from services.intake.tickets.search import MOST_COUNTED, Found, TicketSearch
from services.intake.tickets.searched import (
    CHANGED,
    COMPLETED,
    NOTED,
    OPENED,
    PUBLIC,
    heads,
    internal_texts,
    keyword,
    phone_keyword,
    public_texts,
    sort_key,
)
from shared.auth import Scope
from shared.domain import Forbidden
from shared.http import Body, Caller, Page, View, example, may
from shared.http.models import Cursor
from shared.search import Wanted, Word, snippet, words_of
from shared.store import Row
from shared.terms import (
    SUBJECT_LENGTH,
    Category,
    Channel,
    Id,
    Known,
    Moment,
    OptionalLine,
    Outcome,
    Priority,
    Satisfaction,
    Stage,
    Status,
    WaitingFor,
)

router = APIRouter(tags=["tickets"])
MAX_QUESTION = 200  # characters
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ().\-]{4,40}$")]


class TicketSearchBody(Body):
    """What is looked for. A ticket is found that has every word of `text`, and everything else that is asked for."""

    model_config = example(text="Win11 导出失败", status="in_progress", sort="best")

    text: OptionalLine = ""
    """Words, in Chinese or English: of titles, descriptions, error texts, messages, solutions, file names; numbers of
    tickets, telephone numbers, versions, error codes, names. Only staff find internal notes. 16 words count"""
    status: Status | None = None
    """Only tickets with this status"""
    stage: Known[Stage] | None = None
    """Only tickets at this stage"""
    waiting_for: Known[WaitingFor] | None = None
    """Only tickets that wait for this"""
    category: Known[Category] | None = None
    """Only this kind of problem"""
    priority: Known[Priority] | None = None
    """Only tickets with this priority"""
    channel: Known[Channel] | None = None
    """Only tickets that were opened this way"""
    satisfaction: Known[Satisfaction] | None = None
    """Only tickets with this rating"""
    outcome: Known[Outcome] | None = None
    """Only tickets that ended so"""
    customer: Id | None = None
    """Only of this customer, by id, and all merged into it"""
    company: OptionalLine | None = None
    """Only of this company; empty: only of nobody's"""
    contact: OptionalLine | None = None
    """Only with this contact: the name, the mail address or the subject, in full"""
    phone: Phone | None = None
    """Only with a contact of this telephone number, or whose number ends so; however it is written"""
    assignee: Annotated[str, StringConstraints(max_length=SUBJECT_LENGTH)] | None = None
    """Only of this engineer, as a subject; empty: only of nobody"""
    product: OptionalLine | None = None
    """Only about this product, by its full name"""
    product_version: OptionalLine | None = None
    """Only about this version, in full"""
    module: OptionalLine | None = None
    """Only about this part of the product"""
    fingerprint: Annotated[str, StringConstraints(max_length=100)] | None = None
    """Only with this fingerprint of an error"""
    opened_after: Moment | None = None
    """Only tickets opened then or later"""
    opened_before: Moment | None = None
    """Only tickets opened earlier"""
    updated_after: Moment | None = None
    """Only tickets that were changed last then or later"""
    updated_before: Moment | None = None
    """Only tickets that were changed last earlier"""
    completed_after: Moment | None = None
    """Only tickets completed then or later"""
    completed_before: Moment | None = None
    """Only tickets completed earlier"""
    sort: Found = Found.BEST
    """Which come first. `best`: tickets with all words in their number, title, product or names, then all others, the
    newest of each first"""
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
        texts = [*heads(row), *public_texts(row), *(internal_texts(row) if by_staff else ())]
        found = snippet(texts, words) if words else None
        view = SnippetView.model_validate(found) if found else None
        return cls.of(row).model_copy(update={"snippet": view})


class FoundTickets(Page[FoundTicket]):
    total: int = Field(description=f"How many there are; of more than {MOST_COUNTED} it is that number", examples=[2])
    complete: bool = Field(
        description="False while this replica still builds its index: there may be more", examples=[True]
    )


async def search_of(request: Request) -> TicketSearch:
    found: TicketSearch = request.app.state.service.search
    return found


@router.post("/v1/ticket-searches")
async def search_tickets(
    body: TicketSearchBody,
    tickets: TicketsDep,
    search: Annotated[TicketSearch, Depends(search_of)],
    caller: Annotated[Caller, may("ticket:read")],
) -> FoundTickets:
    """Search for tickets: the caller's own, their company's, or all, depending on their role. A change is found about a
    second later. What is looked for stands in the body, so that names and numbers are in no log of addresses."""
    words = words_of(body.text, MAX_QUESTION)
    if body.text and not words:  # nothing but punctuation
        return FoundTickets(items=[], next=None, total=0, complete=search.follower.is_complete)
    by_staff = caller.sees_all("ticket:read")
    keywords = _keywords(body)
    if body.customer:
        keywords["customer"] = await tickets.customers.ids_of(body.customer)
    scope, own_company = caller.scope_of("ticket:read"), caller.principal.company
    if scope is Scope.COMPANY and own_company:
        keywords["company"] = [own_company] if body.company in (None, own_company) else []
    elif scope is not Scope.ALL:
        keywords["owner"] = [caller.sub]
    wanted = Wanted(tuple(words), (*PUBLIC, NOTED) if by_staff else PUBLIC, keywords, _numbers(body))
    found = await search.find(wanted, body.sort, body.after, body.limit)
    rows = [FoundTicket.of_row(row, words, by_staff) for row in found.rows if _may_read(caller, row)]
    return FoundTickets(items=rows, next=found.next, total=found.total, complete=found.complete)


def _keywords(body: TicketSearchBody) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in ("status", "stage", "waiting_for", "category", "priority", "channel", "satisfaction", "outcome"):
        if (value := getattr(body, name)) is not None:
            found[name] = [value.value]
    for name in ("company", "assignee", "fingerprint"):
        if (value := getattr(body, name)) is not None:
            found[name] = [value]
    for name in ("contact", "product", "product_version", "module"):
        if (value := getattr(body, name)) is not None:
            found[name] = [keyword(value)]
    if body.phone is not None:
        found["phone"] = [phone_keyword(body.phone)]
    return found


def _numbers(body: TicketSearchBody) -> dict[str, tuple[int | None, int | None]]:
    spans = {
        OPENED: (body.opened_after, body.opened_before),
        CHANGED: (body.updated_after, body.updated_before),
        COMPLETED: (body.completed_after, body.completed_before),
    }
    return {
        name: (sort_key(since) if since else None, sort_key(before) - 1 if before else None)
        for name, (since, before) in spans.items()
        if since or before
    }


def _may_read(caller: Caller, row: Row) -> bool:
    """The index may be a second behind."""
    try:
        caller.check("ticket:read", row["contact"].get("sub") or "", row["company"])
    except Forbidden:
        return False
    return True
