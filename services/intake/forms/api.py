"""Ticket forms over HTTP: everybody reads them, administrators declare them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from services.intake.forms.domain import TicketForm
from services.intake.forms.handlers import FormHandlers
from services.intake.forms.views import FormAmendment, FormVersionView, FormView, NewForm
from shared.domain import Invalid, NotFound
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/ticket-forms", tags=["ticket forms"])


async def handlers(request: Request) -> FormHandlers:
    found: FormHandlers = request.app.state.service.forms
    return found


Handlers = Annotated[FormHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("ticket_form:read")]
MayChange = Annotated[Caller, may("ticket_form:change")]


@router.get("")
async def list_ticket_forms(forms: Handlers, _: MayRead, after: After = None, limit: Limit = 50) -> Page[FormView]:
    """Ticket forms, those for all products first. Of those that fit a ticket one holds: that of its product and
    category, else of its product, of its category, of all; where there is none, the five questions of the process."""
    found, next = await forms.store.page({}, forms.store.by_scope, after, limit)
    return Page(items=[FormView.of(one) for one in found], next=next)


@router.post("", status_code=201)
async def add_ticket_form(body: NewForm, forms: Handlers, caller: MayChange, response: Response) -> FormView:
    """Declare what is asked for on tickets of a product and category. There is one form for each."""
    fields = [one.declared() for one in body.fields]
    form = await forms.add(body.product, body.category or "", fields, body.active, caller.origin)
    response.headers["Location"] = f"/v1/ticket-forms/{form.id}"
    return _shown(form, response)


@router.get("/{form}")
async def read_ticket_form(form: Id, forms: Handlers, _: MayRead, response: Response) -> FormView:
    """A ticket form as it holds now."""
    return _shown(await forms.store.get(form), response)


@router.patch("/{form}")
async def amend_ticket_form(
    form: Id, body: FormAmendment, forms: Handlers, caller: MayChange, response: Response
) -> FormView:
    """Declare it anew: `fields` are replaced. Tickets that were asked by an earlier version keep it and are not asked
    again."""
    if body.fields is None and body.active is None:
        raise Invalid("At least one field is required", "请至少填写一个字段", "body")
    fields = [one.declared() for one in body.fields] if body.fields is not None else None
    return _shown(await forms.change(form, fields, body.active, caller.origin), response)


@router.get("/{form}/versions/{number}")
async def read_version_of_ticket_form(
    form: Id, number: Annotated[int, Path(ge=1, lt=2**31, description="Of the version")], forms: Handlers, _: MayRead
) -> FormVersionView:
    """A form as it was declared then, by which tickets may have been asked; the newest twenty versions are kept."""
    found = next((one for one in (await forms.store.get(form)).versions if one.number == number), None)
    if found is None:
        raise NotFound.of(f"{form}/{number}")
    return FormVersionView.model_validate(found)


def _shown(form: TicketForm, response: Response) -> FormView:
    tagged(response, form)
    return FormView.of(form)
