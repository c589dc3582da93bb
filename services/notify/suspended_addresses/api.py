"""Suspended addresses over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.notify.suspended_addresses.handlers import SuspendedAddressHandlers
from services.notify.suspended_addresses.views import SuspendedAddressView
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/suspended-addresses", tags=["suspended addresses"])
MayRead = Annotated[Caller, may("suspended_address:read")]
MayRelease = Annotated[Caller, may("suspended_address:release")]


async def handlers(request: Request) -> SuspendedAddressHandlers:
    found: SuspendedAddressHandlers = request.app.state.service.suspended_addresses
    return found


Handlers = Annotated[SuspendedAddressHandlers, Depends(handlers)]


@router.get("")
async def list_suspended_addresses(
    addresses: Handlers,
    _: MayRead,
    is_active: Annotated[bool, Query(description="Those that still are, or those that were released")] = True,
    after: After = None,
    limit: Limit = 50,
) -> Page[SuspendedAddressView]:
    """Addresses to which no mails are sent, because mails came back, the newest first."""
    store = addresses.store
    found, next = await store.page({"is_active": is_active}, store.newest_first, after, limit)
    return Page(items=[SuspendedAddressView.of(one) for one in found], next=next)


@router.post("/{suspended_address}/release")
async def release_suspended_address(
    suspended_address: Id, addresses: Handlers, caller: MayRelease, response: Response
) -> SuspendedAddressView:
    """Send mails there again."""
    released = await addresses.release(suspended_address, caller.origin)
    tagged(response, released)
    return SuspendedAddressView.of(released)
