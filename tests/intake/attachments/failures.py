"""Attachments of one ticket, with parts of the service that lose answers or die."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any

from pymongo.errors import AutoReconnect

from services.intake.attachments.handlers import CLEAN_UP_AFTER, AttachmentHandlers
from services.intake.tickets.domain import Ticket
from shared.domain import Origin
from shared.testing import World

LOG = b"java.lang.OutOfMemoryError\n" * 20_000
WHOLE = CLEAN_UP_AFTER.total_seconds()
ME = Origin("u-wang")


@dataclass
class Scene:
    world: World
    number: str

    @property
    def attachments(self) -> AttachmentHandlers:
        found: AttachmentHandlers = self.world.apps["intake"].state.service.attachments
        return found

    async def add(self, at: AttachmentHandlers | None = None, content: bytes = LOG, by: Origin = ME) -> Ticket:
        return await (at or self.attachments).add(self.number, "a.log", "text/plain", pieces(content), customer, by)

    async def ids(self, collection: str, field: str) -> set[str]:
        return {doc[field] async for doc in self.world.runtimes["intake"].database[collection].find({})}

    async def stored(self) -> set[str]:
        return await self.ids("fs.files", "_id") | await self.ids("fs.chunks", "files_id")

    async def taken(self) -> set[str]:
        """Each of them whole."""
        ticket = await self.attachments.tickets.get(self.number)
        for one in ticket.attachments:
            content = b"".join([chunk async for chunk in self.attachments.files.read(one.id)])
            assert (len(content), content) == (one.size, LOG)
        return {one.id for one in ticket.attachments}

    async def is_clean(self) -> bool:
        """Stored is what the ticket has, and nothing is under way."""
        return await self.stored() == await self.taken() and not await self.ids("upload", "_id")

    async def sweep(self) -> None:
        await self.attachments.clean_up([upload.id async for upload in self.attachments.uploads.all()])


def customer(_: Ticket) -> bool:
    return False


async def pieces(content: bytes, size: int = 255 * 1024) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


class Around:
    """A part of the service, with something else around one of its methods."""

    def __init__(self, part: Any, method: str, other: Callable[..., Any]) -> None:
        self._part, self._method, self._other = part, method, other

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._part, name)
        if name != self._method:
            return real
        return lambda *args, **more: self._other(lambda: real(*args, **more))


async def dies_before(_: Callable[[], Any]) -> None:
    raise asyncio.CancelledError


async def dies_after(real: Callable[[], Any]) -> None:
    await real()
    raise asyncio.CancelledError


async def answer_is_lost(real: Callable[[], Any]) -> None:
    await real()
    raise AutoReconnect("connection closed")


async def never_arrives(_: Callable[[], Any]) -> None:
    raise AutoReconnect("connection refused")


def around(scene: AttachmentHandlers, part: str, method: str, other: Callable[..., Any]) -> AttachmentHandlers:
    changed: Any = {part: Around(getattr(scene, part), method, other)}
    return replace(scene, **changed)
