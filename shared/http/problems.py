"""What is answered when something cannot be done: problem details (RFC 9457), in the language of the request."""

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared.domain import Invalid, Refusal, Unavailable
from shared.http.language import language_of
from shared.http.messages import LONGEST_FIELD, sentence
from shared.terms import Text

logger = logging.getLogger(__name__)
WORD_BEGINS = re.compile(r"(?<=[a-z])(?=[A-Z])")

PROBLEM = "application/problem+json"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
HTTP_ERRORS = {
    400: ("Malformed", Text("The request could not be parsed", "无法解析请求内容")),
    404: ("NotFound", Text("The requested address does not exist", "请求的地址不存在")),
    405: ("MethodNotAllowed", Text("The request method is not supported", "不支持的请求方法")),
}
MOST_WRONG = 50  # fields that an answer lists


def request_language(request: Request) -> str:
    return getattr(request.state, "language", "") or language_of(request)


def problem(
    request: Request,
    status: int,
    name: str,
    title: Text,
    detail: Text,
    also: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """`name` identifies it for programs: `WrongState` becomes the code `wrong-state`. `also` are headers, `more`
    members of the problem."""
    language = request_language(request)
    slug = slug_of(name)
    body = {
        "type": f"urn:bihuan:problem:{slug}",
        "code": slug,
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
    return JSONResponse(body, status, headers | dict(also or {}), media_type=PROBLEM)


def slug_of(name: str) -> str:
    return WORD_BEGINS.sub("-", name).lower()


def code_of(refusal: Refusal) -> str:
    """By which programs know it, where several things are answered in one."""
    return slug_of(type(refusal).__name__)


async def on_refusal(request: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refusal)
    more: dict[str, Any] = {}
    if isinstance(refusal, Invalid) and refusal.field:
        more["errors"] = [{"field": refusal.field, "message": refusal.detail.in_(request_language(request))}]
    return problem(request, refusal.status, type(refusal).__name__, refusal.title, refusal.detail, **more)


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    said = [(_field(one["loc"]), sentence(one)) for one in found[:MOST_WRONG]]
    detail = said[0][1]
    if len(found) > 1:
        detail = Text(f"{len(found)} invalid fields; {detail.en}", f"{len(found)} 个字段有误：{detail.zh}")
    language = request_language(request)
    wrong = [{"field": field, "message": words.in_(language)} for field, words in said]
    return problem(request, 422, "Invalid", Invalid.title, detail, errors=wrong)


def _field(loc: Iterable[object]) -> str:
    """`body.customer.name`; what senders call their fields is shortened and made fit to be sent back."""
    return ".".join(map(str, loc))[:LONGEST_FIELD].encode("utf-8", "replace").decode()


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    name, text = HTTP_ERRORS.get(error.status_code) or ("HttpError", Text(str(error.detail), "操作失败"))
    also = {"Allow": ", ".join(methods_of(request))} if error.status_code == 405 else None
    return problem(request, error.status_code, name, text, text, also)


def methods_of(request: Request) -> list[str]:
    """What can be done with this address, as the contract has it, not as a more general route would take
    it. Where there is GET there is HEAD."""
    path = getattr(request.scope.get("route"), "path_format", "")
    known = request.app.openapi()["paths"].get(path, {})
    return [method for method in METHODS if ("get" if method == "HEAD" else method.lower()) in known]


def add_problem_handlers(app: FastAPI, away: tuple[type[Exception], ...]) -> None:
    """Problem answers for everything that can go wrong; `away` are the errors that mean a server is not there."""

    async def on_away(request: Request, error: Exception) -> JSONResponse:
        route = getattr(request.scope.get("route"), "path", "")
        logger.warning("%s %s: a server is away: %s", request.method, route, error)
        sentence = Text(
            "A backend server is not responding; please try again",
            "后端服务暂时无响应，请稍后重试",
        )
        return problem(request, 503, "Unavailable", Unavailable.title, sentence)

    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)
    for error in away:
        app.add_exception_handler(error, on_away)
