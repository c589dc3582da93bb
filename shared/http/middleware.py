"""The outermost layer of every service: bounds, the duration metric, and an answer for internal errors."""

import asyncio
import logging
import re
import time
from collections.abc import Mapping, MutableMapping
from enum import Enum
from typing import Any
from uuid import uuid4

from fastapi import Request
from fastapi.responses import JSONResponse
from opentelemetry import trace
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.domain import TooLarge
from shared.http.problems import problem
from shared.telemetry import HTTP_SECONDS, record_failure
from shared.terms import Text

logger = logging.getLogger(__name__)

BODY_LIMIT = 1024 * 1024
UPLOAD_LIMIT = 21 * 1024 * 1024
UPLOADS = re.compile(r"/attachments$|^/v1/article-imports$|^/links/[^/]+$|^/portal/(?:new|tickets/[^/]+/messages)$")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
TOO_SLOW = Text("Request timeout", "请求超时")
INTERNAL_ERROR = Text("Internal error", "内部错误")
INTERNAL_ERROR_DETAIL = Text(
    "An unexpected error occurred; it is logged under this request ID", "发生意外错误，已按本次请求编号记入日志"
)


class HttpMiddleware:
    """The outermost layer inside FastAPI's own tracing: a request id, bounds on the body's size and on the time it
    takes to come, HEAD wherever there is GET, the duration metric, and a problem answer for internal errors."""

    def __init__(self, app: ASGIApp, service: str, body_seconds: float = 30, upload_seconds: float = 300) -> None:
        self._app = app
        self._service = service
        self._body_seconds = body_seconds
        self._upload_seconds = upload_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_probe(scope):
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500
        started = False
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        asked = headers.get("x-request-id", "")
        request_id = asked if REQUEST_ID.fullmatch(asked) else uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        body = self._bounded_body(scope["path"], receive, headers)
        is_head = scope["method"] == "HEAD"
        inner = {**scope, "method": "GET"} if is_head else scope

        async def watched(message: Message) -> None:
            nonlocal status, started
            if body.failure and not started:
                return  # whatever the app makes of half a body, the answer is ours
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                extra = [(b"x-content-type-options", b"nosniff"), (b"x-request-id", request_id.encode("latin-1"))]
                message["headers"] = [*message["headers"], *extra]
                await send(message)
                if is_head:  # there is no more to come, also where GET would stream without an end
                    await send({"type": "http.response.body", "body": b""})
            elif not is_head:
                await send(message)

        answer: JSONResponse | None = None
        try:
            if not body.failure:
                await self._app(inner, body, watched)
        except Exception as error:
            if not body.failure:
                record_failure(trace.get_current_span(), error)
                logger.exception("%s %s failed", _method(scope), _route(inner))
                if started:
                    raise
                answer = problem(Request(scope), 500, "InternalError", INTERNAL_ERROR, INTERNAL_ERROR_DETAIL)
        if body.failure and not started:
            answer = body.answer(Request(scope))
        if answer:
            body.failure = None
            await answer(scope, receive, watched)
        self._record(_method(scope), _route(inner), status, time.perf_counter() - began, request_id)

    def _record(self, method: str, route: str, status: int, seconds: float, request_id: str) -> None:
        """A line and a figure for each request."""
        HTTP_SECONDS.labels(self._service, method, route, str(status)).observe(seconds)
        about = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        logger.info("%s %s %d", method, route, status, extra={"fields": {**about, "request": request_id}})

    def _bounded_body(self, path: str, receive: Receive, headers: Mapping[str, str]) -> "BoundedBody":
        upload = UPLOADS.search(path)
        limit, seconds = (UPLOAD_LIMIT, self._upload_seconds) if upload else (BODY_LIMIT, self._body_seconds)
        return BoundedBody(receive, headers, limit, seconds)


def _method(scope: Scope) -> str:
    """One of a few, like the route."""
    return scope["method"] if scope["method"] in METHODS else "other"


def _route(scope: Scope) -> str:
    """The address as it is declared: what was called may hold a secret, and is not one of a few."""
    return getattr(scope.get("route"), "path", "unmatched")


def is_probe(scope: MutableMapping[str, Any]) -> bool:
    """Health checks and metrics are neither traced nor counted."""
    return str(scope["path"]).startswith(("/healthz", "/metrics"))


class BodyError(Enum):
    LARGE = "large"
    SLOW = "slow"


class BoundedBody:
    """A request body that ends in an error once it is longer than it may be, or has not come in time."""

    def __init__(self, receive: Receive, headers: Mapping[str, str], limit: int, seconds: float) -> None:
        self._receive = receive
        self._limit = self._left = limit
        self._seconds = seconds
        self._until = asyncio.get_running_loop().time() + seconds
        self._is_whole = False
        length = headers.get("content-length", "")
        self.failure = BodyError.LARGE if length.isdigit() and int(length) > limit else None

    async def __call__(self) -> Message:
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            self.failure = BodyError.SLOW
            raise ClientDisconnect from None
        self._is_whole = not message.get("more_body", False)
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.failure = BodyError.LARGE
            raise ClientDisconnect
        return message

    def answer(self, request: Request) -> JSONResponse:
        """The connection ends with it: the rest of the body is not waited for."""
        also = {"Connection": "close"}
        if self.failure is BodyError.SLOW:
            late = Text(
                f"The request body did not arrive within {self._seconds:g} seconds",
                f"请求内容未在 {self._seconds:g} 秒内到达",
            )
            return problem(request, 408, "TooSlow", TOO_SLOW, late, also)
        large = Text(f"The request body may not exceed {self._limit} bytes", f"请求内容不得超过 {self._limit} 字节")
        return problem(request, 413, "TooLarge", TooLarge.title, large, also)
