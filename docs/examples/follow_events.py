"""Follow the desk's events on its bus (NATS JetStream): each at least once, also after either was away. Needs nats-py.

python follow_events.py nats://USER:PASSWORD@bus.example:4222 my-program
"""

import asyncio
import json
import sys

import nats
from nats.errors import TimeoutError as NothingNew


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


async def follow(url: str, name: str, stream: str = "BIHUAN", subjects: str = "bihuan.ticket.>") -> None:
    bus = (await nats.connect(url)).jetstream()
    events = await bus.pull_subscribe(subjects, durable=name, stream=stream)  # the bus remembers how far `name` is
    while True:
        try:
            for message in await events.fetch(100, timeout=5):
                event = json.loads(message.data)
                say(event["id"], event["type"], event["subject"])  # leave out an id that you have seen
                await message.ack()  # after your own work: what is not acknowledged comes again
        except NothingNew:
            continue


asyncio.run(follow(*sys.argv[1:]))
