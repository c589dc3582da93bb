"""What people see of a delivery."""

import re
from datetime import datetime

from pydantic import BaseModel

from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.domain import Attempt, Delivery, DeliveryState

SIGNED_LINK = re.compile(r"(/links/)[\w.-]+")


class DeliveryView(BaseModel):
    """Who was notified of what, how and when; `title` and `text` in the reader's language where there are two.

    Signed links act in the name of their recipient, so nobody else gets to see them.
    """

    id: str
    ticket: str
    event: str
    template: str
    recipient: str
    name: str
    address: str
    channels: list[DeliveryChannel]
    language: str
    title: str
    text: str
    state: DeliveryState
    attempts: list[Attempt]
    due_at: datetime | None
    provider_id: str
    created_at: datetime
    read_at: datetime | None
    read_by: str

    @classmethod
    def of(cls, delivery: Delivery, reads: str, own: bool) -> "DeliveryView":
        """For somebody who reads this language; `own`: they are a recipient."""
        language = reads if reads in delivery.words else delivery.language
        content = delivery.words[language]
        text = content.text if own else SIGNED_LINK.sub(r"\1…", content.text)
        known = {name: getattr(delivery, name) for name in cls.model_fields if hasattr(delivery, name)}
        return cls.model_validate({**known, "language": language, "title": content.title, "text": text})
