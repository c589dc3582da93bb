"""The streams, and each service's place on them, made or widened by the operator: for services that may not do so."""

from deploy.contracts.wiring import services
from shared.bus import Bus, Limits


async def apply(url: str, prefix: str, limits: Limits) -> None:
    """Raises what the server says. What is there is never narrowed."""
    for service in await services():
        bus = Bus(url, service.name, prefix, limits=limits)
        await bus.link.open()
        try:
            await bus.setup.ensure([bus.names.subject(kind) for kind in service.listens_to])
        finally:
            await bus.link.close()
