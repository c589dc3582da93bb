"""Between files and whoever wants them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.intake.attachments.scan import Scan
from services.intake.attachments.store import Scans
from services.intake.tickets.handlers import INTAKE


@dataclass(frozen=True)
class Guard:
    """`has_scanner`: one is set up, so nothing that comes is handed out before it was looked at."""

    scans: Scans
    has_scanner: bool
    now: Callable[[], datetime]

    async def hold(self, file: str, ticket: str, name: str, size: int) -> None:
        """Before anybody learns of the file."""
        if self.has_scanner:
            now = self.now()
            await self.scans.add(
                Scan(id=file, ticket=ticket, name=name, size=size, came_at=now, due_at=now), [], INTAKE
            )

    async def require_released(self, file: str) -> None:
        """Raises Quarantined."""
        if scan := await self.scans.find(file):
            scan.require_released()

    async def is_locked(self, file: str) -> bool:
        """What is still being looked at is not."""
        scan = await self.scans.find(file)
        return scan is not None and scan.is_locked
