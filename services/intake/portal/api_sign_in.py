"""Signing in and out of the customers' pages."""

from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.intake.portal.handlers import PortalHandlers
from services.intake.portal.route import PageRoute
from services.intake.portal.session import ATTEMPT, SESSION, Visitor, check_origin, forget, remember
from services.intake.portal.shown import page
from services.intake.portal.sign_in import HOME, WITHIN, Attempt, SignInFailed
from shared.domain import Unauthenticated

router = APIRouter(prefix="/portal", tags=["portal"], route_class=PageRoute)
NO_STORE = {"Cache-Control": "no-store"}
GONE_ON = {303: {"description": "Go on there"}}
Code = Annotated[str, Query(max_length=2000, description="What the provider gave the browser")]


async def handlers(request: Request) -> PortalHandlers:
    found: PortalHandlers = request.app.state.service.portal
    return found


Portal = Annotated[PortalHandlers, Depends(handlers)]


@router.get("/sign-in", response_class=HTMLResponse, responses={303: {"description": "Go on at the provider"}})
async def begin_sign_in(
    request: Request,
    portal: Portal,
    language: Visitor,
    to: Annotated[str, Query(max_length=200, description="The page to go to afterwards")] = HOME,
) -> Response:
    """Go to the provider to sign in, and come back."""
    settings = portal.provider.settings
    if not settings.url:
        return page(
            request, None, "message.html", language,
            title=portal.pages.words(language)("sign_in"), problem="",
            words=portal.pages.words(language)("no_sign_in"), sign_in=False,
        )  # fmt: skip
    attempt = Attempt.begin(to)
    address = attempt.address(settings.url, settings.client, settings.scope, _back(request))
    answer = RedirectResponse(address, 303, NO_STORE)
    sealed = attempt.sealed(portal.secret, portal.tickets.now())
    remember(request, answer, ATTEMPT, sealed, int(WITHIN.total_seconds()))
    return answer


@router.get("/sign-in/done", response_class=HTMLResponse, responses={303: {"description": "Signed in"}})
async def end_sign_in(
    request: Request,
    portal: Portal,
    language: Visitor,
    code: Code = "",
    state: Code = "",
    attempt: Annotated[str, Cookie(alias=ATTEMPT, description="What was begun in this browser")] = "",
) -> Response:
    """Where the provider sends the browser back to."""
    if not portal.provider.settings.url:
        raise SignInFailed("Signing in is not set up here", "此处尚未开通登录")
    begun = Attempt.unsealed(attempt, portal.secret, state, portal.tickets.now())
    if not code:
        raise SignInFailed("The sign-in was cancelled", "登录已取消")
    token = await portal.provider.token(code, begun.verifier, _back(request))
    try:
        await request.app.state.token_verifier.principal(f"Bearer {token}")
    except Unauthenticated as error:  # never back to the provider at once: it would go on for ever
        raise SignInFailed(*error.detail) from error
    answer = RedirectResponse(begun.to, 303, NO_STORE)
    remember(request, answer, SESSION, token)
    forget(answer, ATTEMPT)
    return answer


@router.post("/sign-out", response_class=HTMLResponse)
async def sign_out(request: Request, portal: Portal, language: Visitor) -> Response:
    """Forget who is at this browser. The provider is not told."""
    check_origin(request)
    t = portal.pages.words(language)
    answer = page(
        request, None, "message.html", language,
        title=t("sign_out"), problem="", words=t("signed_out"), sign_in=True,
    )  # fmt: skip
    forget(answer, SESSION)
    return answer


def _back(request: Request) -> str:
    return f"{request.app.state.runtime.settings.public_url.rstrip('/')}/portal/sign-in/done"
