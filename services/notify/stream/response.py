"""The response of a live stream, which ends when its reader is cut off, also while the reader's connection takes
nothing."""

import asyncio
from collections.abc import AsyncIterable, Mapping

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from services.notify.stream.reader import Reader
from shared.tasks import cancel_all

LAST_WORDS = 5.0  # seconds in which what was begun may still be written


class EventStream(StreamingResponse):
    def __init__(
        self, reader: Reader, content: AsyncIterable[bytes], headers: Mapping[str, str], media_type: str
    ) -> None:
        super().__init__(content, headers=headers, media_type=media_type)
        self._reader = reader

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        writing = asyncio.create_task(super().__call__(scope, receive, send))
        closed = asyncio.create_task(self._reader.ended())
        try:
            await asyncio.wait([writing, closed], return_when=asyncio.FIRST_COMPLETED)
            if not writing.done():
                await asyncio.wait([writing], timeout=LAST_WORDS)
        finally:
            if not writing.done():
                self._reader.was_cut = True
            await cancel_all([writing, closed])
        if not writing.cancelled():
            writing.result()
