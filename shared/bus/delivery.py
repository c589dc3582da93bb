"""One message as the consumer delivered it: where it stands in the stream, and what is said of it to the server."""

import json
import time
from typing import Any

from shared.bus.link import Link

ACK, NAK, TERM, WORKING = b"+ACK", b"-NAK", b"+TERM", b"+WPI"


class Delivery:
    """`sequence` is its place in the stream, `times` how often it was delivered by now, `said` when the server was
    last informed that it is worked on (seconds, monotonic).

    What is said of it is said on the connection that brought it, or not at all: a server that comes back without some
    of its storage may have another event in that place, and gives this one again otherwise."""

    __slots__ = ("_connection", "_link", "_reply", "body", "headers", "said", "sequence", "subject", "times")

    def __init__(self, raw: Any, link: Link) -> None:
        self._link = link
        self._connection = link.connection
        self._reply: str = raw.reply
        self.subject: str = raw.subject
        self.body: bytes = raw.data
        self.headers: dict[str, str] = raw.headers or {}
        about = raw.metadata
        self.sequence: int = about.sequence.stream
        self.times: int = about.num_delivered
        self.said = time.monotonic()

    def is_older_than(self, seconds: float) -> bool:
        """Whether the server has not been informed for so long."""
        return time.monotonic() - self.said > seconds

    async def ack(self) -> None:
        await self._say(ACK)

    async def nak(self, delay: float = 0) -> None:
        """Give it back, to be delivered again after so many seconds, to whoever asks first."""
        wait = b" " + json.dumps({"delay": int(delay * 1e9)}).encode() if delay else b""
        await self._say(NAK + wait)

    async def term(self) -> None:
        await self._say(TERM)

    async def working(self) -> None:
        """Nobody else gets it for now."""
        if await self._say(WORKING):
            self.said = time.monotonic()

    async def _say(self, word: bytes) -> bool:
        """Whether it could be said."""
        if self._connection != self._link.connection or not self._link.connected:
            return False
        await self._link.client.publish(self._reply, word)
        return True


def is_delivery(raw: Any) -> bool:
    """Or else what the server says about a request for events."""
    return bool(raw.reply) and raw.reply.startswith("$JS.ACK.")
