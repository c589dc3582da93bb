"""The outermost layer of every service: bounds, the duration metric, and an answer for accidents."""

import logging
import re
import time
from collections.abc import Mapping, MutableMapping
from typing import Any
from uuid import uuid4

from fastapi import Request
from fastapi.responses import JSONResponse
from opentelemetry import trace
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.domain import TooLarge
from shared.problems import problem
from shared.telemetry import HTTP_SECONDS, failed
from shared.terms import Text

logger = logging.getLogger(__name__)

BODY_LIMIT = 1024 * 1024
UPLOAD_LIMIT = 21 * 1024 * 1024
UPLOADS = re.compile(r"/attachments$")
ACCIDENT = Text("Internal error", "内部错误")
ACCIDENT_DETAIL = Text(
    "An unexpected error; it is logged under this request's number", "发生意外错误，已按此请求编号记录"
)


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
