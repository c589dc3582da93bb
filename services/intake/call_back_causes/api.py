"""The list of causes over HTTP: staff read it, administrators keep it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.intake.call_back_causes.domain import CallBackCause
from services.intake.call_back_causes.handlers import CallBackCauseHandlers
from services.intake.call_back_causes.views import CallBackCauseAmendment, CallBackCauseView, NewCallBackCause
from shared.domain import Invalid
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/call-back-causes", tags=["closing"])


async def handlers(request: Request) -> CallBackCauseHandlers:
    found: CallBackCauseHandlers = request.app.state.service.tickets.call_back_causes
    return found


Handlers = Annotated[CallBackCauseHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("call_back_cause:read")]
MayChange = Annotated[Caller, may("call_back_cause:change")]


@router.get("")
async def list_call_back_causes(
    causes: Handlers,
    _: MayRead,
    active: Annotated[bool | None, Query(description="Only those that may be named, or are retired")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[CallBackCauseView]:
    """Why customers are dissatisfied, by name. Where none is active a call-back may name any cause."""
    wanted = {} if active is None else {"active": active}
    found, next = await causes.store.page(wanted, causes.store.by_name, after, limit)
    return Page(items=[CallBackCauseView.of(one) for one in found], next=next)


@router.post("", status_code=201)
async def add_call_back_cause(
    body: NewCallBackCause, causes: Handlers, caller: MayChange, response: Response
) -> CallBackCauseView:
    """Add a cause. No two have a name in common."""
    cause = await causes.add(body.name_zh, body.name_en, caller.origin)
    response.headers["Location"] = f"/v1/call-back-causes/{cause.id}"
    return _shown(cause, response)


@router.get("/{cause}")
async def read_call_back_cause(cause: Id, causes: Handlers, _: MayRead, response: Response) -> CallBackCauseView:
    """A cause, also one that is retired."""
    return _shown(await causes.store.get(cause), response)


@router.patch("/{cause}")
async def amend_call_back_cause(
    cause: Id, body: CallBackCauseAmendment, causes: Handlers, caller: MayChange, response: Response
) -> CallBackCauseView:
    """Rename or retire a cause, or bring it back. Call-backs that named it keep what they say."""
    if not body.model_fields_set:
        raise Invalid("At least one field is required", "请至少填写一个字段", "body")
    return _shown(await causes.amend(cause, body.name_zh, body.name_en, body.active, caller.origin), response)


def _shown(cause: CallBackCause, response: Response) -> CallBackCauseView:
    tagged(response, cause)
    return CallBackCauseView.of(cause)
