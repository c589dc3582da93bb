"""Receivers of webhooks and the platforms of messengers, on one port: they take everything, and count it by path. Run
as a process of its own (helper.py)."""

import asyncio
import json
import time
from collections import Counter
from typing import cast

from deploy.local.options import HOST
from tests.bench.helper import obey

TOKENS = dict.fromkeys(("access_token", "accessToken", "tenant_access_token"), "t")
LASTS = dict.fromkeys(("expires_in", "expireIn", "expire"), 7200)
SAID = {"errcode": 0, "code": 0, **TOKENS, **LASTS, "msgid": "m", "processQueryKey": "q", "data": {"message_id": "m"}}
BODY = json.dumps(SAID).encode()
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(BODY) + BODY
taken: Counter[str] = Counter()
latest: dict[str, float] = {}
came = asyncio.Event()


class Receiver(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._received = cast(asyncio.Transport, transport), b""  # one of uvloop's is none

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end].decode("latin-1")
            sizes = [line.split(":", 1)[1] for line in head.split("\r\n") if line.lower().startswith("content-length:")]
            size = int(sizes[0]) if sizes else 0
            if len(self._received) < end + 4 + size:
                return
            self._received = self._received[end + 4 + size :]
            path = head.split(" ", 2)[1].partition("?")[0]
            taken[path] += 1
            latest[path] = time.time()
            came.set()
            self._transport.write(ANSWER)


async def serve(port: int) -> None:
    await asyncio.get_running_loop().create_server(Receiver, HOST, port)


async def arrived(path: str, count: int, within: float) -> float:
    """The moment at which so many had come, by the clock; raises when they do not come."""
    async with asyncio.timeout(within):
        while taken[path] < count:
            came.clear()
            await came.wait()
    return latest[path]


async def forget() -> None:
    taken.clear()


if __name__ == "__main__":
    obey({"serve": serve, "arrived": arrived, "forget": forget})
