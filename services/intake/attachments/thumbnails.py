"""Small pictures of attached ones, made when somebody looks; browsers keep them."""

import asyncio
import contextlib
import sys
from dataclasses import dataclass, field
from pathlib import Path

from services.intake.tickets.values import Attachment
from shared.domain import NotFound
from shared.mongo import Files
from shared.terms import Text

PROGRAM = Path(__file__).with_name("thumbnailer.py")
MEDIA_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
SECONDS = 15.0  # of which the program has ten on the processor
AT_ONCE = 2


class NoThumbnail(NotFound):
    title = Text("There is no preview of this file", "该文件无法预览")


@dataclass(frozen=True)
class Thumbnails:
    files: Files
    seconds: float = SECONDS
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def of(self, file: Attachment) -> bytes:
        """WebP, 320 pixels at most each way. Raises NoThumbnail for what is no picture, too large or broken."""
        if file.media_type not in MEDIA_TYPES:
            raise NoThumbnail(f"{file.name} is no picture", f"{file.name} 不是可预览的图片")
        async with self._room:
            content = b"".join([chunk async for chunk in self.files.read(file.id)])
            made = await self._made(content)
        if not made:
            raise NoThumbnail(
                f"{file.name} is broken, or has too many pixels", f"{file.name} 已损坏，或像素过多，无法预览"
            )
        return made

    async def _made(self, content: bytes) -> bytes:
        """Empty when it cannot be made, or not in time."""
        pipe = asyncio.subprocess.PIPE
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(PROGRAM), stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env={}
        )
        try:
            async with asyncio.timeout(self.seconds):
                made, _ = await program.communicate(content)
        except TimeoutError:
            return b""
        finally:
            with contextlib.suppress(ProcessLookupError):
                program.kill()
            await program.wait()
        return made if program.returncode == 0 else b""
