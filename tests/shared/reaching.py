"""Whether the bus, or with a driver the database, is reached: `python -m tests.shared.reaching ADDRESS [DRIVER]` says
so, and its log lines go to standard error. In a process of its own, because clients leave open the socket of an attempt
that is broken off."""

import asyncio
import logging
import os
import sys

from shared.bus import Bus
from shared.mongo import TRANSIENT_ERRORS, Database

WITHIN = 3.0  # seconds


async def reach(url: str) -> bool:
    bus = Bus(url, "triage")
    try:
        async with asyncio.timeout(WITHIN):
            await bus.link.open()
    except TimeoutError:
        return False
    return bus.link.connected


async def reach_database(url: str, driver: str) -> bool:
    try:
        await Database.open(url, "tls", driver).ping()
    except TRANSIENT_ERRORS as error:
        logging.error("%s", error)
        return False
    return True


if __name__ == "__main__":
    logging.basicConfig(level="ERROR", format="%(message)s")
    reaching = reach(sys.argv[1]) if len(sys.argv) == 2 else reach_database(sys.argv[1], sys.argv[2])
    sys.stdout.write("reached" if asyncio.run(reaching) else "not reached")
    sys.stdout.flush()
    os._exit(0)
