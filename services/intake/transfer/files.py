"""Files of tickets that were taken over: each is sent by itself, once its ticket is there."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from services.intake.attachments.domain import attach, require_room
from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.tickets.domain import Ticket
from services.intake.tickets.imported import is_history
from services.intake.tickets.values import Attachment
from services.intake.transfer.domain import Import, ticket_key
from shared.domain import Conflict, NotFound, Origin
from shared.erasing import ERASED
from shared.events import Event
from shared.store import Row


@dataclass(frozen=True)
class FileHandlers:
    attachments: AttachmentHandlers

    async def add(
        self,
        job: Import,
        external_id: str,
        file_id: str,
        name: str,
        media_type: str,
        chunks: AsyncIterator[bytes],
        internal: bool,
        by: Origin,
    ) -> tuple[Ticket, Attachment, bool]:
        """The ticket, its file, and whether that is new: the same one again changes nothing. Nobody is told of a file
        of a ticket that is history. Raises NotFound before its ticket is there, Conflict for one whose person was
        erased, and what `AttachmentHandlers.add` raises."""
        number = await self.number(job, external_id)
        added = ""

        def put(ticket: Ticket, file: Attachment, _: bool) -> list[Event]:
            nonlocal added
            if ticket.contact.name == ERASED:
                raise Conflict(f"The person of {number} was erased", f"{number} 的联系人已被删除")
            if _of(ticket, file_id) is not None:
                return []
            added = file.id
            file = file.model_copy(update={"external": file_id})
            if not is_history(ticket):
                return attach(ticket, file, True, file.at)
            require_room(ticket)
            ticket.attachments.append(file)
            return []

        by = replace(by, key="", digest="", if_match=None)
        ticket = await self.attachments.add(number, name, media_type, chunks, lambda _: True, by, internal, put)
        file = _of(ticket, file_id)
        if file is None:  # merged, split or removed since
            raise Conflict(f"{number} is being changed by others; please try again", f"{number} 正被修改，请稍后重试")
        return ticket, file, file.id == added

    async def number(self, job: Import, external_id: str) -> str:
        """Raises NotFound."""
        if found := await self._rows(job, [external_id], ()):
            return str(found[0]["id"])
        raise NotFound(
            f"There is no ticket {external_id} of {job.source}", f"没有来自 {job.source} 的工单 {external_id}"
        )

    async def there(self, job: Import, external_ids: Sequence[str]) -> dict[str, int]:
        """How many files were taken over, by what their tickets are called there."""
        rows = await self._rows(job, external_ids, ("external.id", "attachments.external"))
        return {
            row["external"]["id"]: sum(bool(one.get("external")) for one in row.get("attachments") or ())
            for row in rows
        }

    async def _rows(self, job: Import, ids: Sequence[str], fields: Sequence[str]) -> list[Row]:
        keys = [ticket_key(job.source, id) for id in dict.fromkeys(ids)]
        return await self.attachments.tickets.rows({"_keys": {"$in": keys}}, fields) if keys else []


def _of(ticket: Ticket, file_id: str) -> Attachment | None:
    return next((one for one in ticket.attachments if one.external == file_id), None)
