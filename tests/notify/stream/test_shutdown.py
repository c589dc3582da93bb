"""The service as a process of its own: it ends when it is told to, also while somebody is listening."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx2
import nats

from shared.testing import ISSUER, LEAD, SECRET, Servers
from tests.servers import free_port


@asynccontextmanager
async def a_process(servers: Servers) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The service behind uvicorn, ready, with a stream and a database of its own."""
    port, prefix = free_port(), f"t{uuid4().hex[:10]}"
    env = {
        "BIHUAN_MONGO_URL": servers.mongo_url,
        "BIHUAN_NATS_URL": servers.nats_url,
        "BIHUAN_PREFIX": prefix,
        "BIHUAN_JWKS": str(servers.jwks),
        "BIHUAN_ISSUER": ISSUER,
        "BIHUAN_LINK_SECRET": SECRET,
    }
    command = [*(sys.executable, "-m", "uvicorn", "--factory", "services.notify.app:create_app"), "--port", str(port)]
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **env})
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx2.AsyncClient(base_url=url, trust_env=False) as client:
            await ready(client, process)
        yield process, url
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        connection = await nats.connect(servers.nats_url)
        for name in (prefix.upper(), f"{prefix.upper()}_DEAD"):
            await connection.jetstream().delete_stream(name)
        await connection.close()


async def ready(client: httpx2.AsyncClient, process: asyncio.subprocess.Process) -> None:
    for _ in range(600):
        assert process.returncode is None
        try:
            if (await client.get("/healthz/ready")).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        await asyncio.sleep(0.05)
    raise TimeoutError


async def test_an_open_stream_does_not_keep_the_service_from_ending(servers: Servers) -> None:
    headers = {"Authorization": f"Bearer {servers.token(LEAD.sub, *LEAD.roles)}"}
    async with (
        a_process(servers) as (process, url),
        httpx2.AsyncClient(base_url=url, trust_env=False, timeout=20) as client,
        client.stream("GET", "/v1/events", headers=headers) as answer,
    ):
        lines = answer.aiter_lines()
        assert await anext(lines) == "retry: 2000"
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            rest = [line async for line in lines]
            await process.wait()
    assert not any(line.startswith("event:") for line in rest)
