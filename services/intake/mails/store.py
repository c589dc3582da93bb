from collections.abc import Callable
from datetime import datetime

from services.intake.mails.domain import InboundMail
from services.intake.mails.polling import PolledMailbox
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, NewestFirst, Store


class InboundMails(Store[InboundMail]):
    kind = InboundMail
    indexes = (Index(("received_at",)), Index(("sender", "received_at")), Index(("state", "received_at")))

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("received_at", now)

    async def opened_by(self, address: str, since: datetime) -> int:
        """How many tickets mails from this address have opened since."""
        return await self.count({"sender": address, "received_at": {"$gte": since}, "opened": True})


class PolledMailboxes(Store[PolledMailbox]):
    kind = PolledMailbox
    has_outbox = False
