"""The real servers of a test run: embedded processes, or containers where an engine answers and it is asked for."""

import asyncio
import os
import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from deploy.local import ports
from shared.service import Runtime

SCRIPTS = Path(sysconfig.get_path("scripts"))


def free_port() -> int:
    """One that no outgoing connection takes before the server has it."""
    return ports.choose(("server",), None)["server"]


@asynccontextmanager
async def serving(app: FastAPI, **config: Any) -> AsyncIterator[str]:
    """The address of this app, on a socket of its own, until the end of the block."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, lifespan="off", log_level="warning", **config))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task


@contextmanager
def process(command: list[str], port: int, log: Path, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run until the end of the block; ready when the port answers."""
    with log.open("wb") as output:
        child = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, **env})
        try:
            wait_for_port(port, child, log)
            yield child
        finally:
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def wait_for_port(port: int, child: subprocess.Popen[bytes], log: Path, within: float = 30) -> None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise RuntimeError(f"{child.args!r} ended: {log.read_text(errors='replace')[-2000:]}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"{child.args!r} did not open port {port}")


@contextmanager
def embedded(folder: Path) -> Iterator[tuple[str, str]]:
    """NATS and MongoDB URLs of embedded servers."""
    with ExitStack() as stack:
        nats_port, mongo_port = free_port(), free_port()
        nats = [str(SCRIPTS / "nats-server"), "-a", "127.0.0.1", "-p", str(nats_port), "-js", "-sd", str(folder / "js")]
        stack.enter_context(process(nats, nats_port, folder / "nats.log"))
        if url := os.environ.get("BIHUAN_MONGO_URL"):
            yield f"nats://127.0.0.1:{nats_port}", url
            return
        mongo = [str(SCRIPTS / "secantusd-py"), "--host", "127.0.0.1", "--port", str(mongo_port)]
        # A fifth of it may be dirty; with 128M large documents filled that, and the server stopped answering for good.
        mongo += ["--storage-path", str(folder / "mongo"), "--cache-size", "1G", "--standalone"]
        journal = "transaction_sync=(enabled=true,method=none)"  # without it a kill loses acknowledged writes
        stack.enter_context(process(mongo, mongo_port, folder / "mongo.log", WIREDTIGER_CONFIG=journal))
        yield f"nats://127.0.0.1:{nats_port}", f"mongodb://127.0.0.1:{mongo_port}/?retryWrites=false"


def asked_for_containers() -> bool:
    """BIHUAN_TEST_BACKEND=containers, and an engine that answers; without one the embedded servers serve."""
    if os.environ.get("BIHUAN_TEST_BACKEND") != "containers" or not shutil.which("docker"):
        return False
    return subprocess.run(["docker", "info"], capture_output=True, timeout=20).returncode == 0


@contextmanager
def containers() -> Iterator[tuple[str, str]]:
    """NATS and MongoDB URLs of containers (BIHUAN_TEST_BACKEND=containers; NATS_IMAGE and MONGO_IMAGE name others)."""
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    def server(image: str, command: str, port: int, ready: str) -> DockerContainer:
        made = DockerContainer(image).with_command(command).with_exposed_ports(port)
        return made.waiting_for(LogMessageWaitStrategy(ready).with_startup_timeout(120))

    def place(made: DockerContainer, port: int) -> str:
        return f"{made.get_container_host_ip()}:{made.get_exposed_port(port)}"

    nats_image, mongo_image = os.environ.get("NATS_IMAGE", "nats:2.15"), os.environ.get("MONGO_IMAGE", "mongo:8")
    nats = server(nats_image, "nats-server -js", 4222, "Server is ready")
    mongo = server(mongo_image, "mongod --bind_ip_all", 27017, "Waiting for connections")
    with nats, mongo:
        yield f"nats://{place(nats, 4222)}", f"mongodb://{place(mongo, 27017)}/?directConnection=true&retryWrites=false"


def app_factory(service: str) -> Callable[[Runtime], FastAPI]:
    """The `create_app` of a service."""
    factory: Callable[[Runtime], FastAPI] = import_module(f"services.{service}.app").create_app
    return factory
