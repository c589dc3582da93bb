"""The customers' tickets, and the form for a new one."""

from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from services.intake.attachments.archives import look_into
from services.intake.attachments.download import FILE, THUMBNAIL, download, released, thumbnail
from services.intake.pages.forms import Filled, checked
from services.intake.portal import offered, shown
from services.intake.portal.api_sign_in import Portal
from services.intake.portal.article_html import safe_html
from services.intake.portal.bodies import body, sent
from services.intake.portal.forms import FIELDS, RequestForm, declared
from services.intake.portal.route import PageRoute
from services.intake.portal.session import Customer
from services.intake.tickets.access import read
from services.intake.tickets.questions import understood
from shared.auth import forbidden
from shared.domain import NotFound, Refusal
from shared.http import After, Caller
from shared.telemetry import about_ticket
from shared.terms import Id
from shared.texts import off_loop

PAGES: dict[int | str, dict[str, Any]] = {
    303: {"description": "Sign in first, or go on there"},
    401: {"description": "The session has ended", "content": {"text/html": {}}},
    403: {"description": "Not for this person, or not sent from our own page", "content": {"text/html": {}}},
    404: {"description": "It does not exist, or is not theirs", "content": {"text/html": {}}},
    409: {"description": "Not possible in the current state", "content": {"text/html": {}}},
    413: {"description": "Too much", "content": {"text/html": {}}},
    422: {"description": "The form is not valid", "content": {"text/html": {}}},
}
READ: dict[int | str, dict[str, Any]] = {status: PAGES[status] for status in (303, 401, 403, 422)}
router = APIRouter(prefix="/portal", tags=["portal"], route_class=PageRoute)


@router.get("", response_class=HTMLResponse, responses=READ)
async def show_tickets_page(request: Request, portal: Portal, caller: Customer, after: After = None) -> Response:
    """The caller's tickets, or those of their company, the newest first."""
    rows, next = await portal.newest(caller, after)
    shown_rows = [shown.row(one) for one in rows]
    return shown.page(request, caller, "list.html", caller.language, rows=shown_rows, next=next)


@router.get("/new", response_class=HTMLResponse, responses=READ)
async def show_request_form(request: Request, portal: Portal, caller: Customer) -> Response:
    """The form for a new ticket."""
    _require_opening(caller)
    return shown.form(request, caller, await portal.tickets.forms.known(), Filled(), details=False)


@router.post(
    "/new",
    response_class=HTMLResponse,
    responses=PAGES,
    openapi_extra=body(*FIELDS, required=("title", "description"), files=True),
)
async def take_request_form(request: Request, portal: Portal, caller: Customer) -> Response:
    """The first time: the rest of the form, with what the text tells already, articles that may solve it, and open
    tickets that look alike; again where another product is chosen, of which other things are asked. Then: the
    ticket."""
    _require_opening(caller)
    forms = await portal.tickets.forms.known()
    async with sent(request, caller) as given:
        wanted, errors = checked(RequestForm, given.values)
        is_last = given.values.get("step") == "send"
        t = portal.pages.words(caller.language)
        lost = bool(given.files)
        if wanted is None:
            filled = Filled(given.values, errors)
            return shown.form(request, caller, forms, filled, is_last, (), t("wrong_fields"), lost, 422)
        if not is_last:
            told = await off_loop(len(wanted.description), offered.prefilled, given.values, wanted.problem(), forms)
            filled = Filled(told)
            suggested, rows = await portal.suggest(caller, wanted.title, wanted.description)
            return shown.form(request, caller, forms, filled, True, rows, suggested=suggested)
        if offered.is_another(given.values, forms):
            filled = Filled(offered.without_parts(given.values))
            return shown.form(request, caller, forms, filled, True, (), t("other_product"), lost)
        _, form = await off_loop(len(wanted.description), understood, wanted.problem(), forms)
        custom, errors = declared(form, given.values)
        filled = Filled(given.values, errors)
        if errors:
            return shown.form(request, caller, forms, filled, True, (), t("wrong_fields"), lost, 422)
        try:
            ticket = await portal.open(caller, wanted.problem(custom), given.origin)
        except Refusal as refusal:
            said = refusal.detail.in_(caller.language)
            return shown.form(request, caller, forms, filled, True, (), said, lost, refusal.status)
        about_ticket(ticket.id)
        try:
            await portal.add_files(caller, ticket.id, given.files, given.origin)
        except Refusal as refusal:
            said = refusal.detail.in_(caller.language)
            return await shown.ticket_page(request, portal, caller, ticket, None, said, refusal.status)
    return RedirectResponse(f"/portal/tickets/{ticket.id}?done=opened", 303)


@router.get("/articles/{article}", response_class=HTMLResponse, responses={**READ, 404: PAGES[404]})
async def show_article_page(
    request: Request,
    article: Id,
    portal: Portal,
    caller: Customer,
    suggestion: Annotated[Id | None, Query(description="What it was shown in, so that it counts as read")] = None,
) -> Response:
    """A published article, as customers read it."""
    found = await portal.deflection.article(article)
    if found is None:
        raise NotFound.of(article)
    if suggestion:
        with suppress(NotFound):
            await portal.deflection.note_read(suggestion, article, caller.sub, caller.origin)
    parts = [(name, safe_html(getattr(found, name))) for name in ("problem", "root_cause", "solution")]
    return shown.page(request, caller, "article.html", caller.language, article=found, parts=parts)


@router.get("/tickets/{ticket}", response_class=HTMLResponse, responses={**READ, 404: PAGES[404]})
async def show_ticket_page(
    request: Request, ticket: Id, portal: Portal, caller: Customer, done: shown.Done = ""
) -> Response:
    """One ticket, and all that can be done with it now."""
    found = await read(portal.tickets, caller, "ticket:read", ticket)
    return await shown.ticket_page(request, portal, caller, found)


@router.get(
    "/tickets/{ticket}/attachments/{attachment}",
    response_class=StreamingResponse,
    responses={**READ, 404: PAGES[404], **FILE},
)
async def fetch_on_page(ticket: Id, attachment: Id, portal: Portal, caller: Customer) -> Response:
    """Download a file."""
    found = await read(portal.tickets, caller, "attachment:read", ticket)
    return await download(portal.attachments, found, attachment)


@router.get(
    "/tickets/{ticket}/attachments/{attachment}/thumbnail",
    response_class=Response,
    responses={**READ, 404: PAGES[404], **THUMBNAIL},
)
async def show_thumbnail_on_page(ticket: Id, attachment: Id, portal: Portal, caller: Customer) -> Response:
    """A small picture of an attached one."""
    found = await read(portal.tickets, caller, "attachment:read", ticket)
    return thumbnail(await portal.attachments.thumbnails.of(await released(portal.attachments, found, attachment)))


@router.get(
    "/tickets/{ticket}/attachments/{attachment}/entries",
    response_class=HTMLResponse,
    responses={**READ, 404: PAGES[404]},
)
async def show_archive_page(request: Request, ticket: Id, attachment: Id, portal: Portal, caller: Customer) -> Response:
    """What an attached archive says is in it."""
    found = await read(portal.tickets, caller, "attachment:read", ticket)
    file = await released(portal.attachments, found, attachment)
    listing = (await look_into(portal.attachments.files, file)).listing
    return shown.page(request, caller, "archive.html", caller.language, file=file, archive=listing, ticket=ticket)


def _require_opening(caller: Caller) -> None:
    if caller.scope_of("ticket:open") is None:
        raise forbidden("ticket:open")
