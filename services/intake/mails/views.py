"""What staff see of inbound mails."""

from datetime import datetime
from typing import Self

from services.intake.mails.domain import InboundMail, MailState
from shared.http import View


class MailView(View):
    """A mail that came, and what became of it."""

    id: str
    """Its id"""
    sender: str
    """Who wrote it"""
    recipients: list[str]
    """The mailboxes that it came to"""
    subject: str
    """Its subject; empty until it is read"""
    size: int
    """Bytes"""
    state: MailState
    """received until it is read, then on_ticket or ignored"""
    ticket: str
    """The ticket that it is on; empty if it is on none"""
    reason: str
    """Why it is ignored: own, bounce, automatic, too_many; empty if it is not"""
    received_at: datetime
    """When it came"""

    @classmethod
    def of(cls, mail: InboundMail) -> Self:
        return cls.model_validate(mail)
