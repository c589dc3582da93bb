"""`python -m deploy.rebuild SERVICE`: builds a service's projections again from the stream, with its own settings.

The service must not run meanwhile. Nobody hears of it: no event, no mail, no clock goes off again.
"""

import argparse
import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module

from deploy.services import SERVICES
from shared.rebuild import Clock, Rebuilt, rebuild
from shared.service import Runtime
from shared.settings import Settings

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def run(service: str, runtime: Runtime, clock: Clock) -> Rebuilt:
    """Raises RuntimeError while the service runs somewhere, or has not told all that it has to tell."""
    import_module(f"services.{service}.app").wire(runtime)
    await runtime.bus.connect()
    try:
        if await runtime.bus.has_active_consumer():
            raise RuntimeError(f"{service} runs: stop all its replicas first · {service} 正在运行，请先停止其全部副本")
        return await rebuild(runtime, clock)
    finally:
        await runtime.bus.stop()
        await runtime.database.close()


async def connected(service: str) -> Rebuilt:
    clock = Clock(EPOCH)
    return await run(service, replace(Runtime.connect(service, Settings()), now=clock.now, silent=True), clock)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.rebuild",
        description="Build what a service keeps of others' facts again from the stream · 由事件流重建服务的投影数据",
    )
    parser.add_argument("service", choices=SERVICES)
    service = parser.parse_args().service
    try:
        done = asyncio.run(connected(service))
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    documents = ", ".join(f"{count} {name}" for name, count in done.documents.items())
    print(f"{service}: {done.read} events read, {done.handled} heard; now there are {documents}")
    for one in done.left:
        print(f"not used, because what it builds on is not in the stream: {one}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
