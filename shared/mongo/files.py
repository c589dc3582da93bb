"""Files in GridFS."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from inspect import isawaitable
from typing import Any

from gridfs.errors import NoFile

from shared.domain import NotFound
from shared.mongo.database import Database
from shared.mongo.documents import ensure_index


class Files:
    """Attachments in GridFS, streamed in and out in chunks."""

    def __init__(self, database: Database) -> None:
        self._of = database
        if database.driver == "motor":
            from motor.motor_asyncio import AsyncIOMotorGridFSBucket

            self._bucket: Any = AsyncIOMotorGridFSBucket(database.handle)
        else:
            from gridfs.asynchronous import AsyncGridFSBucket

            self._bucket = AsyncGridFSBucket(database.handle)

    async def ensure_indexes(self) -> None:
        """Those that the driver would create while it stores the first file."""
        await ensure_index(self._of["fs.files"], [("filename", 1), ("uploadDate", 1)])
        await ensure_index(self._of["fs.chunks"], [("files_id", 1), ("n", 1)], unique=True)

    async def save(self, id: str, name: str, chunks: AsyncIterator[bytes]) -> None:
        """All or nothing: when the chunks end with an error nothing stays behind."""
        grid = self._bucket.open_upload_stream_with_id(id, name)
        try:
            async for chunk in chunks:
                await grid.write(chunk)
        except BaseException:
            await grid.abort()
            raise
        await grid.close()

    async def read(self, id: str, start: int = 0) -> AsyncGenerator[bytes]:
        """From this byte on. Raises NotFound."""
        try:
            grid = await self._bucket.open_download_stream(id)
        except NoFile as error:
            raise NotFound(f"File {id} does not exist", f"文件 {id} 不存在") from error
        if start:
            sought = grid.seek(start)
            if isawaitable(sought):  # with PyMongo's own client, not with Motor
                await sought
        while chunk := await grid.readchunk():
            yield chunk

    async def delete(self, id: str) -> None:
        """Also what an upload that was cut off has left; one that is gone is no error."""
        with suppress(NoFile):  # which comes after the chunks are deleted
            await self._bucket.delete(id)
