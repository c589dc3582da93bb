"""How many events a replica has asked for: as many as it can begin soon, again and again before they run out.

The server gives to whoever asks, so replicas share the work, and one that was stopped or died holds back only what it
had asked for, until the others are given it after the acknowledgement's time limit.
"""

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping

import nats.errors

from shared.bus.link import Link, wait_or_timeout

logger = logging.getLogger(__name__)
EXPIRES = 3.0  # seconds that a request is good for; not longer than the acknowledgement's time limit
GRACE = 0.5  # seconds after which one that nobody answered is taken to be lost
LOOK_EVERY = 1.0
STATUS, DESCRIPTION, LEFT = "Status", "Description", "Nats-Pending-Messages"
GONE = ("consumer deleted", "no responders", "push based")


class Window:
    """`held` says how many events are taking up room here."""

    def __init__(self, link: Link, inbox: str, size: int, held: Callable[[], int]) -> None:
        self.on_consumer_lost: Callable[[], object] = lambda: None
        self._link = link
        self._inbox = inbox
        self._size = size
        self._step = max(1, size // 4)
        self._held = held
        self._asked = 0
        self._requests: deque[tuple[float, int]] = deque()  # when each runs out, and for how many it was
        self._closed = False
        self._woken = asyncio.Event()

    def request_again(self) -> None:
        """The server has forgotten what was asked before the connection broke, or the consumer was made."""
        self._asked = 0
        self._requests.clear()
        self._woken.set()

    def wake(self) -> None:
        """There may be room."""
        if self._room >= self._step:
            self._woken.set()

    def close(self) -> None:
        self._closed = True

    @property
    def _room(self) -> int:
        return self._size - self._held() - self._asked

    async def run(self) -> None:
        while True:
            now = time.monotonic()
            while self._requests and self._requests[0][0] < now:
                self._requests.popleft()
            self._asked = min(self._asked, sum(batch for _, batch in self._requests))
            await self._top_up()
            await wait_or_timeout(self._woken, LOOK_EVERY)

    async def _top_up(self) -> None:
        """Ask for more when there is room worth asking for."""
        room = self._room
        if room < self._step or self._closed or not self._link.connected:
            return
        self._asked += room
        self._requests.append((time.monotonic() + EXPIRES + GRACE, room))
        names = self._link.names
        request = json.dumps({"batch": room, "expires": int(EXPIRES * 1e9)}).encode()
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{names.stream}.{names.service}"
        try:
            await self._link.client.publish(subject, request, reply=self._inbox)
        except nats.errors.Error as error:
            logger.warning("asking for events failed: %s", error)

    def on_delivery(self) -> None:
        """One of those that were asked for."""
        self._asked = max(self._asked - 1, 0)

    def on_status(self, headers: Mapping[str, str]) -> None:
        """What the server says of a request: it ran out (404, 408), or ended (409, 503)."""
        status, why = headers.get(STATUS, ""), headers.get(DESCRIPTION, "").lower()
        if status == "100":  # it is alive
            return
        if status not in ("404", "408"):
            logger.warning("a request for events ended: %s %s", status, why)
        if status == "503" or any(one in why for one in GONE):
            self._asked = 0  # asked again when `run` looks, not at once: it may last
            self.on_consumer_lost()
        elif LEFT in headers:
            self._asked = max(self._asked - int(headers[LEFT]), 0)
            self._woken.set()
        else:
            self.request_again()
