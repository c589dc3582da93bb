"""Logs in a zip archive (APPNOTE 6.3.10), read where they are stored, one after the other as if they were one text."""

import struct
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import pairwise

from services.intake.attachments.archives import zip_listing
from services.intake.attachments.inflating import MOST_RATIO, UNSUSPECTED, Bomb, Damaged, deflated, sparing
from services.intake.attachments.listing import Entry, NoArchive
from services.intake.tickets import logs
from services.intake.tickets.values import Attachment
from shared.mongo import Files

MOST_LOGS = 20  # of one archive
STORED, DEFLATED = 0, 8
HEADER, HEADER_BYTES = b"PK\x03\x04", 30


class Locked(Exception):
    """What could be read is protected with a password."""


class NoLogs(Exception):
    """Nothing in it is a log by its name."""


@dataclass(frozen=True)
class Logs:
    """`complete`: these are all."""

    entries: Sequence[Entry]
    complete: bool


async def logs_in(files: Files, file: Attachment) -> Logs:
    """Its logs by their names, or the one file in it; archives in it are not unpacked. Raises Damaged, Bomb, Locked,
    NoLogs."""
    try:
        listing = await zip_listing(files, file)
    except NoArchive:
        raise Damaged from None
    there = [one for one in listing.entries if not (one.folder or one.nested) and one.method in (STORED, DEFLATED)]
    named = [one for one in there if logs.is_log(one.path)] or (there if len(there) == 1 else [])
    if not named:
        raise NoLogs
    found = [one for one in named if not one.encrypted]
    if not found:
        raise Locked
    if any(one.size > UNSUSPECTED and one.size > MOST_RATIO * (one.packed or 0) for one in found) or _overlap(found):
        raise Bomb
    complete = listing.complete and len(found) == len(named) <= MOST_LOGS
    return Logs([one for one in found if one.size][:MOST_LOGS], complete)


async def content_of(files: Files, file: Attachment, entry: Entry) -> AsyncGenerator[bytes]:
    """Unpacked. Raises Damaged, Bomb."""
    packed = _packed(files, file, entry)
    given = 0
    async with aclosing(sparing(packed, deflated) if entry.method == DEFLATED else packed) as chunks:
        async for chunk in chunks:
            given += len(chunk)
            if given > entry.size:
                raise Bomb
            yield chunk


async def _packed(files: Files, file: Attachment, entry: Entry) -> AsyncGenerator[bytes]:
    """Behind the header that stands before it, as many bytes as the directory says."""
    head, skip, left = bytearray(), -1, entry.packed or 0
    async with aclosing(files.read(file.id, entry.at)) as chunks:
        async for chunk in chunks:
            piece = chunk
            if skip < 0:
                head += chunk
                if len(head) < HEADER_BYTES:
                    continue
                if head[:4] != HEADER:
                    raise Damaged
                skip, piece = HEADER_BYTES + sum(struct.unpack_from("<HH", head, 26)), bytes(head)
            passed = min(skip, len(piece))
            skip, piece = skip - passed, piece[passed:][:left]
            left -= len(piece)
            if piece:
                yield piece
            if not left:
                return


def _overlap(entries: Sequence[Entry]) -> bool:
    """Whether two are said to be at the same place, so that little unpacks to much."""
    ordered = sorted(entries, key=lambda one: one.at)
    return any(one.at + (one.packed or 0) > other.at for one, other in pairwise(ordered))
