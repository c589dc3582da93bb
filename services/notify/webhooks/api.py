"""Webhooks over HTTP: administrators keep them, auditors read."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from services.notify.webhooks.domain import Webhook
from services.notify.webhooks.handlers import SHOWN, WebhookHandlers
from services.notify.webhooks.sendings import SendingState
from services.notify.webhooks.views import (
    NewReplay,
    NewWebhook,
    SendingView,
    TestView,
    WebhookAmendment,
    WebhookDetail,
    WebhookProgress,
    WebhookView,
)
from shared.domain import Invalid
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])
MayRead = Annotated[Caller, may("webhook:read")]
MayManage = Annotated[Caller, may("webhook:manage")]


async def handlers(request: Request) -> WebhookHandlers:
    found: WebhookHandlers = request.app.state.service.webhooks
    return found


Handlers = Annotated[WebhookHandlers, Depends(handlers)]


@router.get("")
async def list_webhooks(webhooks: Handlers, _: MayRead, after: After = None, limit: Limit = 50) -> Page[WebhookView]:
    """All webhooks, the newest first."""
    found, next = await webhooks.store.page({"state": SHOWN}, webhooks.store.newest_first, after, limit)
    return Page(items=[WebhookView.of(one) for one in found], next=next)


@router.post("", status_code=201)
async def add_webhook(body: NewWebhook, webhooks: Handlers, caller: MayManage, response: Response) -> WebhookView:
    """Tell an address what happens from now on. Only this answer shows the signing secret."""
    webhook, secret = await webhooks.add(body.model_dump(), caller.origin)
    response.headers["Location"] = f"/v1/webhooks/{webhook.id}"
    return _shown(webhook, response, secret)


@router.get("/{webhook}")
async def read_webhook(webhook: Id, webhooks: Handlers, _: MayRead, response: Response) -> WebhookDetail:
    """A webhook, and how far it has come."""
    found, course = await webhooks.get(webhook)
    tagged(response, found)
    return WebhookDetail.model_validate({**WebhookView.of(found).model_dump(), "progress": WebhookProgress.of(course)})


@router.patch("/{webhook}")
async def amend_webhook(
    webhook: Id, body: WebhookAmendment, webhooks: Handlers, caller: MayManage, response: Response
) -> WebhookView:
    """Change where events are sent to, or which. What waits is tried again at once."""
    facts = body.model_dump(exclude_none=True)
    if not facts:
        raise Invalid("At least one field is required", "请至少填写一个字段", "body")
    return _shown(await webhooks.amend(webhook, facts, caller.origin), response)


@router.delete("/{webhook}")
async def delete_webhook(webhook: Id, webhooks: Handlers, caller: MayManage, response: Response) -> WebhookView:
    """It is told nothing any more; its address and secret are forgotten."""
    return _shown(await webhooks.delete(webhook, caller.origin), response)


@router.post("/{webhook}/disable")
async def disable_webhook(webhook: Id, webhooks: Handlers, caller: MayManage, response: Response) -> WebhookView:
    """Send nothing for the time being."""
    return _shown(await webhooks.disable(webhook, caller.origin), response)


@router.post("/{webhook}/enable")
async def enable_webhook(webhook: Id, webhooks: Handlers, caller: MayManage, response: Response) -> WebhookView:
    """Go on where it stopped: what has happened since is sent too."""
    return _shown(await webhooks.enable(webhook, caller.origin), response)


@router.post("/{webhook}/secrets", status_code=201)
async def rotate_webhook_secret(webhook: Id, webhooks: Handlers, caller: MayManage, response: Response) -> WebhookView:
    """Make a new signing secret, which only this answer shows. The one before signs too for 24 hours."""
    found, secret = await webhooks.rotate(webhook, caller.origin)
    return _shown(found, response, secret)


@router.post("/{webhook}/test")
async def send_test_event(webhook: Id, webhooks: Handlers, caller: MayManage) -> TestView:
    """Send an event that never happened, now, and say what was answered."""
    return TestView.of(await webhooks.test(webhook))


@router.post("/{webhook}/replay", status_code=202)
async def replay_to_webhook(webhook: Id, body: NewReplay, webhooks: Handlers, caller: MayManage) -> WebhookProgress:
    """Send a range of the stream once more, in its order and under the same ids; what is new waits so long."""
    return WebhookProgress.of(await webhooks.replay(webhook, body.after, body.until, caller.origin))


@router.get("/{webhook}/deliveries")
async def list_webhook_deliveries(
    webhook: Id,
    webhooks: Handlers,
    _: MayRead,
    state: Annotated[SendingState | None, Query(description="Only in this state")] = None,
    ticket: Annotated[Id | None, Query(description="Only about this ticket")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[SendingView]:
    """What was sent to it, the newest first, with every answer; kept for 30 days unless the operator says otherwise."""
    await webhooks.get(webhook)
    query: dict[str, Any] = {"webhook": webhook}
    query |= {"state": state.value} if state else {}
    query |= {"ticket": ticket} if ticket else {}
    log = webhooks.sender.log
    found, next = await log.page(query, log.newest_first, after, limit)
    return Page(items=[SendingView.of(one) for one in found], next=next)


@router.post("/{webhook}/deliveries/{delivery}/redelivery", status_code=202)
async def redeliver_to_webhook(webhook: Id, delivery: Id, webhooks: Handlers, caller: MayManage) -> SendingView:
    """Send it once more, now, under the same id."""
    return SendingView.of(await webhooks.send_again(webhook, delivery, caller.origin))


def _shown(webhook: Webhook, response: Response, secret: str = "") -> WebhookView:
    tagged(response, webhook)
    return WebhookView.of(webhook, secret)
