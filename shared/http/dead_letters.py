"""The routes that every service has for the events that it could not handle."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from shared.auth import Permissions, rule
from shared.bus import Bus, DeadLetter
from shared.cursor import invalid, seal, unseal
from shared.http.caller import Caller, may
from shared.http.models import After, Limit, Page

PERMISSIONS: Permissions = {
    "dead_letter:read": rule("admin auditor"),
    "dead_letter:replay": rule("admin"),
}
LIST = "dead letters"
LARGEST = 10**18

router = APIRouter(prefix="/dead-letters", tags=["dead letters"])


@router.get("")
async def list_dead_letters(
    request: Request, _: Annotated[Caller, may("dead_letter:read")], after: After = None, limit: Limit = 50
) -> Page[DeadLetter]:
    """Events that this service could not handle, oldest first, each with its error."""
    sequence, _id = unseal(LIST, after) if after is not None else (0, "")
    if not isinstance(sequence, int) or not 0 <= sequence < LARGEST:
        raise invalid()
    bus: Bus = request.app.state.runtime.bus
    found = await bus.dead_letters(sequence, limit)
    return Page(items=found, next=seal(LIST, found[-1].sequence) if len(found) == limit else None)


@router.post("/{sequence}/replay")
async def replay_dead_letter(
    request: Request,
    sequence: Annotated[int, Path(ge=1, lt=LARGEST)],
    _: Annotated[Caller, may("dead_letter:replay")],
) -> DeadLetter:
    """Give it to this service once more, after the cause is mended; it leaves the list."""
    bus: Bus = request.app.state.runtime.bus
    return await bus.replay(sequence)
