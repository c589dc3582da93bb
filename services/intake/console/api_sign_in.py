"""Signing in to the staff console and out of it. Who is at the browser is in a cookie that no script reads; that a
write comes from the console's own pages shared.http sees to."""

from typing import Annotated

from fastapi import APIRouter, Cookie, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.background import BackgroundTask

from services.intake.portal.handlers import PortalHandlers
from services.intake.portal.session import ATTEMPT, CUSTOMERS, forget, remember
from services.intake.portal.sign_in import WITHIN, Attempt, SignInFailed
from shared.auth import Principal
from shared.domain import Forbidden, Refusal, Unauthenticated
from shared.http.caller import OWN_PAGES, STAFF_SESSION
from shared.http.language import language_of

HOME = "/console"
router = APIRouter(prefix=HOME, include_in_schema=False)
NO_STORE = {"Cache-Control": "no-store"}
Code = Annotated[str, Query(max_length=2000)]
Session = Annotated[str, Cookie(alias=STAFF_SESSION)]


class NotStaff(Forbidden):
    """A customer at the console."""


# What the console is told of an attempt that failed; it has the words for it.
WHY: dict[type[Refusal], str] = {NotStaff: "not_staff", SignInFailed: "failed"}


@router.get("/sign-in")
async def begin(request: Request, to: Annotated[str, Query(max_length=200)] = HOME) -> Response:
    """Go to the provider to sign in, and come back. Everybody may."""
    portal = _portal(request)
    provider = portal.provider.settings
    if not provider.url:
        return _failed("not_set_up")
    attempt = Attempt.begin(to, HOME)
    there = attempt.address(provider.url, provider.client, provider.scope, _back(request))
    answer = RedirectResponse(there, 303, NO_STORE)
    sealed = attempt.sealed(portal.secret, portal.tickets.now())
    remember(request, answer, ATTEMPT, sealed, int(WITHIN.total_seconds()), HOME)
    return answer


@router.get("/sign-in/done")
async def end(
    request: Request, code: Code = "", state: Code = "", attempt: Annotated[str, Cookie(alias=ATTEMPT)] = ""
) -> Response:
    """Where the provider sends the browser back to. Customers have pages of their own."""
    try:
        begun, token, principal = await _token(request, code, state, attempt)
    except Refusal as refusal:  # never back to the provider at once: it would go on for ever
        return _failed(next((why for kind, why in WHY.items() if isinstance(refusal, kind)), "unavailable"))
    answer = RedirectResponse(begun.to, 303, NO_STORE)
    # Afterwards: whoever signs in while our database is away can work with the other services.
    answer.background = BackgroundTask(request.app.state.service.staff.enter, principal)
    remember(request, answer, STAFF_SESSION, token, path="/", samesite="strict")
    forget(answer, ATTEMPT, HOME)
    return answer


@router.get("/session")
async def read_session(request: Request, session: Session = "") -> Response:
    """Who is at this browser; 204 for nobody, which is no error."""
    try:
        principal = await request.app.state.token_verifier.principal(f"Bearer {session}")
    except Unauthenticated:
        return Response(status_code=204, headers=NO_STORE)
    who = {
        "sub": principal.sub,
        "name": principal.name or principal.sub,
        "roles": sorted(principal.roles - CUSTOMERS),
        "language": language_of(request, principal),
        "now": request.app.state.runtime.now().isoformat(),
    }
    return JSONResponse(who, headers=NO_STORE)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Forget who is at this browser. The provider is not told. Raises Forbidden to a form of another site."""
    if OWN_PAGES not in request.headers:
        raise Forbidden("This was not sent from the console", "该请求不是从工作台发出的")
    answer = Response(status_code=204, headers=NO_STORE)
    forget(answer, STAFF_SESSION, "/")
    return answer


async def _token(request: Request, code: str, state: str, attempt: str) -> tuple[Attempt, str, Principal]:
    portal = _portal(request)
    begun = Attempt.unsealed(attempt, portal.secret, state, portal.tickets.now(), HOME)
    if not code:
        raise SignInFailed("The sign-in was cancelled", "登录已取消")
    token = await portal.provider.token(code, begun.verifier, _back(request))
    try:
        principal = await request.app.state.token_verifier.principal(f"Bearer {token}")
    except Unauthenticated as error:
        raise SignInFailed(*error.detail) from error
    if not principal.roles - CUSTOMERS:
        raise NotStaff("The console is for staff; your account is a customer's", "工作台仅供客服人员使用")
    return begun, token, principal


def _portal(request: Request) -> PortalHandlers:
    found: PortalHandlers = request.app.state.service.portal
    return found


def _back(request: Request) -> str:
    return f"{request.app.state.runtime.settings.public_url.rstrip('/')}{HOME}/sign-in/done"


def _failed(why: str) -> Response:
    return RedirectResponse(f"{HOME}?sign_in={why}", 303, NO_STORE)
