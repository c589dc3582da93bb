import sys
from collections.abc import AsyncIterator, Iterator

import pytest

from deploy.services import SERVICES
from shared.testing import Servers, World, running
from tests.journeys.desk import Desk
from tests.journeys.leaks import Seeds, Told, listening
from tests.notify.conftest import mail_server as mail_server
from tests.servers import app_factory


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, *map(app_factory, SERVICES)) as world:
        yield world


@pytest.fixture
async def desk(world: World) -> Desk:
    desk = Desk(world)
    await desk.opens()
    return desk


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    with listening(monkeypatch) as told:
        yield told


@pytest.fixture
def seeds() -> Seeds:
    return Seeds()
