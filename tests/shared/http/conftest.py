"""The shop, and a client of it."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from shared.testing import LEAD, Servers, World, running
from tests.shared.http.shop import create_app


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


@pytest.fixture
async def lead(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    async with world.as_(LEAD, "http") as client:
        yield client
