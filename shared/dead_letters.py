"""The routes that every service has for the events that it could not handle."""

import re
from typing import Annotated

from fastapi import APIRouter, Path, Request

from shared.auth import Permissions, rule
from shared.bus import Bus, DeadLetter
from shared.http import After, Caller, Limit, Page, may, no_such_page

PERMISSIONS: Permissions = {
    "dead_letter:read": rule("admin auditor"),
    "dead_letter:replay": rule("admin"),
}
SEQUENCE = re.compile(r"[0-9]{1,18}")

router = APIRouter(prefix="/dead-letters", tags=["dead letters"])


@router.get("")
async def read(
    request: Request, _: Annotated[Caller, may("dead_letter:read")], after: After = None, limit: Limit = 50
) -> Page[DeadLetter]:
    """Events that this service could not handle, oldest first, each with its error."""
    if after and not SEQUENCE.fullmatch(after):
        raise no_such_page()
    bus: Bus = request.app.state.runtime.bus
    found = await bus.dead_letters(int(after or 0), limit)
    return Page(items=found, next=str(found[-1].sequence) if len(found) == limit else None)


@router.post("/{sequence}/replay")
async def replay(
    request: Request,
    sequence: Annotated[int, Path(ge=1, lt=10**18)],
    _: Annotated[Caller, may("dead_letter:replay")],
) -> DeadLetter:
    """Give it to this service once more, after the cause is mended; it leaves the list."""
    bus: Bus = request.app.state.runtime.bus
    return await bus.replay(sequence)
