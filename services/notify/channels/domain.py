"""What is sent to one recipient, and how sending can fail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.notify.channels.calendar import CalendarEntry
from services.notify.templates.domain import Content


class DeliveryChannel(StrEnum):
    ONLINE = "online"
    EMAIL = "email"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    ROBOT = "robot"
    TELEPHONE = "telephone"


@dataclass(frozen=True)
class Message:
    """`id` stays the same when it is sent again, so that a duplicate can be recognised. `address` is one of mail, or
    `<messenger>:<account>:<member>`; `reply_to` where the messenger takes an answer for some time, sealed; `parts_sent`
    how many messages of it the messenger has taken, where it needs several; `asked` are the facts that it asks for;
    `threaded`: an answer by mail goes to the conversation with the customer."""

    id: str
    ticket: str
    name: str
    address: str
    language: str
    content: Content
    created_at: datetime
    reply_to: str = ""
    parts_sent: int = 0
    asked: tuple[str, ...] = ()
    threaded: bool = True
    calendar: CalendarEntry | None = None

    @property
    def subject(self) -> str:
        return f"[{self.ticket}] {self.content.title}" if self.ticket else self.content.title


class PermanentFailure(Exception):
    """It will never be taken: trying again is useless."""


class TransientFailure(Exception):
    """It is not taken just now, or the server cannot be reached. `wait` is what was asked for before the next try,
    `parts_sent` as that of the message. `is_accounts`: it has nothing to do with this message or its recipient."""

    def __init__(
        self, said: str, wait: timedelta = timedelta(), parts_sent: int = 0, is_accounts: bool = False
    ) -> None:
        super().__init__(said)
        self.wait, self.parts_sent, self.is_accounts = wait, parts_sent, is_accounts
