"""Where the installation is: the settings of its services, and its servers."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from deploy.bus.permissions import OPERATOR
from deploy.local.words import LaunchError
from deploy.services import SERVICES
from shared.bus import Bus, Limits
from shared.mongo import Database
from shared.service import Runtime
from shared.settings import Settings

ANSWER_WITHIN = 10.0  # seconds


def settings_of_local(folder: Path) -> dict[str, str]:
    """The environment that the services of a stack which runs on this folder have, with the operator's rights. Raises
    LaunchError."""
    try:
        ports: dict[str, int] = json.loads((folder / "stack.json").read_text("utf-8"))["ports"]
        password = (folder / "identity" / f"nats-{OPERATOR}").read_text("ascii")
    except (OSError, ValueError, KeyError) as error:
        raise LaunchError(
            f"No Bihuan runs on {folder}: start one with `make up`.",
            f"{folder} 上没有运行中的闭环：请先执行 `make up`。",
        ) from error
    found = {
        "BIHUAN_NATS_URL": f"nats://{OPERATOR}:{password}@127.0.0.1:{ports['nats']}",
        "BIHUAN_JWKS": f"http://127.0.0.1:{ports['collector']}/jwks.json",
        "BIHUAN_PUBLIC_URL": f"http://127.0.0.1:{ports['gateway']}",
        "BIHUAN_LINK_SECRET_FILE": str(folder / "identity" / "link-secret"),
    }
    if "mongo" in ports:
        options = "directConnection=true&retryWrites=false"
        found["BIHUAN_MONGO_URL"] = f"mongodb://127.0.0.1:{ports['mongo']}/?{options}"
    return found


def user_of(settings: Settings) -> str:
    """As whom we are on the bus: answers come to nobody else."""
    user = urlsplit(settings.nats_url.get_secret_value().split(",")[0]).username or ""
    return user if user in SERVICES else OPERATOR


def host_of(url: str) -> str:
    """Without a password."""
    return ", ".join(one.rpartition("@")[2].rpartition("//")[2].partition("/")[0] for one in url.split(","))


@asynccontextmanager
async def opened(settings: Settings, service: str = "") -> AsyncIterator[Bus]:
    """The bus, as one service or as whoever the address names. Raises LaunchError when it does not answer."""
    url = settings.nats_url.get_secret_value()
    limits = Limits(replicas=settings.nats_replicas, max_bytes=settings.nats_max_bytes)
    bus = Bus(url, service or user_of(settings), settings.prefix, limits=limits)
    try:
        await open_link(bus, url)
        yield bus
    finally:
        await bus.link.close()


async def reach(settings: Settings, service: str) -> None:
    """Before something that would wait for the bus as a service does. Raises LaunchError when it does not answer."""
    async with opened(settings, service):
        pass


async def open_link(bus: Bus, url: str) -> None:
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            await bus.link.open()
    except TimeoutError as error:
        where, why = host_of(url), f" ({bus.link.why_closed})" if bus.link.why_closed else ""
        raise LaunchError(
            f"NATS at {where} does not answer, or does not let us in{why}: check BIHUAN_NATS_URL.",
            f"{where} 上的 NATS 没有响应或拒绝登录{why}：请检查 BIHUAN_NATS_URL。",
        ) from error


@asynccontextmanager
async def database_of(settings: Settings, service: str) -> AsyncIterator[Database]:
    url = settings.mongo_url.get_secret_value()
    database = Database.open(url, f"{settings.prefix}_{service}", settings.mongo_driver)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def wired(service: str, settings: Settings) -> AsyncIterator[Runtime]:
    """A service as it is wired, with the bus open; nothing of it runs. Raises LaunchError, ValueError."""
    runtime = Runtime.connect(service, settings)
    import_module(f"services.{service}.app").create_app(runtime)
    try:
        await open_link(runtime.bus, settings.nats_url.get_secret_value())
        yield runtime
    finally:
        await runtime.bus.link.close()
        await runtime.database.close()


def configure(local: Path | None) -> Settings:
    """What the environment says, or a stack of the local runner. Raises LaunchError, pydantic.ValidationError."""
    if local is not None:
        os.environ.update(settings_of_local(local))
    return Settings()
