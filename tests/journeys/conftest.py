from collections.abc import AsyncIterator

import pytest

from services.intake.app import create_app as intake
from services.kb.app import create_app as kb
from services.notify.app import create_app as notify
from services.sla.app import create_app as sla
from services.triage.app import create_app as triage
from shared.testing import Servers, World, running
from tests.journeys.desk import Desk


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, intake, triage, sla, kb, notify) as world:
        yield world


@pytest.fixture
async def desk(world: World) -> Desk:
    desk = Desk(world)
    await desk.opens()
    return desk
