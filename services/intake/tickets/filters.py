"""What tickets are searched by, and what that comes to for whoever asks."""

from typing import Annotated

from pydantic import StringConstraints

from services.intake.tickets.handlers import TicketHandlers
from services.intake.tickets.search import Found
from services.intake.tickets.searched import CHANGED, COMPLETED, NOTED, OPENED, PUBLIC, keyword, phone_keyword, sort_key
from shared.auth import Scope
from shared.category_keys import CategoryKey
from shared.http import Body, Caller, example
from shared.search import Wanted, words_of
from shared.terms import (
    SUBJECT_LENGTH,
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

MAX_QUESTION = 200  # characters
MYSELF = "me"
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ().\-]{4,40}$")]


class TicketFilters(Body):
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
    category: CategoryKey | None = None
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
    """Only of this engineer, as a subject; `me` is oneself; empty: only of nobody"""
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
    newest of each first. `updated`: those that were changed last. `priority`: the most urgent, of one priority the
    newest"""


async def wanted_of(filters: TicketFilters, caller: Caller, tickets: TicketHandlers) -> Wanted | None:
    """Of the tickets that the caller may read: their own, their company's, or all. None where nothing is looked for
    but punctuation."""
    words = words_of(filters.text, MAX_QUESTION)
    if filters.text and not words:
        return None
    keywords = _keywords(filters)
    if filters.assignee == MYSELF:
        keywords["assignee"] = [caller.sub]
    if filters.customer:
        keywords["customer"] = await tickets.customers.ids_of(filters.customer)
    scope, own_company = caller.scope_of("ticket:read"), caller.principal.company
    if scope is Scope.COMPANY and own_company:
        keywords["company"] = [own_company] if filters.company in (None, own_company) else []
    elif scope is not Scope.ALL:
        keywords["owner"] = [caller.sub]
    texts = (*PUBLIC, NOTED) if scope is Scope.ALL else PUBLIC
    return Wanted(tuple(words), texts, keywords, _numbers(filters))


def _keywords(filters: TicketFilters) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in ("status", "stage", "waiting_for", "category", "priority", "channel", "satisfaction", "outcome"):
        if (value := getattr(filters, name)) is not None:
            found[name] = [value.value]
    for name in ("company", "assignee", "fingerprint"):
        if (value := getattr(filters, name)) is not None:
            found[name] = [value]
    for name in ("contact", "product", "product_version", "module"):
        if (value := getattr(filters, name)) is not None:
            found[name] = [keyword(value)]
    if filters.phone is not None:
        found["phone"] = [phone_keyword(filters.phone)]
    return found


def _numbers(filters: TicketFilters) -> dict[str, tuple[int | None, int | None]]:
    spans = {
        OPENED: (filters.opened_after, filters.opened_before),
        CHANGED: (filters.updated_after, filters.updated_before),
        COMPLETED: (filters.completed_after, filters.completed_before),
    }
    return {
        name: (sort_key(since) if since else None, sort_key(before) - 1 if before else None)
        for name, (since, before) in spans.items()
        if since or before
    }
