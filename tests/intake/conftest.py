import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from services.intake.app import create_app
from shared.testing import WANG, Servers, World, running
from tests.intake.provider import FakeProvider


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


@pytest.fixture
async def provider(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeProvider]:
    fake = FakeProvider(world.token(WANG))
    app = Starlette(routes=[Route("/token", fake.answer, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110, uvicorn tells it in no other way
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    settings = world.apps["intake"].state.service.portal.provider.settings
    monkeypatch.setattr(settings, "url", "https://id.test/authorize?tenant=1")
    monkeypatch.setattr(settings, "token_url", f"http://127.0.0.1:{port}/token")
    yield fake
    server.should_exit = True
    await running
