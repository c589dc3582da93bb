"""Fetching the files that people send, from the platform that has them.

A platform says no with HTTP 200 and a code that is not 0, so the code counts. A token is asked for again when the
platform no longer takes it.
"""

import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import httpx2

from services.intake.attachments.file_names import UNNAMED, file_name
from services.intake.channels.domain import FileRef
from services.intake.channels.payload import parsed, text

EXTENSION = {"image": ".jpg", "voice": ".amr", "video": ".mp4"}
EARLIER = 120.0  # seconds before its end a token is no longer used
MAX_ANSWER = 64 * 1024  # bytes of an answer that is no file
DEFAULT_SECONDS = 7200.0


class MediaGone(Exception):
    """The platform does not have it (any more), or does not give it to us."""


class TokenRefused(Exception):
    """The platform no longer takes our token."""


@dataclass(frozen=True)
class Fetched:
    name: str
    media_type: str
    chunks: AsyncIterator[bytes]


class MediaSource(Protocol):
    def open(self, file: FileRef) -> AbstractAsyncContextManager[Fetched]:
        """Raises MediaGone; whatever httpx2 raises when the platform is away."""


class Token:
    """One that the platform gives for some time."""

    def __init__(self) -> None:
        self._value = ""
        self._until = 0.0

    def current(self) -> str:
        """Empty when a new one is to be asked for."""
        return self._value if time.monotonic() < self._until else ""

    def keep(self, value: str, seconds: object) -> str:
        lasts = float(seconds) if isinstance(seconds, int | float) else DEFAULT_SECONDS
        self._value, self._until = value, time.monotonic() + max(lasts - EARLIER, 0.0)
        return value

    def drop(self) -> None:
        self._value = ""


def answer_of(response: httpx2.Response) -> dict[str, Any]:
    """JSON. Raises HTTPStatusError for 429 and 5xx, MediaGone for what else is no success."""
    refuse(response)
    return parsed(response.content[:MAX_ANSWER])


def refuse(response: httpx2.Response) -> None:
    if response.status_code == 429 or response.status_code >= 500:
        response.raise_for_status()
    if response.status_code == 401:
        raise TokenRefused
    if response.status_code >= 300:
        raise MediaGone(f"HTTP {response.status_code}")


async def download(http: httpx2.AsyncClient, request: httpx2.Request) -> httpx2.Response:
    """The file's answer, not read yet. Raises as `refuse`; TokenRefused or MediaGone for JSON that says no instead."""
    response = await http.send(request, stream=True)
    try:
        refuse(response)
        if is_json(response) and "content-disposition" not in response.headers:
            check(parsed((await response.aread())[:MAX_ANSWER]))
            raise MediaGone("an answer instead of a file")
    except BaseException:
        await response.aclose()
        raise
    return response


def fetched(response: httpx2.Response, file: FileRef) -> Fetched:
    named = file.name or file_name(response.headers.get("content-disposition", ""))
    name = named if named != UNNAMED else f"{file.kind}{EXTENSION.get(file.kind, '')}"
    media_type = response.headers.get("content-type", "").partition(";")[0].strip()
    return Fetched(name, media_type[:100] or "application/octet-stream", response.aiter_bytes())


def is_json(response: httpx2.Response) -> bool:
    return bool(response.headers.get("content-type", "").startswith("application/json"))


TOKEN_CODES = (40014, 42001, 40001, 99991663, 99991668, 99991677)  # of WeCom and Feishu: the token is not taken


def code_of(said: dict[str, Any]) -> int:
    code = said.get("errcode", said.get("code", 0))
    return code if isinstance(code, int) else -1


def check(said: dict[str, Any]) -> dict[str, Any]:
    """Raises TokenRefused, MediaGone when it says no."""
    if code := code_of(said):
        raise TokenRefused if code in TOKEN_CODES else MediaGone(f"{code} {text(said, 'errmsg') or text(said, 'msg')}")
    return said
