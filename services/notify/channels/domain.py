"""What is sent to one recipient, and how sending can fail."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.notify.templates.domain import Content


class DeliveryChannel(StrEnum):
    ONLINE = "online"
    EMAIL = "email"


@dataclass(frozen=True)
class Message:
    """`id` stays the same when it is sent again, so that a duplicate can be recognised."""

    id: str
    ticket: str
    name: str
    address: str
    language: str
    content: Content
    created_at: datetime


class PermanentFailure(Exception):
    """It will never be taken: trying again is useless."""


class TransientFailure(Exception):
    """It is not taken just now, or the server cannot be reached."""
