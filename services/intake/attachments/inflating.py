"""Unpacking gzip while it is read, so that no file is ever in memory as a whole."""

import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing

from shared.texts import off_loop

PIECE = 256 * 1024  # bytes at a time
HEADERS = 31  # for zlib: a gzip header and trailer
MOST_MEMBERS = 100  # logs that were rotated are often joined; more than that is made to keep us busy


class Damaged(Exception):
    """It is not packed with gzip, or not whole."""


async def inflated(packed: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """Never more than a piece at a time. Raises Damaged, after what could be read."""
    stream, members = zlib.decompressobj(HEADERS), 1
    async with aclosing(packed) as chunks:
        async for chunk in chunks:
            rest = chunk
            while rest:
                if stream.eof:
                    stream, members = zlib.decompressobj(HEADERS), members + 1
                if members > MOST_MEMBERS:
                    raise Damaged
                try:
                    piece = await off_loop(len(rest), stream.decompress, rest, PIECE)
                except zlib.error:
                    raise Damaged from None
                yield piece
                rest = stream.unused_data.lstrip(b"\0") if stream.eof else stream.unconsumed_tail
    yield stream.flush()
