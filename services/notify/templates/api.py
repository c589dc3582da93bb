"""Templates over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.notify.templates.domain import WrittenTemplate
from services.notify.templates.handlers import TemplateHandlers, key_of
from services.notify.templates.views import TemplateBody, TemplatePreview, TemplateTest, TemplateView
from shared.http import Caller, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/notification-templates", tags=["notifications"])
MayRead = Annotated[Caller, may("notification_template:read")]
MayChange = Annotated[Caller, may("notification_template:change")]


async def handlers(request: Request) -> TemplateHandlers:
    found: TemplateHandlers = request.app.state.service.templates
    return found


Handlers = Annotated[TemplateHandlers, Depends(handlers)]


@router.get("")
async def list_notification_templates(templates: Handlers, _: MayRead) -> Page[TemplateView]:
    """List all templates by id, on one page: as they are built in or were written, and those for single channels."""
    return Page(items=[TemplateView.of(*one) for one in await templates.all()])


@router.get("/{template}")
async def read_notification_template(template: Id, templates: Handlers, _: MayRead, response: Response) -> TemplateView:
    """What is used now, and the versions that were written."""
    _key, written = await templates.get(template)
    return _shown(written, response)


@router.put("/{template}")
async def put_notification_template(
    template: Id, body: TemplateBody, templates: Handlers, caller: MayChange, response: Response
) -> TemplateView:
    """Write a version, which is used from now on. It may use what the built-in one uses; what takes unbounded time is
    refused, and so is what cannot be rendered with sample data."""
    return _shown(await templates.put(template, body.said, caller.origin), response)


@router.post("/{template}/preview")
async def preview_notification_template(
    template: Id, body: TemplateBody, templates: Handlers, _: MayRead
) -> TemplatePreview:
    """What it would say, filled with sample data. Nothing is kept."""
    return TemplatePreview.model_validate(templates.preview(template, body.said))


@router.post("/{template}/test")
async def send_notification_template_test(template: Id, templates: Handlers, caller: MayChange) -> TemplateTest:
    """Send what is used now to oneself by mail, filled with sample data."""
    return TemplateTest(notification=await templates.send_test(template, caller))


@router.post("/{template}/reset")
async def reset_notification_template(
    template: Id, templates: Handlers, caller: MayChange, response: Response
) -> TemplateView:
    """Use the built-in one again; the versions that were written are kept."""
    return _shown(await templates.reset(template, caller.origin), response)


def _shown(written: WrittenTemplate, response: Response) -> TemplateView:
    tagged(response, written)
    return TemplateView.of(key_of(written.id), written)
