"""Looking into archives where they are stored."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from services.intake.attachments.inflating import Damaged, inflated
from services.intake.attachments.listing import (
    DIRECTORY_BYTES,
    END_BYTES,
    Entry,
    Listing,
    NoArchive,
    TarReader,
    directory_of,
    zip_entries,
)
from services.intake.tickets.values import Attachment
from shared.domain import NotFound
from shared.mongo import Files
from shared.terms import Text
from shared.texts import off_loop
from shared.uploads.content_types import ending_of

LOOKED_THROUGH = 64 * 1024 * 1024  # bytes of a packed tar archive
PACKED = ("tar", "tgz", "gz", "gzip")
ZIPS = frozenset(["zip", "jar", "war", "docx", "xlsx", "pptx", "odt", "ods", "odp"])


class NotListed(NotFound):
    title = Text("The archive cannot be listed", "无法列出压缩包内容")


@dataclass(frozen=True)
class Archive:
    """`format` is `zip`, `tar`, `tar.gz` or `gzip`."""

    format: str
    listing: Listing


def is_listed(name: str) -> bool:
    """By its name, as people call archives."""
    return ending_of(name) in (*PACKED, "zip")


async def look_into(files: Files, file: Attachment) -> Archive:
    """Raises NotListed for what is no archive, is damaged, or is of another kind."""
    name, ending = file.name.lower(), ending_of(file.name)
    try:
        if ending in ZIPS or file.media_type == "application/zip":
            return Archive("zip", await zip_listing(files, file))
        if ending == "tar":
            return Archive("tar", await _tar(files.read(file.id)))
        if name.endswith((".tar.gz", ".tgz")):
            return Archive("tar.gz", await _tar(inflated(files.read(file.id))))
        if ending in ("gz", "gzip"):
            return Archive("gzip", await _gzip(files, file))
    except (NoArchive, Damaged):
        raise NotListed(f"{file.name} is damaged, or no archive", f"{file.name} 已损坏，或不是压缩包") from None
    raise NotListed(
        f"{file.name}: only zip, tar and gzip archives are listed", f"{file.name}：仅支持列出 zip、tar、gzip 压缩包"
    )


async def zip_listing(files: Files, file: Attachment) -> Listing:
    """Raises NoArchive."""
    end = await _bytes(files, file.id, max(0, file.size - END_BYTES), END_BYTES)
    start, length, count = directory_of(end, file.size)
    directory = await _bytes(files, file.id, start, min(length, DIRECTORY_BYTES))
    return await off_loop(len(directory), zip_entries, directory, count)


async def _tar(content: AsyncGenerator[bytes]) -> Listing:
    reader, seen = TarReader(), 0
    async with aclosing(content) as chunks:
        async for chunk in chunks:
            reader.feed(chunk)
            seen += len(chunk)
            if reader.ended or not reader.listing.complete:
                break
            if seen > LOOKED_THROUGH:
                reader.listing.complete = False
                break
    if not reader.listing.entries and not reader.ended:
        raise NoArchive
    return reader.listing


async def _gzip(files: Files, file: Attachment) -> Listing:
    """One file: the trailer says its size."""
    end = await _bytes(files, file.id, max(0, file.size - 4), 4)
    path = file.name.rpartition(".")[0]
    return Listing([Entry(path, int.from_bytes(end, "little"), file.size)])


async def _bytes(files: Files, id: str, start: int, most: int) -> bytes:
    found = bytearray()
    async with aclosing(files.read(id, start)) as chunks:
        async for chunk in chunks:
            found += chunk
            if len(found) >= most:
                break
    return bytes(found[:most])
