"""Keeping calls: what telephone systems tell, and what people write down."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.intake.calls.domain import Call, CallUpdate, call_id
from services.intake.calls.store import Calls
from services.intake.directory.handlers import DirectoryHandlers
from shared.domain import NotFound, Origin


@dataclass(frozen=True)
class CallHandlers:
    store: Calls
    directory: DirectoryHandlers
    now: Callable[[], datetime]

    async def hear(self, account: str, update: CallUpdate, by: Origin) -> Call:
        """What is told again changes nothing."""
        id = call_id(account, update.call)
        try:
            return await self.store.change(id, lambda call: call.hear(update, self.now()), by)
        except NotFound:
            await self.store.add(Call.begin(id, account, update), [], by)
            return await self.store.change(id, lambda call: call.hear(update, self.now()), by)

    async def write_down(self, call: Call, by: Origin) -> Call:
        """The same request again is the same call."""
        call.id = call_id(f"by/{by.actor}", by.key or by.digest)
        return await self.store.add(call, call.written_down(self.now()), by)

    async def put_on(self, id: str, ticket: str, by: Origin) -> Call:
        """Raises NotFound."""
        return await self.store.change(id, lambda call: call.put_on(ticket, self.now()), by)
