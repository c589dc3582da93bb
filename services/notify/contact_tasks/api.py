"""Contact tasks over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from services.notify.contact_tasks.domain import ContactTask, ContactTaskState
from services.notify.contact_tasks.handlers import ContactTaskHandlers
from services.notify.contact_tasks.views import ContactTaskCompletion, ContactTaskView
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/contact-tasks", tags=["contact tasks"])
MayRead = Annotated[Caller, may("contact_task:read")]
MayDo = Annotated[Caller, may("contact_task:do")]


async def handlers(request: Request) -> ContactTaskHandlers:
    found: ContactTaskHandlers = request.app.state.service.contact_tasks
    return found


Handlers = Annotated[ContactTaskHandlers, Depends(handlers)]


def shown(task: ContactTask, response: Response) -> ContactTaskView:
    tagged(response, task)
    return ContactTaskView.of(task)


@router.get("")
async def list_contact_tasks(
    tasks: Handlers,
    _: MayRead,
    state: Annotated[ContactTaskState | None, Query(description="Only in this state")] = None,
    ticket: Annotated[Id | None, Query(description="Only about this ticket")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ContactTaskView]:
    """Customers to telephone, the newest task first."""
    query: dict[str, Any] = {"state": state.value} if state else {}
    query |= {"ticket": ticket} if ticket else {}
    found, next = await tasks.store.page(query, tasks.store.newest_first, after, limit)
    return Page(items=[ContactTaskView.of(one) for one in found], next=next)


@router.get("/{contact_task}")
async def read_contact_task(contact_task: Id, tasks: Handlers, _: MayRead, response: Response) -> ContactTaskView:
    """Whom to telephone, and what to tell them."""
    return shown(await tasks.store.get(contact_task), response)


@router.post("/{contact_task}/claim")
async def claim_contact_task(contact_task: Id, tasks: Handlers, caller: MayDo, response: Response) -> ContactTaskView:
    """Say that you telephone, so that nobody else does."""
    return shown(await tasks.claim(contact_task, caller.origin), response)


@router.post("/{contact_task}/release")
async def release_contact_task(contact_task: Id, tasks: Handlers, caller: MayDo, response: Response) -> ContactTaskView:
    """Give it back, or take it from who does not come to it."""
    return shown(await tasks.release(contact_task, caller.origin), response)


@router.post("/{contact_task}/completion")
async def complete_contact_task(
    contact_task: Id, body: ContactTaskCompletion, tasks: Handlers, caller: MayDo, response: Response
) -> ContactTaskView:
    """Say how it went. Who was told has been notified: these notifications count as sent, by telephone."""
    return shown(await tasks.complete(contact_task, body.reached, body.note, caller.origin), response)
