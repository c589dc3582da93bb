"""What people send and see of stream tickets."""

from datetime import datetime
from typing import Self

from pydantic import Field

from services.notify.stream.domain import StreamTicket
from services.notify.stream.filters import MOST_PATTERNS, OptionalTicket, Pattern
from shared.http import Body, View, example
from shared.terms import OptionalLine


class NewStreamTicket(Body):
    model_config = example(events=["ticket.*"], ticket="TK-2026-000001")

    events: list[Pattern] = Field(default_factory=list, max_length=MOST_PATTERNS)
    """Only these: `ticket.opened` or `ticket.*`; all of them when it is empty"""
    ticket: OptionalTicket = ""
    """Only those of this ticket"""
    company: OptionalLine = ""
    """Only those of this company's tickets"""


class StreamTicketView(View):
    """What opens one stream, once, for who asked for it."""

    stream_ticket: str
    """To be sent as the parameter `stream_ticket` of the stream; only in this answer, and never again"""
    url: str
    """Where an event source connects to, on this host"""
    expires_at: datetime
    """Until when"""

    @classmethod
    def of(cls, secret: str, one: StreamTicket) -> Self:
        url = f"/v1/events?stream_ticket={secret}"
        return cls(stream_ticket=secret, url=url, expires_at=one.expires_at)
