"""Agendas of training over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.sla.training.handlers import TrainingHandlers
from services.sla.training.views import AgendaView
from shared.http import After, Caller, Limit, Page, may

router = APIRouter(prefix="/v1/training-agendas", tags=["reviews"])


async def handlers(request: Request) -> TrainingHandlers:
    found: TrainingHandlers = request.app.state.service.training
    return found


@router.get("")
async def list_training_agendas(
    training: Annotated[TrainingHandlers, Depends(handlers)],
    caller: Annotated[Caller, may("review:read")],
    after: After = None,
    limit: Limit = 20,
) -> Page[AgendaView]:
    """The hard cases of each quarter, proposed when it is over; the newest first."""
    found, next = await training.page(after, limit)
    return Page(items=[AgendaView.of(one, caller.language) for one in found], next=next)
