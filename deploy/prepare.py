"""What a service needs before its first replica of this release starts: `python -m deploy.prepare SERVICE` makes the
streams of the bus and the service's place on it, its indexes and what its records begin with, and adds what a newer
release needs. It takes nothing away, so that it may be run again, and while older replicas run."""

import asyncio
import sys
from importlib import import_module

from deploy.services import SERVICES
from shared.service import Runtime
from shared.settings import Settings


async def prepare(service: str, runtime: Runtime) -> None:
    """Raises what the servers say; one that is away is no reason to wait here: whoever started this tries again."""
    import_module(f"services.{service}.app").create_app(runtime)
    try:
        await runtime.bus.link.open()
        await runtime.bus.setup.ensure(runtime.bus.subjects)
        await runtime.prepare()
    finally:
        await runtime.bus.link.close()
        await runtime.database.close()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in SERVICES:
        sys.exit(f"usage: python -m deploy.prepare {'|'.join(SERVICES)}")
    asyncio.run(prepare(sys.argv[1], Runtime.connect(sys.argv[1], Settings())))
