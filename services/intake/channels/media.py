"""Fetching the files that people send, from the platform that has them."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

import httpx2

from services.intake.channels.domain import FileRef
from services.intake.channels.payload import parsed
from shared.messengers.platform import MAX_ANSWER, PlatformRefusal, check, refuse
from shared.uploads.file_names import UNNAMED, file_name

OK, REFUSED = range(200, 300), (400, 403)  # with a code that says why
EXTENSION = {"image": ".jpg", "voice": ".amr", "video": ".mp4"}


@dataclass(frozen=True)
class Fetched:
    name: str
    media_type: str
    chunks: AsyncIterator[bytes]


class MediaSource(Protocol):
    def open(self, file: FileRef) -> AbstractAsyncContextManager[Fetched]:
        """Raises PlatformRefusal, TokenRefused; whatever httpx2 raises when the platform is away."""


async def download(http: httpx2.AsyncClient, request: httpx2.Request) -> httpx2.Response:
    """The file's answer, not read yet. Raises as `refuse`, and for JSON that says no instead."""
    response = await http.send(request, stream=True)
    try:
        says_no = is_json(response) and "content-disposition" not in response.headers
        if says_no and response.status_code in (*OK, *REFUSED):
            check(parsed((await response.aread())[:MAX_ANSWER]))
        refuse(response)
        if says_no:
            raise PlatformRefusal("no file", "an answer instead of one")
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
