"""What staff are called, over HTTP: colleagues read it, nobody else."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.intake.staff.handlers import StaffHandlers
from services.intake.staff.views import StaffMemberView
from shared.http import After, Caller, Limit, Page, may

router = APIRouter(prefix="/v1/staff", tags=["staff"])


async def handlers(request: Request) -> StaffHandlers:
    found: StaffHandlers = request.app.state.service.staff
    return found


Handlers = Annotated[StaffHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("staff:read")]


@router.get("")
async def list_staff(staff: Handlers, _: MayRead, after: After = None, limit: Limit = 50) -> Page[StaffMemberView]:
    """Who has signed in to the console, by name: what they are called is what their provider said last."""
    found, next = await staff.store.page({}, staff.store.by_name, after, limit)
    return Page(items=[StaffMemberView.of(one) for one in found], next=next)
