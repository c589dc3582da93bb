"""What is answered when something cannot be done: problem details (RFC 9457), in the language of the request."""

import logging
import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared.auth import Principal
from shared.domain import Invalid, Refusal, Unavailable
from shared.terms import Text

logger = logging.getLogger(__name__)
WORD_BEGINS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def language_of(request: Request, principal: Principal | None = None) -> str:
    """`zh` or `en`: what the request prefers, else what the person does, else English."""
    preferred = request.headers.get("accept-language", "") or (principal.language if principal else "")
    return "zh" if preferred.lower().lstrip().startswith("zh") else "en"


def problem(request: Request, status: int, name: str, title: Text, detail: Text, **more: Any) -> JSONResponse:
    language = getattr(request.state, "language", "") or language_of(request)
    slug = WORD_BEGINS.sub("-", name).lower()
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
