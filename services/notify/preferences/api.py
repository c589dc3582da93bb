"""Preferences over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from services.notify.preferences.domain import Preference
from services.notify.preferences.handlers import PreferenceHandlers
from services.notify.preferences.views import PreferenceBody, PreferenceView
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Subject

router = APIRouter(prefix="/v1/notification-preferences", tags=["notifications"])
MayRead = Annotated[Caller, may("notification_preference:read")]
MayChange = Annotated[Caller, may("notification_preference:change")]
Who = Annotated[Subject, Path(description="Whose they are, as a subject")]


async def handlers(request: Request) -> PreferenceHandlers:
    found: PreferenceHandlers = request.app.state.service.preferences
    return found


Handlers = Annotated[PreferenceHandlers, Depends(handlers)]


@router.get("")
async def list_notification_preferences(
    preferences: Handlers, caller: MayRead, after: After = None, limit: Limit = 50
) -> Page[PreferenceView]:
    """List what people have set, what was changed last first: to admins and auditors everybody's, to others only their
    own."""
    if not caller.sees_all("notification_preference:read"):
        own = await preferences.get(caller.sub)
        return Page(items=[PreferenceView.of(own)] if own.version else [])
    found, next = await preferences.store.page({}, preferences.store.newest_first, after, limit)
    return Page(items=[PreferenceView.of(one) for one in found], next=next)


@router.get("/{subject:path}")
async def read_notification_preferences(
    subject: Who, preferences: Handlers, caller: MayRead, response: Response
) -> PreferenceView:
    """How and when a person wants to be told: oneself, and to admins and auditors anybody."""
    caller.check("notification_preference:read", owner=subject)
    return _shown(await preferences.get(subject), response)


@router.put("/{subject:path}")
async def put_notification_preferences(
    subject: Who, body: PreferenceBody, preferences: Handlers, caller: MayChange, response: Response
) -> PreferenceView:
    """Set how and when a person wants to be told; what is left out is set to its default. What waits for a digest
    already stays in it."""
    caller.check("notification_preference:change", owner=subject)
    sets_messenger = caller.sees_all("notification_preference:change")
    return _shown(await preferences.put(subject, body.details, caller.origin, sets_messenger), response)


def _shown(found: Preference, response: Response) -> PreferenceView:
    tagged(response, found)
    return PreferenceView.of(found)
