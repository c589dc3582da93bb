"""Hears what the desk publishes, the moment it does, and knows when that was."""

import asyncio
import json
import re
import time
from collections.abc import Iterable

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

MAIL = "benchmail"
VERSION = re.compile(r"\.v\d+$")
Heard = tuple[str, str]  # the kind of event, and the ticket


class EventListener:
    def __init__(self) -> None:
        self._at: dict[Heard, float] = {}
        self._waiting: dict[Heard, asyncio.Future[float]] = {}

    async def open(self, nats_url: str, subjects: Iterable[str]) -> Client:
        connection = await nats.connect(nats_url)
        for subject in subjects:
            await connection.subscribe(subject, cb=self._hear)
        await connection.flush()
        return connection

    async def _hear(self, message: Msg) -> None:
        now = time.monotonic()
        event = json.loads(message.data)
        kind = VERSION.sub("", message.subject.removeprefix("bihuan."))
        if kind == "ticket.waiting":
            kind = f"{kind}:{event['data']['waiting_for']}"
        key = (kind, event["subject"])
        waiting = self._waiting.pop(key, None)
        if waiting is None:
            self._at[key] = now
        elif not waiting.done():
            waiting.set_result(now)

    async def wait_for(self, kind: str, ticket: str, within: float = 20) -> float:
        """When (time.monotonic) it was heard; raises TimeoutError."""
        key = (kind, ticket)
        if key in self._at:
            return self._at.pop(key)
        self._waiting[key] = asyncio.get_running_loop().create_future()
        try:
            return await asyncio.wait_for(self._waiting[key], within)
        except TimeoutError:
            raise TimeoutError(f"{kind} of {ticket} was not heard within {within:.0f} s") from None
