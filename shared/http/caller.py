"""Who calls: their permissions, language and idempotency key."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Request, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import StringConstraints

from shared.auth import Permissions, Principal, Scope, check, forbidden, scope_of
from shared.domain import Origin
from shared.http.etag import ETAG_SCHEMA, version_of
from shared.http.language import language_of
from shared.http.middleware import UPLOADS
from shared.scopes import limited

SAME_REQUEST_WITHIN = 60  # seconds
STAFF_SESSION, OWN_PAGES = "bihuan_staff", "x-bihuan"
IDEMPOTENCY_KEY = "Chosen by the client: sent again with the same key, a request has no further effect"
IF_MATCH = "The ETag that was read: the request is refused when there is a newer version"
Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]


@dataclass(frozen=True)
class Caller:
    """Who asks, in which language, and under which conditions."""

    principal: Principal
    permissions: Permissions  # of the service that is asked
    language: str
    origin: Origin

    @property
    def sub(self) -> str:
        return self.principal.sub

    def check(self, permission: str, owner: str = "", company: str = "") -> Scope:
        """By which right they may do this to what is `owner`'s and `company`'s; raises Forbidden.

        A route that acts on one resource asks this for it, with the permission of that act, and goes by the answer:
        `Scope.ALL` acts as staff, everything else as the customer. It never asks whether somebody has a staff role
        at all: who is a requester and an auditor is a customer on their own ticket and nothing on another's.
        """
        return check(self.principal, self.permissions, permission, owner, company)

    def scope_of(self, permission: str) -> Scope | None:
        """The widest scope in which they may do this, for a list; None if they may not at all."""
        return scope_of(self.principal, self.permissions[permission])

    def sees_all(self, permission: str) -> bool:
        """Whether they may do this to everybody's: what a view shows them is then what staff see, also of their own."""
        return self.scope_of(permission) is Scope.ALL


async def service(request: Request) -> Any:  # async: FastAPI hands everything else to a thread
    return request.app.state.service


async def caller_of(
    request: Request,
    authorization: Annotated[str, Header()] = "",
    idempotency_key: Annotated[Key | None, Header(description=IDEMPOTENCY_KEY)] = None,
    if_match: Annotated[str | None, Header(max_length=40, json_schema_extra=ETAG_SCHEMA, description=IF_MATCH)] = None,
) -> Caller:
    principal = await request.app.state.token_verifier.principal(authorization or of_session(request))
    request.state.language = language_of(request, principal)
    origin = Origin(principal.sub, f"http:{request.state.request_id}", if_match=version_of(if_match))
    if request.method not in ("GET", "HEAD"):
        # Of an upload this is the request line alone: its parts are sent with other boundaries each time.
        content = b"" if UPLOADS.search(request.url.path) else await request.body()
        request_line = f"{request.method} {request.url.path}\n".encode()
        digest = hashlib.sha256(request_line + content).hexdigest()[:32]
        if idempotency_key:
            origin = Origin(origin.actor, origin.cause, f"{principal.sub} {idempotency_key}", digest, origin.if_match)
        else:
            origin = Origin(origin.actor, origin.cause, "", digest, origin.if_match)
    permissions = limited(request.app.state.permissions, principal)
    return Caller(principal, permissions, request.state.language, origin)


def of_session(request: Request) -> str:
    """The token that the staff console's browser keeps in a cookie. For a write it counts only beside `X-Bihuan`, a
    header that no form and no page of another origin can send: CSRF ends here (OWASP, custom request headers)."""
    token = request.cookies.get(STAFF_SESSION, "")
    is_ours = request.method in ("GET", "HEAD") or OWN_PAGES in request.headers
    return f"Bearer {token}" if token and is_ours else ""


@dataclass(frozen=True)
class May:
    """The caller, if one of their roles has this permission at all; whose resource it is, the route checks.

    Query parameters that the route does not have are refused like unknown fields of a body, so that a misspelt filter
    is not ignored silently.
    """

    permission: str

    async def __call__(self, request: Request, caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
        if caller.scope_of(self.permission) is None:
            raise forbidden(self.permission)
        if unknown := [name for name in request.query_params if name not in _query_of(request)]:
            raise RequestValidationError([{"type": "extra_forbidden", "loc": ("query", name)} for name in unknown])
        return caller


def may(permission: str) -> Any:
    return Depends(May(permission))


def check_declared(app: FastAPI, permissions: Permissions) -> None:
    """Raises LookupError for a route that asks a permission which nobody declares."""
    for route in iter_route_contexts(app.routes):
        waiting = [route.dependant] if isinstance(route.original_route, APIRoute) else []
        while waiting:
            asked = waiting.pop()
            if isinstance(asked.call, May) and asked.call.permission not in permissions:
                raise LookupError(f"{route.path} asks for {asked.call.permission}, which no service declares")
            waiting += asked.dependencies


_queries: dict[object, frozenset[str]] = {}  # by endpoint: finding them takes as long as half a request


def _query_of(request: Request) -> frozenset[str]:
    """The names of a route's query parameters."""
    endpoint, route = request.scope["endpoint"], request.scope["route"]
    if endpoint not in _queries:
        known = get_flat_params(route.dependant)
        _queries[endpoint] = frozenset(one.alias for one in known if isinstance(one.field_info, params.Query))
    return _queries[endpoint]


def repeatable(origin: Origin) -> Origin:
    """For what people send twice when a connection breaks: without a key of theirs, the same request by the same
    person within a minute counts as one."""
    if origin.key:
        return origin
    key = f"{origin.actor} auto-{origin.digest}"
    return Origin(origin.actor, origin.cause, key, "", origin.if_match, SAME_REQUEST_WITHIN)
