"""Pages behind signed links: a customer reviews a solution, gives feedback or consents without signing in."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse

from services.intake.links import pages
from services.intake.links.handlers import LinkHandlers
from shared.domain import Refusal
from shared.http.language import language_of
from shared.terms import Known, OptionalParagraph, Satisfaction

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


LinkToken = Annotated[str, Path(description="What the link was made with")]
Handlers = Annotated[LinkHandlers, Depends(handlers)]


@router.get("/{token}", response_class=HTMLResponse)
async def open_link(token: LinkToken, request: Request, links: Handlers) -> HTMLResponse:
    """The page of a link: the solution it is about, and a form for its one action. It says so when nothing is left
    to do."""
    try:
        link, ticket = await links.open(token)
    except Refusal as refusal:
        return _refused(refusal, request)
    language = link.language or language_of(request)
    return _html(language, pages.form(ticket, link.action, language))


@router.post("/{token}", response_class=HTMLResponse)
async def answer_link(
    token: LinkToken,
    request: Request,
    links: Handlers,
    satisfaction: Annotated[Known[Satisfaction] | None, Form()] = None,
    comment: Annotated[OptionalParagraph, Form()] = "",
) -> HTMLResponse:
    """Carry out the action. Doing so twice has no further effect."""
    try:
        link, ticket = await links.act(token, satisfaction, comment)
    except Refusal as refusal:
        return _refused(refusal, request)
    language = link.language or language_of(request)
    return _html(language, pages.page(language, pages.THANKS, ticket))


def _refused(refusal: Refusal, request: Request) -> HTMLResponse:
    language = language_of(request)
    return _html(language, pages.page(language, pages.FAILED, None, refusal.detail.in_(language)), refusal.status)


def _html(language: str, page: str, status: int = 200) -> HTMLResponse:
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Content-Language": language,
    }
    return HTMLResponse(page, status, headers)
