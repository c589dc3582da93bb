"""Incidents over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.triage.incidents.domain import Incident, IncidentState
from services.triage.incidents.handlers import IncidentHandlers
from services.triage.incidents.views import (
    AddedTicket,
    Decision,
    Description,
    IncidentRow,
    IncidentView,
    MemberView,
    NewResolution,
    NewUpdate,
    member,
    row,
    shown,
)
from services.triage.work.access import actor
from shared.cursor import invalid, seal, unseal
from shared.http import After, Caller, Limit, Page, may, repeatable, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/incidents", tags=["incidents"])


async def handlers(request: Request) -> IncidentHandlers:
    found: IncidentHandlers = request.app.state.service.incidents
    return found


Handlers = Annotated[IncidentHandlers, Depends(handlers)]
Reader = Annotated[Caller, may("incident:read")]
Editor = Annotated[Caller, may("incident:edit")]
Decider = Annotated[Caller, may("incident:decide")]


def _answer(incident: Incident, response: Response) -> IncidentView:
    tagged(response, incident)
    return shown(incident)


@router.get("")
async def list_incidents(
    incidents: Handlers,
    _: Reader,
    state: Annotated[IncidentState | None, Query(description="Only incidents in this state")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[IncidentRow]:
    """Incidents, the latest first."""
    store = incidents.watch.incidents
    found, next = await store.page({"state": state.value} if state else {}, store.newest, after, limit)
    return Page(items=[row(one) for one in found], next=next)


@router.get("/{incident}")
async def read_incident(incident: Id, incidents: Handlers, _: Reader, response: Response) -> IncidentView:
    """An incident: what its tickets have in common, its news, and how it was resolved."""
    return _answer(await incidents.watch.incidents.get(incident), response)


@router.patch("/{incident}")
async def describe_incident(
    incident: Id, body: Description, incidents: Handlers, caller: Editor, response: Response
) -> IncidentView:
    """Say what it is about: its title, root cause, or a workaround. A field that is not sent stays as it is."""
    workaround = body.workaround.said if body.workaround else None
    return _answer(await incidents.describe(incident, body.title, body.root_cause, workaround, caller.origin), response)


@router.post("/{incident}/confirmation")
async def confirm_incident(
    incident: Id, body: Decision, incidents: Handlers, caller: Decider, response: Response
) -> IncidentView:
    """It is one incident: leads, the engineers on call and the customers of its tickets are told, its tickets get the
    priority that goes with its number of customers, and later tickets join it. For leads and senior engineers."""
    return _answer(await incidents.confirm(incident, body.reason, actor(caller), repeatable(caller.origin)), response)


@router.post("/{incident}/dismissal")
async def dismiss_incident(
    incident: Id, body: Decision, incidents: Handlers, caller: Decider, response: Response
) -> IncidentView:
    """It is none: nothing is told, and its tickets are not proposed again. For leads and senior engineers."""
    return _answer(await incidents.dismiss(incident, body.reason, actor(caller), repeatable(caller.origin)), response)


@router.post("/{incident}/updates", status_code=201)
async def update_incident(
    incident: Id, body: NewUpdate, incidents: Handlers, caller: Editor, response: Response
) -> IncidentView:
    """Tell news: to all of its customers, each on their ticket and once by mail or messenger, or to staff alone."""
    updated = await incidents.publish_update(
        incident, body.text.said, body.internal, actor(caller), repeatable(caller.origin)
    )
    return _answer(updated, response)


@router.post("/{incident}/resolution", status_code=201)
async def resolve_incident(
    incident: Id, body: NewResolution, incidents: Handlers, caller: Decider, response: Response
) -> IncidentView:
    """The cause is removed and that was verified: each ticket is proposed the solution, and closed by its own customer
    alone. For leads and senior engineers."""
    resolved = await incidents.resolve(
        incident,
        body.solution.said,
        body.root_cause,
        body.steps,
        body.result,
        actor(caller),
        repeatable(caller.origin),
    )
    return _answer(resolved, response)


@router.get("/{incident}/tickets")
async def list_incident_tickets(
    incident: Id, incidents: Handlers, _: Reader, after: After = None, limit: Limit = 50
) -> Page[MemberView]:
    """Its tickets in the order of their numbers."""
    found = await incidents.watch.incidents.get(incident)
    of, begin = f"tickets of {incident}", ""
    if after is not None:
        key, _id = unseal(of, after)
        if not isinstance(key, str):
            raise invalid()
        begin = key
    left = sorted((one for one in found.members if one.ticket > begin), key=lambda one: one.ticket)
    next = seal(of, left[limit - 1].ticket) if len(left) > limit else None
    return Page(items=[member(one) for one in left[:limit]], next=next)


@router.post("/{incident}/tickets", status_code=201)
async def add_incident_ticket(
    incident: Id, body: AddedTicket, incidents: Handlers, caller: Editor, response: Response
) -> IncidentView:
    """Add a ticket by hand. It can be part of one incident only."""
    added = await incidents.add(incident, body.ticket, body.reason, actor(caller), repeatable(caller.origin))
    return _answer(added, response)


@router.post("/{incident}/tickets/{ticket}/removal")
async def remove_incident_ticket(
    incident: Id, ticket: Id, body: Decision, incidents: Handlers, caller: Editor, response: Response
) -> IncidentView:
    """Take out a ticket that has another cause. It does not come back by itself; its priority stays."""
    removed = await incidents.remove(incident, ticket, body.reason, actor(caller), repeatable(caller.origin))
    return _answer(removed, response)
