"""The streams, and each service's place on them, made or widened by the operator: for services that may not do so."""

import asyncio

from deploy.contracts.wiring import services
from shared.bus import Bus, Limits
from shared.settings import Settings


async def apply(url: str, prefix: str, limits: Limits) -> None:
    """Raises what the server says. What is there is never narrowed."""
    for service in await services():
        bus = Bus(url, service.name, prefix, limits=limits)
        await bus.link.open()
        try:
            await bus.setup.ensure([bus.names.subject(kind) for kind in service.listens_to])
        finally:
            await bus.link.close()


def main() -> None:
    settings = Settings()
    limits = Limits(replicas=settings.nats_replicas, max_bytes=settings.nats_max_bytes)
    asyncio.run(apply(settings.nats_url.get_secret_value(), settings.prefix, limits))


if __name__ == "__main__":
    main()
