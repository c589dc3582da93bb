from collections.abc import AsyncIterator

import pytest

from services.triage.app import create_app
from shared.testing import Servers, World, running


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world
