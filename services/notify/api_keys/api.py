"""API keys over HTTP: administrators keep them, auditors read."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.notify.api_keys.domain import KeyState
from services.notify.api_keys.handlers import ApiKeyHandlers
from services.notify.api_keys.views import ApiKeyRotation, ApiKeyView, NewApiKey
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/api-keys", tags=["API keys"])
MayRead = Annotated[Caller, may("api_key:read")]
MayManage = Annotated[Caller, may("api_key:manage")]


async def handlers(request: Request) -> ApiKeyHandlers:
    found: ApiKeyHandlers = request.app.state.service.api_keys
    return found


Handlers = Annotated[ApiKeyHandlers, Depends(handlers)]


@router.get("")
async def list_api_keys(keys: Handlers, _: MayRead, after: After = None, limit: Limit = 50) -> Page[ApiKeyView]:
    """All API keys, the newest first, also those that are revoked or expired."""
    found, next = await keys.store.page({"state": [*KeyState]}, keys.store.newest_first, after, limit)
    return Page(items=[ApiKeyView.of(one) for one in found], next=next)


@router.post("", status_code=201)
async def add_api_key(body: NewApiKey, keys: Handlers, caller: MayManage, response: Response) -> ApiKeyView:
    """Make a key for a machine client. Only this answer shows its secret."""
    key, secret = await keys.add(body.name, body.scopes, body.days, caller.origin)
    response.headers["Location"] = f"/v1/api-keys/{key.id}"
    return _shown(ApiKeyView.of(key, secret), key.version, response)


@router.get("/{api_key}")
async def read_api_key(api_key: Id, keys: Handlers, _: MayRead, response: Response) -> ApiKeyView:
    """One API key."""
    found = await keys.store.get(api_key)
    tagged(response, found)
    return ApiKeyView.of(found)


@router.post("/{api_key}/rotation", status_code=201)
async def rotate_api_key(
    api_key: Id, body: ApiKeyRotation, keys: Handlers, caller: MayManage, response: Response
) -> ApiKeyView:
    """Make a new secret, which only this answer shows. The one before counts too for a while."""
    overlap = timedelta(hours=body.overlap_hours)
    key, secret = await keys.rotate(api_key, body.days, overlap, caller.origin)
    return _shown(ApiKeyView.of(key, secret), key.version, response)


@router.post("/{api_key}/revocation")
async def revoke_api_key(api_key: Id, keys: Handlers, caller: MayManage, response: Response) -> ApiKeyView:
    """It counts no more, and tokens for it end within some seconds; nothing brings it back."""
    key = await keys.revoke(api_key, caller.origin)
    tagged(response, key)
    return ApiKeyView.of(key)


def _shown(view: ApiKeyView, version: int, response: Response) -> ApiKeyView:
    response.headers["ETag"] = f'"{version}"'
    response.headers["Cache-Control"] = "no-store"
    return view
