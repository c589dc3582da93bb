"""An SMTP server that takes every mail and says on the bus which ticket it was about. Run as a process of its own."""

import asyncio
import itertools
import json
import re
import time
from collections import Counter

import nats
from aiosmtpd.smtp import SMTP, Envelope, Session
from nats.aio.client import Client

from deploy.local.options import HOST
from tests.bench.event_listener import MAIL
from tests.bench.helper import obey

TICKET = re.compile(rb"^Message-ID: <t\.([^.]+)\.", re.MULTILINE | re.IGNORECASE)
mails: Counter[str] = Counter()
numbers = itertools.count(1)
bus: list[Client] = []
slow = {"seconds": 0.0}  # that each mail takes


class Sink:
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # its name in aiosmtpd
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        found = TICKET.search(content)
        ticket = found[1].decode() if found else ""
        began = time.monotonic()
        while time.monotonic() - began < slow["seconds"]:  # noqa: ASYNC110 - it changes while they wait
            await asyncio.sleep(0.05)
        mails[ticket] += 1
        if bus:
            await bus[0].publish(f"{MAIL}.{mails[ticket]}", json.dumps({"subject": ticket}).encode())
        return f"250 taken as {next(numbers)}"


async def serve(port: int) -> None:
    sink = Sink()
    await asyncio.get_running_loop().create_server(lambda: SMTP(sink, enable_SMTPUTF8=True), HOST, port)


async def tell(nats_url: str) -> None:
    """On `benchmail.1` of a ticket's first mail, on `benchmail.2` of its second, and so on."""
    bus.append(await nats.connect(nats_url))


async def take(seconds: float) -> None:
    """So long for each mail from now on, also for those that it has begun to take."""
    slow["seconds"] = seconds


async def taken() -> dict[str, int]:
    return {"mails": mails.total(), "tickets": len(mails)}


async def hush() -> None:
    """The bus is about to go."""
    await bus.pop().close()


if __name__ == "__main__":
    obey({"serve": serve, "tell": tell, "hush": hush, "take": take, "taken": taken})
