"""Platforms and mail relays that hand over messages, as fast as they are taken. Run as a process of its own
(helper.py). What they send is signed beforehand: that is not intake's work."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import aiosmtplib

from deploy.local.options import HOST
from tests.bench.helper import obey
from tests.bench.samples import STORY, TITLES
from tests.bench.wire import Connection
from tests.intake.channels.platforms import WeComPlatform
from tests.intake.mails.samples import SUPPORT, mail

SENDERS = 2_000
ready: list[bytes] = []


async def wecom(account: str, count: int) -> None:
    """Callbacks of one message each, of many people."""
    platform, at = WeComPlatform(), datetime.now(UTC)
    for n in range(count):
        content = platform.message(uuid4().hex, f"{TITLES[n % len(TITLES)]} {n}", at, sender=f"p{n % SENDERS}")
        delivery = platform.signed(content, at)
        lines = [f"POST /channels/{account}?{urlencode(delivery.query)} HTTP/1.1", "host: bench"]
        lines += ["content-type: text/xml", f"content-length: {len(delivery.body)}"]
        ready.append("\r\n".join([*lines, "", ""]).encode() + delivery.body)


async def mails(count: int) -> None:
    for n in range(count):
        text, sender = f"{STORY} ({n})", f"p{n % SENDERS}@customer{n % 200}.example"
        ready.append(mail(text, f"{TITLES[n % len(TITLES)]} {n}", sender, f"<{uuid4().hex}@customer.example>"))


async def deliver(url: str, clients: int) -> dict[str, Any]:
    """All that is ready, `clients` at once."""
    connections = [await Connection.open(url) for _ in range(clients)]
    statuses: list[int] = []

    async def client(connection: Connection) -> None:
        while ready:
            statuses.append((await connection.ask(ready.pop()))[0])

    began = time.perf_counter()
    await asyncio.gather(*map(client, connections))
    spent = time.perf_counter() - began
    for connection in connections:
        connection.close()
    return {"count": statuses.count(200), "seconds": spent, "refused": len(statuses) - statuses.count(200)}


async def hand_over(port: int, clients: int) -> dict[str, Any]:
    """The same by SMTP, each client on one connection. What cannot be stored just now is sent again, as relays do;
    raises when one is refused."""
    count = 0

    async def client() -> None:
        nonlocal count
        async with aiosmtplib.SMTP(hostname=HOST, port=port, timeout=60) as relay:
            while ready:
                one = ready.pop()
                try:
                    await relay.sendmail("relay@mx.example", [SUPPORT], one)
                    count += 1
                except aiosmtplib.SMTPDataError as later:
                    if later.code >= 500:
                        raise
                    ready.insert(0, one)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return {"count": count, "seconds": time.perf_counter() - began, "refused": 0}


if __name__ == "__main__":
    obey({"wecom": wecom, "mails": mails, "deliver": deliver, "hand_over": hand_over})
