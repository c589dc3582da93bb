"""Both ends of a hop: who publishes at a steady pace, and who hears it. Each is run as a process of its own."""

import asyncio
import json
import time
from typing import Any

import nats
from nats.aio.msg import Msg
from nats.js.api import StreamConfig

from shared.bus import Bus
from shared.events import CONTENT_TYPE, TicketMessagePosted, wire_time
from shared.outbox import Outgoing
from shared.service import utc_now
from shared.settings import Settings
from shared.telemetry import start_tracing
from tests.bench.helper import obey

PREFIX = "benchhop"
BARE = "BENCHBARE"
TEXT = "重启客户端、清理缓存、换一台电脑都试过，结果相同；同事的账号也一样。" * 5
took: list[float] = []
ends: dict[str, Any] = {}


async def start(nats_url: str, otlp_url: str, trace_ratio: float) -> None:
    start_tracing("bench", Settings(otlp_url=otlp_url, trace_ratio=trace_ratio))
    connection = await nats.connect(nats_url)
    ends["js"] = connection.jetstream()
    await ends["js"].add_stream(StreamConfig(name=BARE, subjects=["benchbare.>"]))
    ends["bus"] = Bus(nats_url, "hop", PREFIX)


async def listen() -> None:
    async def on_event(event: TicketMessagePosted) -> None:
        took.append(time.monotonic() - float(event.message))

    async def on_message(message: Msg) -> None:
        took.append(time.monotonic() - float(json.loads(message.data)["data"]["message"]))
        await message.ack()

    ends["bus"].on(TicketMessagePosted, on_event)
    await ends["bus"].start()
    await ends["js"].subscribe("benchbare.said", durable="bare", cb=on_message, manual_ack=True)


async def connect() -> None:
    await ends["bus"].start()


async def publish(way: str, count: int, rate: float) -> None:
    """At this many a second, each sent when its time has come and none before; late ones are not made up for."""
    send = bus_send if way == "bus" else bare_send
    began = time.monotonic()
    under_way: set[asyncio.Task[None]] = set()
    for n in range(count):
        pause = began + n / rate - time.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        task = asyncio.create_task(send(n))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)


async def bus_send(n: int) -> None:
    event = TicketMessagePosted(subject=f"TK-{n}", time=utc_now(), message=f"{time.monotonic()}", **said())
    await ends["bus"].publish(Outgoing.of(event))


async def bare_send(n: int) -> None:
    data = {"message": f"{time.monotonic()}", **said()}
    at = wire_time(utc_now()).isoformat()
    event = {"specversion": "1.0", "id": f"{at}-{n}", "subject": f"TK-{n}", "time": at, "data": data}
    headers = {"Nats-Msg-Id": event["id"], "Content-Type": CONTENT_TYPE}
    await ends["js"].publish("benchbare.said", json.dumps(event, ensure_ascii=False).encode(), headers=headers)


def said() -> dict[str, Any]:
    return {"author": "u-0001", "by_staff": False, "internal": False, "text": TEXT}


async def collect(count: int, within: float) -> list[float]:
    """Seconds from publishing to the handler, of so many messages."""
    for _ in range(int(within / 0.05)):
        if len(took) >= count:
            break
        await asyncio.sleep(0.05)
    found = list(took)
    took.clear()
    return found


if __name__ == "__main__":
    obey({"start": start, "listen": listen, "connect": connect, "publish": publish, "collect": collect})
