"""Dead letters of all services over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from services.notify.dead_letters.views import DeadLetterDetail, DeadLetterView
from shared.bus import ALL_SERVICES, Bus
from shared.cursor import invalid, seal, unseal
from shared.http import After, Caller, Limit, Page, may

LIST = "dead letters"
LARGEST = 10**18
SEQUENCE = Path(ge=1, lt=LARGEST, description="Its number in the list")

router = APIRouter(prefix="/v1/dead-letters", tags=["dead letters"])
SERVICE = Query(pattern=r"^[a-z][a-z0-9]{1,19}$", description="Only what this service could not do")


@router.get("")
async def list_dead_letters(
    request: Request,
    _: Annotated[Caller, may("dead_letter:read")],
    service: Annotated[str | None, SERVICE] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[DeadLetterView]:
    """Events that a service could not handle, the oldest first, each with its error but not with what it says."""
    sequence, _id = unseal(LIST, after) if after is not None else (0, "")
    if not isinstance(sequence, int) or not 0 <= sequence < LARGEST:
        raise invalid()
    bus: Bus = request.app.state.runtime.bus
    found = await bus.dead_letters(sequence, limit, service or ALL_SERVICES)
    items = [DeadLetterView.model_validate(one) for one in found]
    return Page(items=items, next=seal(LIST, found[-1].sequence) if len(found) == limit else None)


@router.get("/{sequence}")
async def get_dead_letter(
    request: Request,
    sequence: Annotated[int, SEQUENCE],
    _: Annotated[Caller, may("dead_letter:read")],
) -> DeadLetterDetail:
    """One of them, with what it says."""
    bus: Bus = request.app.state.runtime.bus
    return DeadLetterDetail.model_validate(await bus.dead_letter(sequence))


@router.post("/{sequence}/replay")
async def replay_dead_letter(
    request: Request,
    sequence: Annotated[int, SEQUENCE],
    _: Annotated[Caller, may("dead_letter:replay")],
) -> DeadLetterView:
    """Give it to its service once more, after the cause is mended; it leaves the list."""
    bus: Bus = request.app.state.runtime.bus
    return DeadLetterView.model_validate(await bus.replay(sequence))
