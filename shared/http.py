"""What every `api.py` stands on: the caller, idempotency, versions, pages, and problem answers (RFC 9457)."""

import hashlib
import logging
import re
import time
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from uuid import uuid4

from fastapi import Depends, FastAPI, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from opentelemetry import trace
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.auth import Principal, check, scope_of
from shared.auth import Scope as AuthScope
from shared.domain import Aggregate, Forbidden, Invalid, Origin, Refusal, TooLarge, Unavailable
from shared.telemetry import HTTP_SECONDS, failed
from shared.terms import Text

logger = logging.getLogger(__name__)
T = TypeVar("T")

BODY_LIMIT = 1024 * 1024
UPLOAD_LIMIT = 21 * 1024 * 1024
UPLOADS = re.compile(r"/attachments$")
SAME_REQUEST_WITHIN = 60  # seconds
ACCIDENT = Text("Internal error", "内部错误")
ACCIDENT_DETAIL = Text(
    "An unexpected error; it is logged under this request's number", "发生意外错误，已按此请求编号记录"
)
Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]


class Body(BaseModel):
    """A request body: unknown fields are errors, so that a misspelt one is not lost in silence."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is the `after` of the following page, absent on the last."""

    items: list[T]
    next: str | None = None


@dataclass(frozen=True)
class Caller:
    """Who asks, in which language, and under which conditions."""

    principal: Principal
    language: str
    origin: Origin

    @property
    def sub(self) -> str:
        return self.principal.sub

    def check(self, permission: str, owner: str = "", company: str = "") -> AuthScope:
        """Raises Forbidden."""
        return check(self.principal, permission, owner, company)


def service(request: Request) -> Any:
    return request.app.state.service


def language_of(request: Request, principal: Principal | None = None) -> str:
    """`zh` or `en`: what the request prefers, else what the person does, else English."""
    preferred = request.headers.get("accept-language", "") or (principal.language if principal else "")
    return "zh" if preferred.lower().lstrip().startswith("zh") else "en"


async def caller_of(
    request: Request,
    authorization: Annotated[str, Header()] = "",
    idempotency_key: Annotated[Key | None, Header()] = None,
    if_match: Annotated[str | None, Header(max_length=40)] = None,
) -> Caller:
    principal = await request.app.state.gatekeeper.principal(authorization)
    request.state.language = language_of(request, principal)
    origin = Origin(principal.sub, f"http:{request.state.request_id}", if_match=_version(if_match))
    if request.method not in ("GET", "HEAD"):
        # An upload is told by its key alone: its content is hashed while it is stored.
        content = b"" if UPLOADS.search(request.url.path) else await request.body()
        request_line = f"{request.method} {request.url.path}\n".encode()
        digest = hashlib.sha256(request_line + content).hexdigest()[:32]
        if idempotency_key:
            origin = Origin(origin.actor, origin.cause, f"{principal.sub}/{idempotency_key}", digest, origin.if_match)
        else:
            origin = Origin(origin.actor, origin.cause, "", digest, origin.if_match)
    return Caller(principal, request.state.language, origin)


def may(permission: str) -> Any:
    """The caller, if one of their roles has this permission at all; whose resource it is, the route checks."""

    async def allowed(caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
        if scope_of(caller.principal, permission) is None:
            raise Forbidden(f"{permission} is not yours to do", f"您没有此操作的权限（{permission}）")
        return caller

    return Depends(allowed)


def repeatable(origin: Origin) -> Origin:
    """For what people send twice when a connection breaks: without a key of theirs, the same request by the same
    person within a minute counts as one."""
    if origin.key:
        return origin
    key = f"{origin.actor}/auto-{origin.digest}"
    return Origin(origin.actor, origin.cause, key, "", origin.if_match, SAME_REQUEST_WITHIN)


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match == "*":
        return None
    try:
        return int(if_match.strip().removeprefix("W/").strip('"'))
    except ValueError as error:
        raise Invalid("If-Match must carry an ETag of ours", "If-Match 必须是本服务给出的 ETag") from error


def tagged(response: Response, aggregate: Aggregate) -> None:
    response.headers["ETag"] = f'"{aggregate.version}"'


After = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=100)]


# ---- problems -----------------------------------------------------------------------------------


def problem(request: Request, status: int, name: str, title: Text, detail: Text, **more: Any) -> JSONResponse:
    language = getattr(request.state, "language", "") or language_of(request)
    slug = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
    body = {
        "type": f"urn:bihuan:problem:{slug}",
        "title": title.in_(language),
        "status": status,
        "detail": detail.in_(language),
        "instance": f"urn:bihuan:request:{getattr(request.state, 'request_id', '')}",
        **more,
    }
    headers = {"Content-Language": language}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        headers["Retry-After"] = "2"
    return JSONResponse(body, status, headers, media_type="application/problem+json")


async def on_refusal(request: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refusal)
    return problem(request, refusal.status, type(refusal).__name__, refusal.title, refusal.detail)


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()[:50]]
    first = f"{errors[0]['field']}: {errors[0]['message']}" if errors else ""
    detail = Text(f"{len(errors)} fields are wrong; {first}", f"{len(errors)} 个字段有误；{first}")
    return problem(request, 422, "Invalid", Invalid.title, detail, errors=errors)


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    zh = {404: "没有这个地址", 405: "不支持的请求方法"}.get(error.status_code, "请求无法执行")
    text = Text(str(error.detail), zh)
    return problem(request, error.status_code, "Http", text, text)


def install(app: FastAPI, away: tuple[type[Exception], ...]) -> None:
    """Problem answers for everything that can go wrong; `away` are the errors that mean a server is not there."""

    async def on_away(request: Request, error: Exception) -> JSONResponse:
        logger.warning("%s %s: a server is away: %s", request.method, request.url.path, error)
        sentence = Text(
            "A server behind us does not answer; nothing was lost, please try again",
            "后端服务暂时无应答，数据未丢失，请稍后重试",
        )
        return problem(request, 503, "Unavailable", Unavailable.title, sentence)

    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)
    for error in away:
        app.add_exception_handler(error, on_away)


class Edge:
    """The outermost layer inside FastAPI's own tracing: a request id, a bound on the body, the duration metric, and a
    problem answer for accidents."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_probe(scope):
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500
        started = False
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        request_id = headers.get("x-request-id", "")[:64] or uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        limit = UPLOAD_LIMIT if UPLOADS.search(scope["path"]) else BODY_LIMIT
        body = _Bounded(receive, headers, limit)

        async def watched(message: Message) -> None:
            nonlocal status, started
            if body.exceeded and not started:
                return  # whatever the app makes of half a body, the answer is 413
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                extra = [(b"x-content-type-options", b"nosniff"), (b"x-request-id", request_id.encode("latin-1"))]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        answer: JSONResponse | None = None
        try:
            if not body.exceeded:
                await self._app(scope, body, watched)
        except Exception as error:
            if not body.exceeded:
                failed(trace.get_current_span(), error)
                logger.exception("%s %s failed", scope["method"], scope["path"])
                if started:
                    raise
                answer = problem(Request(scope), 500, "Accident", ACCIDENT, ACCIDENT_DETAIL)
        if body.exceeded and not started:
            detail = Text(f"a body may have {limit} bytes at most", f"请求内容不得超过 {limit} 字节")
            answer = problem(Request(scope), 413, "TooLarge", TooLarge.title, detail)
        if answer:
            body.exceeded = False
            await answer(scope, receive, watched)
        route = getattr(scope.get("route"), "path", "unmatched")
        seconds = time.perf_counter() - began
        HTTP_SECONDS.labels(self._service, scope["method"], route, str(status)).observe(seconds)


def is_probe(scope: MutableMapping[str, Any]) -> bool:
    """Health checks and metrics are neither traced nor counted."""
    return str(scope["path"]).startswith(("/healthz", "/metrics"))


class _Bounded:
    """A request body that ends in an error once it is longer than it may be."""

    def __init__(self, receive: Receive, headers: Mapping[str, str], limit: int) -> None:
        self._receive = receive
        self._left = limit
        length = headers.get("content-length", "")
        self.exceeded = length.isdigit() and int(length) > limit

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.exceeded = True
            raise ClientDisconnect
        return message
