"""What is answered when something cannot be done: a page, in words, and with a way on."""

import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from services.intake.attachments.multipart import MOST_FILES
from services.intake.portal.shown import page
from services.intake.portal.sign_in import SignInFailed
from shared.domain import NotFound, Refusal, Unauthenticated, Unavailable
from shared.http.middleware import BODY_LIMIT
from shared.http.problems import request_language
from shared.mongo import TRANSIENT_ERRORS
from shared.terms import Text
from shared.uploads.multipart import form_of

logger = logging.getLogger(__name__)
UNCLEAR = Text("The address or the form is not one of ours", "地址或表单无效")
OVER = "session_over"


class PageRoute(APIRoute):
    """A route whose refusals are pages. Who has not signed in is sent to where one does; what they had filled in, when
    their session ended meanwhile, is kept."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await inner(request)
            except SignInFailed as refusal:
                return failed(request, refusal, sign_in=True)
            except Unauthenticated:
                return await _sign_in(request)
            except Refusal as refusal:
                return failed(request, refusal)
            except RequestValidationError:
                return failed(request, NotFound(*UNCLEAR), 422)
            except TRANSIENT_ERRORS as error:
                logger.warning("%s: a server is away: %s", self.path, error)
                return failed(request, Unavailable("Please try again in a moment", "请稍后重试"))

        return handle


def failed(request: Request, refusal: Refusal, status: int = 0, sign_in: bool = False) -> Response:
    language = request_language(request)
    answer = page(
        request,
        None,
        "message.html",
        language,
        status or refusal.status,
        title=refusal.title.in_(language),
        problem=refusal.detail.in_(language),
        words="",
        sign_in=sign_in,
    )
    return _with_headers(answer)


async def _sign_in(request: Request) -> Response:
    if request.method in ("GET", "HEAD"):
        to = quote(request.url.path, safe="/")
        return RedirectResponse(f"/portal/sign-in?to={to}", 303, {"Cache-Control": "no-store"})
    language, portal = request_language(request), request.app.state.service.portal
    words = portal.pages.words(language)
    kept: list[tuple[str, str]] = []
    if request.headers.get("content-length", "").isdigit() and int(request.headers["content-length"]) <= BODY_LIMIT:
        with contextlib.suppress(Refusal):  # what is no form holds nothing to keep
            async with form_of(request, MOST_FILES) as form:
                kept = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    answer = page(
        request,
        None,
        "message.html",
        language,
        401,
        title=words(OVER),
        problem="",
        words=words(f"{OVER}_hint"),
        kept=kept,
        again=request.url.path,
    )
    return _with_headers(answer)


def _with_headers(answer: Response) -> Response:
    """Headers that HTTP wants with some statuses."""
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if answer.status_code == 503:
        answer.headers["Retry-After"] = "2"
    return answer
