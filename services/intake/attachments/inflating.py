"""Unpacking files while they are read, so that none is ever in memory as a whole."""

import zlib
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from shared.texts import off_loop

PIECE = 256 * 1024  # bytes at a time
HEADERS = 31  # for zlib: a gzip header and trailer
MOST_MEMBERS = 100  # logs that were rotated are often joined; more than that is made to keep us busy


UNSUSPECTED = 1024 * 1024  # bytes that anything may unpack to
COUNTED = 4 * 1024  # packed bytes at a time, so that it is known what they unpack to
MOST_RATIO = 250  # logs are packed to a tenth or a thirtieth, and nothing can be packed to less than a 1,032nd


class Damaged(Exception):
    """It is not packed as it says, or not whole."""


class Bomb(Exception):
    """It would unpack to far more than files do, or says wrongly what is in it."""


async def inflated(packed: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """Never more than a piece at a time. Raises Damaged, after what could be read."""
    stream, members = zlib.decompressobj(HEADERS), 1
    async with aclosing(packed) as chunks:
        async for chunk in chunks:
            rest = chunk.lstrip(b"\0") if stream.eof else chunk  # tapes and disks fill up with zeros
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
    yield _rest_of(stream)


async def deflated(packed: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """Of a zip archive's entry, without a header (RFC 1951). Raises Damaged, after what could be read."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    async with aclosing(packed) as chunks:
        async for chunk in chunks:
            rest = chunk
            while rest and not stream.eof:
                try:
                    piece = await off_loop(len(rest), stream.decompress, rest, PIECE)
                except zlib.error:
                    raise Damaged from None
                yield piece
                rest = stream.unconsumed_tail
    yield _rest_of(stream)


def _rest_of(stream: "zlib._Decompress") -> bytes:
    """Raises Damaged where it was cut off."""
    rest = stream.flush()
    if not stream.eof:
        raise Damaged
    return rest


async def sparing(
    packed: AsyncGenerator[bytes], unpack: Callable[[AsyncGenerator[bytes]], AsyncGenerator[bytes]]
) -> AsyncGenerator[bytes]:
    """Unpacked only as long as that is not out of all proportion. Raises Bomb, and as `unpack` does."""
    taken = given = 0

    async def counted() -> AsyncGenerator[bytes]:
        nonlocal taken
        async with aclosing(packed) as chunks:
            async for chunk in chunks:
                for at in range(0, len(chunk), COUNTED):
                    taken += len(chunk[at : at + COUNTED])
                    yield chunk[at : at + COUNTED]

    async with aclosing(unpack(counted())) as pieces:
        async for piece in pieces:
            given += len(piece)
            if given > UNSUSPECTED and given > MOST_RATIO * taken:
                raise Bomb
            yield piece
