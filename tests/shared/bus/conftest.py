from collections.abc import AsyncIterator

import pytest

from shared.testing import Servers
from tests.shared.bus.harness import BusHarness, bus_harness


@pytest.fixture
async def harness(servers: Servers) -> AsyncIterator[BusHarness]:
    async with bus_harness(servers) as harness:
        yield harness
