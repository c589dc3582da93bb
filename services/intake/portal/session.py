"""Who is at the browser: an access token in a cookie that no script reads and no other site can use.

The token is verified with every request, as the one of an API call is. Here everybody acts as a customer: what roles of
staff somebody has besides counts nothing, so that nothing internal is ever on a page.
"""

import re
from dataclasses import replace
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import Cookie, Depends, Query, Request, Response

from shared.domain import Forbidden, Origin
from shared.http import Caller
from shared.http.language import OURS, language_of
from shared.terms import Role

SESSION, LANGUAGE, ATTEMPT = "bihuan_session", "bihuan_language", "bihuan_sign_in"
PATH = "/portal"
CUSTOMERS = {Role.REQUESTER, Role.COMPANY_VIEWER}
KEY = re.compile(r"[0-9a-f]{32}")


async def visitor(
    request: Request,
    lang: Annotated[str | None, Query(max_length=10, description="`zh` or `en`, from now on")] = None,
) -> str:
    """The language of whoever looks: what they chose, else what the browser asks for."""
    chosen = lang or request.cookies.get(LANGUAGE, "")
    request.state.language = chosen if chosen in OURS else language_of(request)
    return str(request.state.language)


async def customer(
    request: Request,
    language: Annotated[str, Depends(visitor)],
    session: Annotated[str, Cookie(alias=SESSION, description="The access token, set by signing in")] = "",
) -> Caller:
    """Raises Unauthenticated; Forbidden to who is no customer, and to a form that another site sent."""
    if request.method not in ("GET", "HEAD"):
        check_origin(request)
    principal = await request.app.state.token_verifier.principal(f"Bearer {session}")
    roles = principal.roles & CUSTOMERS
    if not roles:
        raise Forbidden(
            "These pages are for customers; your account is not one", "此页面仅供客户使用，您的账号不是客户账号"
        )
    if not (request.query_params.get("lang") or request.cookies.get(LANGUAGE)):
        language = request.state.language = language_of(request, principal)
    origin = Origin(principal.sub, f"http:{request.state.request_id}")
    return Caller(replace(principal, roles=roles), request.app.state.permissions, language, origin)


Visitor = Annotated[str, Depends(visitor)]
Customer = Annotated[Caller, Depends(customer)]


def check_origin(request: Request) -> None:
    """A form is sent from our own pages: browsers say where from (RFC 6454), and what does not is none. Raises
    Forbidden."""
    ours = {request.headers.get("host", ""), urlsplit(request.app.state.runtime.settings.public_url).netloc}
    if urlsplit(request.headers.get("origin", "")).netloc not in ours - {""}:
        raise Forbidden("The form was not sent from this site", "该表单不是从本站提交的")


def keyed(caller: Caller, key: str, digest: str = "") -> Origin:
    """What a form sends twice is done once: each that is shown has a key of its own."""
    if not KEY.fullmatch(key):
        return caller.origin
    return replace(caller.origin, key=f"{caller.sub} portal-{key}", digest=digest)


def remember(
    request: Request,
    response: Response,
    name: str,
    value: str,
    seconds: int | None = None,
    path: str = PATH,
    samesite: Literal["lax", "strict"] = "lax",
) -> None:
    """`seconds`: how long; None: as long as the browser is open."""
    is_secure = request.app.state.runtime.settings.public_url.startswith("https:")
    response.set_cookie(name, value, seconds, path=path, secure=is_secure, httponly=True, samesite=samesite)


def forget(response: Response, name: str, path: str = PATH) -> None:
    response.delete_cookie(name, path=path)
