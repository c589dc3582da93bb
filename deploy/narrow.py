"""Let a service's place on the bus forget the kinds of events that this version of it no longer hears.

A start only ever adds kinds, so that an old replica beside a new one takes nothing away. Run this when no other
version of the service runs any more: `python -m deploy.narrow SERVICE`.
"""

import asyncio
import sys
from importlib import import_module

from deploy.services import SERVICES
from shared.bus import Bus
from shared.service import Runtime
from shared.settings import Settings


async def narrow(bus: Bus) -> None:
    """Print each kind that it forgets."""
    for subject in await bus.setup.narrow(bus.subjects):
        print("-", subject)


async def main(service: str) -> None:
    runtime = Runtime.connect(service, Settings())
    import_module(f"services.{service}.app").create_app(runtime)
    await runtime.bus.link.open()
    try:
        await narrow(runtime.bus)
    finally:
        await runtime.bus.link.close()
        await runtime.database.close()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in SERVICES:
        sys.exit(f"usage: python -m deploy.narrow {'|'.join(SERVICES)}")
    asyncio.run(main(sys.argv[1]))
