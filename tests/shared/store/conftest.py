"""Notes on a real server, with both drivers."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from shared.testing import Servers, running
from tests.shared.store.notes import Desk, Notes, create_app


@pytest.fixture(params=["motor", "pymongo"])
async def desk(request: pytest.FixtureRequest, servers: Servers) -> AsyncIterator[Desk]:
    async with running(replace(servers, driver=request.param), create_app) as world:
        yield Desk(world)


@pytest.fixture
def notes(desk: Desk) -> Notes:
    return desk.notes
