"""The list of approved tools, kept by an admin; it begins with those of the settings."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from services.triage.remote_tools.domain import MOST_TOOLS, RemoteTool, TooManyTools
from services.triage.remote_tools.store import RemoteTools
from shared.domain import Origin

BEGINNING = Origin.service("triage")


@dataclass(frozen=True)
class RemoteToolHandlers:
    store: RemoteTools
    first: Sequence[str]

    async def begin(self) -> None:
        """Each is added once: what an admin has changed since stays."""
        for name in self.first:
            id = "t" + hashlib.sha256(name.encode()).hexdigest()[:12]
            await self.store.add(RemoteTool(id=id, name=name), [], BEGINNING)

    async def all(self) -> list[RemoteTool]:
        return sorted([one async for one in self.store.all()], key=lambda one: (one.name, one.id))

    async def approved(self) -> list[str]:
        return [one.name for one in await self.all() if one.approved]

    async def put(self, id: str, name: str, approved: bool, by: Origin) -> RemoteTool:
        """Raises TooManyTools, Stale."""
        if await self.store.find(id) is None:
            if await self.store.count({}) >= MOST_TOOLS:
                raise TooManyTools(f"there are {MOST_TOOLS} already", f"最多 {MOST_TOOLS} 个")
            await self.store.add(RemoteTool(id=id, name=name), [], Origin(by.actor))
        return await self.store.change(id, partial(RemoteTool.set_up, name=name, approved=approved), by)
