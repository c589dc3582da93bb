from collections.abc import AsyncIterator

import pytest

from services.triage.app import create_app
from shared.testing import Servers, World, running
from tests.triage.scene import an_intake


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        intake = await an_intake(world)
        yield world
        await intake.stop()
