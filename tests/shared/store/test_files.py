"""Files are there whole or not at all."""

from collections.abc import AsyncIterator

import pytest

from shared.domain import NotFound
from shared.mongo import Files
from tests.shared.store.notes import Desk


async def pieces(*chunks: bytes, error: Exception | None = None) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    if error:
        raise error


async def test_a_file_is_read_as_it_was_saved_and_gone_when_deleted(desk: Desk) -> None:
    files = Files(desk.runtime.database)
    content = bytes(range(256)) * 2000
    await files.save("F-1", "log.txt", pieces(content[:300_000], content[300_000:]))
    assert b"".join([chunk async for chunk in files.read("F-1")]) == content
    await files.delete("F-1")
    with pytest.raises(NotFound):
        await anext(files.read("F-1"))


async def test_of_an_upload_that_breaks_off_nothing_stays(desk: Desk) -> None:
    files = Files(desk.runtime.database)
    with pytest.raises(ConnectionError):
        await files.save("F-1", "log.txt", pieces(b"x" * 600_000, error=ConnectionError("gone")))
    with pytest.raises(NotFound):
        await anext(files.read("F-1"))
    assert await desk.runtime.database["fs.chunks"].count_documents({}) == 0


async def test_of_a_file_that_is_deleted_again_or_was_never_whole_nothing_stays(desk: Desk) -> None:
    files, chunks = Files(desk.runtime.database), desk.runtime.database["fs.chunks"]
    await files.save("F-1", "log.txt", pieces(b"x"))
    await chunks.insert_one({"files_id": "F-2", "n": 0, "data": b"x"})
    for id in ("F-1", "F-1", "F-2", "F-3"):
        await files.delete(id)
    assert await chunks.count_documents({}) == 0
