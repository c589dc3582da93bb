"""Pages behind signed links: a customer reviews a solution, answers questions, gives feedback or consents without
signing in."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from starlette.datastructures import FormData

from services.intake.attachments.download import FILE
from services.intake.attachments.multipart import chosen_files, page_form
from services.intake.links import invitations, pages
from services.intake.links.forms import FORM, said_in
from services.intake.links.handlers import LinkHandlers
from services.intake.pages.answers import html
from services.intake.pages.forms import Filled
from services.intake.third_parties import domain as third_parties
from services.intake.third_parties import pages as party_pages
from shared.domain import Invalid, NotFound, Refusal
from shared.http.language import OURS, language_of
from shared.links import Link
from shared.terms import Id

ANSWERS: dict[int | str, dict[str, Any]] = {
    404: {"description": "The link is invalid", "content": {"text/html": {}}},
    409: {"description": "Not possible in the current state", "content": {"text/html": {}}},
    410: {
        "description": "The link has expired or been used, or its round has ended",
        "content": {"text/html": {}},
    },
    422: {"description": "The form is not valid", "content": {"text/html": {}}},
}
router = APIRouter(prefix="/links", tags=["links"], responses=ANSWERS)


async def handlers(request: Request) -> LinkHandlers:
    found: LinkHandlers = request.app.state.service.links
    return found


Language = Annotated[str, Query(max_length=10, description="`zh` or `en`; else that of the link")]
LinkToken = Annotated[str, Path(description="What the link was made with")]
Handlers = Annotated[LinkHandlers, Depends(handlers)]


@router.get("/{token}", response_class=HTMLResponse)
async def open_link(token: LinkToken, request: Request, links: Handlers, lang: Language = "") -> HTMLResponse:
    """The page of a link: the solution it is about, and a form for what it is for. It says so when nothing is left to
    do. Looking changes nothing."""
    try:
        link = links.read(token)
        if link.action == third_parties.ACTION:
            ticket, asked = await links.third_parties.asked(link)
            language = _language(lang, link, request)
            return html(language, party_pages.form(links.pages, ticket, asked, token, language))
        if link.action == invitations.ACTION:
            language = _language(lang, link, request)
            return html(language, pages.invitation(links.pages, link, language))
        link, ticket = await links.open(token)
    except Refusal as refusal:
        return _refused(links, refusal, request, lang)
    language = _language(lang, link, request)
    return html(language, pages.form(links.pages, link, ticket, language, links.now()))


@router.post("/{token}", response_class=HTMLResponse, openapi_extra=FORM)
async def answer_link(token: LinkToken, request: Request, links: Handlers, lang: Language = "") -> HTMLResponse:
    """Carry out the action. Doing so twice has no further effect."""
    try:
        link = links.read(token)  # before the form is read, which may be long
        language = _language(lang, link, request)
        async with page_form(request) as form:
            if link.action == third_parties.ACTION:
                return await _reply(links, link, token, form, language)
            if link.action == invitations.ACTION:
                return await _answer(links, link, form, language)
            return await _act(links, link, form, language)
    except Refusal as refusal:
        return _refused(links, refusal, request, lang)


@router.get("/{token}/files/{attachment}", response_class=StreamingResponse, responses=FILE)
async def open_linked_file(token: LinkToken, attachment: Id, links: Handlers) -> StreamingResponse:
    """Download a file that was attached for the third party whose link it is."""
    link = links.read(token)
    if link.action != third_parties.ACTION:
        raise NotFound("The link is for no file", "该链接不可下载文件")
    return await links.third_parties.file(link, attachment)


async def _reply(links: LinkHandlers, link: Link, token: str, form: FormData, language: str) -> HTMLResponse:
    """Of a third party. Raises Refusal."""
    values = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    ticket, asked = await links.third_parties.asked(link)
    try:
        await links.third_parties.reply(link, said_in(values).comment, chosen_files(form))
    except Invalid as invalid:
        problem, filled = invalid.detail.in_(language), Filled(values)
        page = party_pages.form(links.pages, ticket, asked, token, language, problem, filled)
        return html(language, page, invalid.status)
    return html(language, pages.result(links.pages, language))


async def _answer(links: LinkHandlers, link: Link, form: FormData, language: str) -> HTMLResponse:
    """Of somebody who is invited to a consultation. Raises Refusal."""
    values = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    try:
        await links.answer_invitation(link, values.get("answer", ""), said_in(values).comment)
    except Invalid as invalid:
        return html(
            language, pages.invitation(links.pages, link, language, invalid.detail.in_(language)), invalid.status
        )
    return html(language, pages.result(links.pages, language))


async def _act(links: LinkHandlers, link: Link, form: FormData, language: str) -> HTMLResponse:
    values = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    try:
        said = said_in(values)
        ticket = await links.act(link, said)
    except Invalid as invalid:
        ticket = await links.still_open(link)
        filled = Filled(values, {invalid.field.removeprefix("body."): invalid.detail})
        problem = invalid.detail.in_(language)
        return html(
            language, pages.form(links.pages, link, ticket, language, links.now(), problem, filled), invalid.status
        )
    lost = await links.add_files(link, said, chosen_files(form))
    return html(language, pages.result(links.pages, language, ticket, lost=lost.detail.in_(language) if lost else ""))


def _language(chosen: str, link: Link | None, request: Request) -> str:
    if chosen in OURS:
        return chosen
    return (link.language if link else "") or language_of(request)


def _refused(links: LinkHandlers, refusal: Refusal, request: Request, lang: str) -> HTMLResponse:
    language = _language(lang, None, request)
    return html(language, pages.result(links.pages, language, None, refusal.detail.in_(language)), refusal.status)
