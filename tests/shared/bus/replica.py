"""A replica as a process of its own, to be stopped and killed: it says a line for each event that it has handled, and
ends without a word at an event that says `die`. Asked for `lives`, it comes again each time."""

import asyncio
import os
import sys
from dataclasses import replace

from shared.bus import Bus
from shared.deferred import DeferredEvents
from shared.events import TicketLinked
from shared.mongo import Database, is_transient
from tests.shared.bus.harness import LIMITS


async def main(nats_url: str, mongo_url: str, driver: str, prefix: str, service: str) -> None:
    async def handle(event: TicketLinked) -> None:
        if event.to == ["die"]:
            os._exit(9)
        await asyncio.sleep(0.01)
        print(event.subject, flush=True)  # noqa: T201

    database = Database.open(mongo_url, f"{prefix}_{service}", driver)
    limits = replace(LIMITS, ack_wait=1.0)
    bus = Bus(nats_url, service, prefix, is_transient, DeferredEvents(database), limits)
    bus.on(TicketLinked, handle)
    await bus.start()
    print("ready", flush=True)  # noqa: T201
    await asyncio.Event().wait()


def live_again(*about: str) -> None:
    while os.fork():
        os.wait()
        print("ended", flush=True)  # noqa: T201
    asyncio.run(main(*about))


if __name__ == "__main__":
    how, *about = sys.argv[1:]
    if how == "lives":
        live_again(*about)
    else:
        asyncio.run(main(*about))
