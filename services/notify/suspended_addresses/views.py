"""What staff see of suspended addresses."""

from datetime import datetime
from typing import Self

from services.notify.suspended_addresses.domain import SuspendedAddress
from shared.http import View


class SuspendedAddressView(View):
    """An address of mail that does not exist, as a bounce said."""

    id: str
    """Its id"""
    address: str
    """The address"""
    status: str
    """What the other mail server said, such as `5.1.1`"""
    ticket: str
    """The number of the ticket that the mail was about"""
    delivery: str
    """The notification that came back, by its id"""
    suspended_at: datetime
    """Since when no mails are sent there"""
    is_active: bool
    """Whether it still is suspended"""
    released_at: datetime | None
    """When it was released; null if it never was"""
    released_by: str
    """By whom, as a subject"""

    @classmethod
    def of(cls, one: SuspendedAddress) -> Self:
        return cls.model_validate(one)
