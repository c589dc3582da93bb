"""An address that bounced for good."""

import hashlib
from datetime import datetime

from pydantic import AwareDatetime

from shared.domain import Aggregate
from shared.events import Event

# RFC 3463: no such mailbox or system (5.1.x), the mailbox is disabled (5.2.1). A full mailbox, or a mail that somebody
# took for spam, says nothing of the next one.
FOR_GOOD = ("5.1.", "5.2.1")


class SuspendedAddress(Aggregate):
    """Its id is a hash of it. `ticket` and `delivery` are of the mail that came back."""

    address: str
    status: str
    ticket: str
    delivery: str
    suspended_at: AwareDatetime
    is_active: bool = True
    released_at: AwareDatetime | None = None
    released_by: str = ""

    def suspend_again(self, status: str, ticket: str, delivery: str, now: datetime) -> list[Event]:
        """It was released, and a mail came back since."""
        if self.released_at and not self.is_active and delivery != self.delivery and now > self.released_at:
            self.is_active, self.suspended_at = True, now
            self.status, self.ticket, self.delivery = status, ticket, delivery
        return []

    def release(self, sub: str, now: datetime) -> list[Event]:
        if self.is_active:
            self.is_active, self.released_at, self.released_by = False, now, sub
        return []


def id_of(address: str) -> str:
    return hashlib.sha256(address.lower().encode()).hexdigest()[:32]


def is_for_good(status: str) -> bool:
    return status.startswith(FOR_GOOD)
