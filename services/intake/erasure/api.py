"""Erasing people over HTTP, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.intake.erasure.domain import Erasure, Identities
from services.intake.erasure.handlers import ErasureHandlers
from services.intake.erasure.views import ErasureView, NewErasure
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/erasures", tags=["erasures"])


async def handlers(request: Request) -> ErasureHandlers:
    found: ErasureHandlers = request.app.state.service.erasures
    return found


Handlers = Annotated[ErasureHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("erasure:read")]


@router.get("")
async def list_erasures(erasures: Handlers, _: MayRead, after: After = None, limit: Limit = 50) -> Page[ErasureView]:
    """Erasures, the newest first."""
    found, next = await erasures.store.page({}, erasures.store.newest_first, after, limit)
    return Page(items=[ErasureView.of(one, erasures.is_proved(one)) for one in found], next=next)


@router.post("", status_code=201)
async def request_erasure(
    body: NewErasure, erasures: Handlers, caller: Annotated[Caller, may("erasure:request")], response: Response
) -> ErasureView:
    """Ask for a person to be forgotten: who they are, and which tickets are theirs. Nothing is erased before somebody
    else confirms it, within a week. The person's tickets must be completed."""
    who = Identities(**body.model_dump(exclude={"contact", "reason"}))
    one = await erasures.request(body.contact, who, body.reason, caller.origin)
    response.headers["Location"] = f"/v1/erasures/{one.id}"
    return _shown(erasures, one, response)


@router.get("/{erasure}")
async def read_erasure(erasure: Id, erasures: Handlers, _: MayRead, response: Response) -> ErasureView:
    """How far it is; once it is done, the proof."""
    return _shown(erasures, await erasures.store.get(erasure), response)


@router.post("/{erasure}/confirmation")
async def confirm_erasure(
    erasure: Id, erasures: Handlers, caller: Annotated[Caller, may("erasure:confirm")], response: Response
) -> ErasureView:
    """Confirm what somebody else asked for. It begins at once, and nothing brings back what it takes."""
    return _shown(erasures, await erasures.confirm(erasure, caller.origin), response)


def _shown(erasures: ErasureHandlers, one: Erasure, response: Response) -> ErasureView:
    tagged(response, one)
    return ErasureView.of(one, erasures.is_proved(one))
