from collections.abc import AsyncIterator

import pytest

from shared.testing import Servers
from tests.shared.street import Street, a_street


@pytest.fixture
async def street(servers: Servers) -> AsyncIterator[Street]:
    async with a_street(servers) as street:
        yield street
