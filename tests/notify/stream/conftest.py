"""The service behind a real server."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn

from shared.testing import World
from tests.notify.conftest import notify_of
from tests.notify.stream.client import until
from tests.servers import free_port


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    config = uvicorn.Config(world.apps["notify"], port=free_port(), lifespan="off", log_level="warning")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield f"http://127.0.0.1:{config.port}"
    server.should_exit = True
    notify_of(world).feed.end()
    await asyncio.wait_for(running, 10)
