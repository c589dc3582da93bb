"""What may make a request unnecessary, over HTTP, and what showing it is worth."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.intake.deflection.handlers import DeflectionHandlers
from services.intake.deflection.views import DeflectionView, Draft, Reading, ReadingsView, SuggestionView
from shared.domain import Invalid
from shared.http import Caller, may
from shared.terms import Id, Moment

router = APIRouter(prefix="/v1", tags=["deflection"])
LATELY = timedelta(days=90)


async def handlers(request: Request) -> DeflectionHandlers:
    found: DeflectionHandlers = request.app.state.service.portal.deflection
    return found


Deflection = Annotated[DeflectionHandlers, Depends(handlers)]
MayAsk = Annotated[Caller, may("suggestion:ask")]
Since = Annotated[Moment | None, Query(description="From this moment on; else of the last 90 days")]
Before = Annotated[Moment | None, Query(description="Before this moment; else until now")]


@router.post("/ticket-suggestions")
async def suggest_for_ticket(body: Draft, deflection: Deflection, caller: MayAsk) -> SuggestionView:
    """What a customer may read before they open a ticket: public articles, and open tickets that look alike. Nothing is
    opened, and without an answer of the knowledge base there are no articles."""
    shown, rows = await asyncio.gather(
        deflection.suggest(caller.sub, body.title, body.description), deflection.open_like(caller, body.title)
    )
    return SuggestionView.of(shown, rows)


@router.post("/ticket-suggestions/{suggestion}/readings")
async def note_reading(suggestion: Id, body: Reading, deflection: Deflection, caller: MayAsk) -> ReadingsView:
    """Tell that the caller opened one of the articles."""
    found = await deflection.note_read(suggestion, body.article, caller.sub, caller.origin)
    return ReadingsView(articles=found.read)


@router.get("/deflection")
async def read_deflection(
    deflection: Deflection,
    _: Annotated[Caller, may("deflection:read")],
    shown_after: Since = None,
    shown_before: Before = None,
) -> DeflectionView:
    """What showing articles before a request is worth, by the customers who are shown none."""
    before: datetime = shown_before or deflection.now()
    since = shown_after or before - LATELY
    if since >= before:
        raise Invalid("`shown_after` must be before `shown_before`", "`shown_after` 须早于 `shown_before`", "query")
    return DeflectionView.of(*await deflection.counts(since, before))
