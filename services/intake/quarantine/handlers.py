"""Looking at files that came, and what an administrator decides about those that are infected."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from services.intake.attachments.guard import Guard
from services.intake.attachments.scan import Scan, ScanState
from services.intake.conversation.handlers import ConversationHandlers
from services.intake.quarantine.clamd import Clamd, ScannerAway
from services.intake.tickets.handlers import INTAKE
from shared.domain import NotFound, Origin
from shared.mongo import Files

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class QuarantineHandlers:
    """Without a scanner nothing is looked at; what waits for one goes on waiting."""

    guard: Guard
    files: Files
    scanner: Clamd | None
    conversation: ConversationHandlers
    now: Callable[[], datetime]

    async def when_due(self, ids: Sequence[str]) -> None:
        is_away = self.scanner is None
        for scan in await self.guard.scans.where({"_id": {"$in": list(ids)}}):
            if scan.state is ScanState.REMOVED:
                await self._remove(scan)
            elif scan.state is not ScanState.PENDING or is_away:
                await self.guard.scans.change(scan.id, lambda one: one.put_off(self.now()), INTAKE)
            else:
                is_away = not await self._look(scan)

    async def decide(self, file: str, to: ScanState, reason: str, by: Origin) -> Scan:
        """Raises NotFound, AlreadyDecided."""
        scan = await self.guard.scans.change(file, lambda one: one.decide(to, reason, by.actor, self.now()), by)
        if scan.state is ScanState.REMOVED and scan.due_at:
            scan = await self._remove(scan)
        return scan

    async def _look(self, scan: Scan) -> bool:
        """False when the scanner is away."""
        assert self.scanner
        try:
            signature = await self.scanner.scan(self.files.read(scan.id))
        except NotFound:  # the upload was refused after all
            await self.guard.scans.remove([scan.id])
            return True
        except ScannerAway as away:
            logger.warning("%s was not scanned: %s", scan.id, away)
            await self.guard.scans.change(scan.id, lambda one: one.put_off(self.now()), INTAKE)
            return False
        if not signature:
            await self.guard.scans.remove([scan.id])
            return True
        logger.error("%s of %s is infected: %s", scan.id, scan.ticket or "a mail", signature)
        await self._note(scan, signature)
        await self.guard.scans.change(scan.id, partial(Scan.found, signature=signature, now=self.now()), INTAKE)
        return True

    async def _note(self, scan: Scan, signature: str) -> None:
        """Once: staff on the ticket learn why they cannot open it."""
        if not scan.ticket:
            return
        text = (
            f"附件 {scan.name} 含有恶意代码（{signature}），已隔离。 · "
            f"The attachment {scan.name} contains malware ({signature}) and is in quarantine."
        )
        try:
            await self.conversation.note(scan.ticket, text, replace(INTAKE, key=f"scan/{scan.id}"))
        except NotFound:
            return

    async def _remove(self, scan: Scan) -> Scan:
        await self.files.delete(scan.id)
        return await self.guard.scans.change(scan.id, Scan.rest, INTAKE)
