"""The files that people sent, from the platforms that have them onto their tickets: each for itself, so that a platform
that is slow or away holds up no text, and only its own files."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import httpx2

from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.channels.accounts import Account
from services.intake.channels.domain import FETCHED_WITHIN, ChannelFile
from services.intake.channels.store import ChannelFiles
from services.intake.conversation.handlers import ConversationHandlers
from services.intake.tickets.domain import Ticket
from services.intake.tickets.handlers import INTAKE
from shared.domain import Origin, Refusal
from shared.messengers.platform import NotNow, PlatformRefusal, TokenRefused
from shared.outbound import AddressNotAllowed

logger = logging.getLogger(__name__)
AT_ONCE = 4  # files of one account
ROUND_SECONDS = 120.0  # then what has not come is fetched again later


@dataclass(frozen=True)
class ChannelFileHandlers:
    accounts: Mapping[str, Account]
    files: ChannelFiles
    conversation: ConversationHandlers
    attachments: AttachmentHandlers
    now: Callable[[], datetime]

    async def when_due(self, ids: Sequence[str]) -> None:
        end = asyncio.get_running_loop().time() + ROUND_SECONDS
        room: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE))

        async def fetch(id: str) -> None:
            file = await self.files.find(id)
            if file is None or file.due_at is None or file.due_at > self.now():
                return
            try:
                async with asyncio.timeout_at(end), room[file.account]:
                    why = await self._fetch(file)
            except (httpx2.HTTPError, NotNow, TokenRefused, TimeoutError) as error:
                logger.warning("a file of %s is fetched again: %s", file.account, type(error).__name__)
                if self.now() < file.since + FETCHED_WITHIN:
                    await self.files.change(id, lambda one: one.postpone(self.now()), INTAKE)
                    return
                why = "the platform is away"
            if why:
                note = f"文件未能获取 · File not fetched: {file.file.name or file.file.kind} ({why})"
                await self.conversation.note(file.ticket, note, replace(INTAKE, key=f"{id}/note"))
            await self.files.remove([id])

        await asyncio.gather(*map(fetch, ids))

    async def _fetch(self, file: ChannelFile) -> str:
        """Why it never will be there; empty when it is. Raises what means that it may be had later."""
        known = self.accounts.get(file.account)
        if known is None or known.media is None:
            return "no secret: files of this account are not fetched"
        by = Origin(f"channel:{file.channel}:{file.account}:{file.sender}", f"channel:{file.channel}", file.id)
        try:
            async with known.media.open(file.file) as found:
                await self.attachments.add(file.ticket, found.name, found.media_type, found.chunks, _no_staff, by)
        except NotNow:
            raise
        except (PlatformRefusal, AddressNotAllowed, Refusal) as error:
            return str(error)
        return ""


def _no_staff(_: Ticket) -> bool:
    return False
