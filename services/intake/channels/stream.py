"""DingTalk's Stream mode: the robot's messages over a connection that intake opens, so no address of ours is public.

Protocol: https://open.dingtalk.com/document/direction/introduction-to-stream-mode. Each replica has a connection;
the platform gives each message to one of them, and by its id it is taken once. It is acknowledged when it is stored.
What becomes of one that nobody acknowledges is not documented: so we try to store it for as long as the connection
lasts.
"""

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx2

from services.intake.channels.payload import parsed, part, text
from shared.domain import Invalid, Refusal
from shared.messengers.platform import PlatformRefusal, TokenRefused, answer_of

logger = logging.getLogger(__name__)
TOPIC = "/v1.0/im/bot/messages/get"
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds, before we connect again
LONGEST_STORE_WAIT = 15.0  # seconds, before we try again to store
SILENT_FOR = 20.0  # seconds, after which the connection is looked after
MAX_FRAME = 1024 * 1024  # bytes: a message as JSON inside of JSON
AT_ONCE = 32  # messages of one connection that are being stored
GOODBYE = 5.0  # seconds for what is being stored, when a connection ends
OK, UNREADABLE, NOT_SUBSCRIBED = (200, "OK"), (400, "unreadable"), (404, "not subscribed")

Take = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True)
class DingTalkStream:
    """`app` is the ClientId (AppKey), `secret` the ClientSecret (AppSecret); `name` tells our processes apart."""

    http: httpx2.AsyncClient
    url: str
    app: str
    secret: str
    name: str = "bihuan"

    async def run(self, take: Take) -> None:
        """Until it is cancelled. Connects again whenever the connection ends, each time later while that fails."""
        wait = FIRST_WAIT
        while True:
            try:
                if await self._connection(take):
                    wait = FIRST_WAIT
                    continue
            except TokenRefused:
                logger.error("DingTalk does not know %s, or not by this secret", self.app)
            except Exception as error:  # whatever it is, the next connection may be better
                logger.warning("the connection to DingTalk ended: %s", _why(error))
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311 - spread, no secret
            wait = min(wait * 2, LONGEST_WAIT)

    async def _connection(self, take: Take) -> bool:
        """One, until it ends; whether the platform has said a word."""
        address, ticket = await self._open()
        heard = False
        async with (
            self.http.websocket(
                address,
                params={"ticket": ticket},
                max_message_size_bytes=MAX_FRAME,
                keepalive_ping_interval_seconds=SILENT_FOR,
            ) as socket,
            Acknowledging(socket.send_text, take) as acknowledging,
        ):
            while True:
                try:
                    frame = parsed(await socket.receive_text())
                except Invalid:
                    continue
                except Exception as error:  # its classes are only there when wsproto is
                    logger.info("DingTalk closed the connection: %s", _why(error))
                    return heard
                if text(frame, "type") == "SYSTEM" and text(part(frame, "headers"), "topic") == "disconnect":
                    return heard
                heard = True
                await acknowledging.hear(frame)

    async def _open(self) -> tuple[httpx2.URL, str]:
        """Where to connect to. Raises PlatformRefusal, TokenRefused, and whatever httpx2 raises."""
        wanted = [{"type": "CALLBACK", "topic": TOPIC}]
        body = {"clientId": self.app, "clientSecret": self.secret, "subscriptions": wanted, "ua": self.name}
        said = answer_of(await self.http.post(f"{self.url}/v1.0/gateway/connections/open", json=body))
        address = httpx2.URL(text(said, "endpoint"))
        is_theirs = address.host == httpx2.URL(self.url).host or f".{address.host}".endswith(".dingtalk.com")
        if address.scheme not in ("ws", "wss") or not is_theirs:
            raise PlatformRefusal("no endpoint", "of DingTalk")
        return address.copy_with(scheme="https" if address.scheme == "wss" else "http"), text(said, "ticket")


class Acknowledging:
    """Answers frames: what is to be stored when it is, the rest at once. At the end what is being stored has some time
    left."""

    def __init__(self, send: Callable[[str], Awaitable[None]], take: Take) -> None:
        self._send, self._take = send, take
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Acknowledging":
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GOODBYE)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def hear(self, frame: dict[str, Any]) -> None:
        kind, topic = text(frame, "type"), text(part(frame, "headers"), "topic")
        if kind == "SYSTEM":
            await self._answer(frame, OK, text(frame, "data"))
        elif kind != "CALLBACK" or topic != TOPIC:
            await self._answer(frame, NOT_SUBSCRIBED, "{}")
        else:
            await self._room.acquire()
            task = asyncio.create_task(self._store(frame))
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._room.release()

    async def _store(self, frame: dict[str, Any]) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                await self._take(text(frame, "data").encode("utf-8", "replace"))
                break
            except Invalid as refusal:
                logger.warning("a message of DingTalk is not read: %s", refusal)
                return await self._answer(frame, UNREADABLE, "{}")
            except Exception as error:  # the database is away, or it is too much at once
                logger.warning("a message of DingTalk is stored later: %s", type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_STORE_WAIT)
        return await self._answer(frame, OK, '{"response": null}')

    async def _answer(self, frame: dict[str, Any], said: tuple[int, str], data: str) -> None:
        code, message = said
        headers = {"messageId": text(part(frame, "headers"), "messageId"), "contentType": "application/json"}
        with suppress(Exception):  # the connection is gone, which whoever reads from it finds out
            await self._send(json.dumps({"code": code, "headers": headers, "message": message, "data": data}))


class StreamConnections:
    """One for each account in Stream mode, from the start of the process to its end."""

    def __init__(self, streams: list[tuple[DingTalkStream, Take]]) -> None:
        self._streams = streams
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(stream.run(take)) for stream, take in self._streams]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _why(error: BaseException) -> str:
    """Not in the words of httpx2, which may hold a ticket."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) if isinstance(error, PlatformRefusal | Refusal) else type(error).__name__
