"""NATS or MongoDB may be away for as long as it takes: afterwards everything is there, and nothing is parked."""

import asyncio

import pytest

from deploy.local.stack import Stack
from tests.live.audit import everything_is_there_once
from tests.live.crowd import Crowd, staff_arrives
from tests.live.desk import PATIENCE, Desk
from tests.live.sizes import OUTAGE
from tests.live.wishes import wishes

pytestmark = [pytest.mark.live, pytest.mark.timeout(OUTAGE + 500)]
TICKETS, AT_ONCE = 150, 75


@pytest.mark.parametrize("part", ["nats", "mongo"])
async def test_a_server_that_is_away_for_long_is_waited_for(stack: Stack, part: str) -> None:
    """Half of the tickets are on their way when it goes, the others come while it is away."""
    async with Desk(stack, patience=OUTAGE + PATIENCE) as desk:
        await staff_arrives(desk)
        crowd, wanted = Crowd(desk), wishes(TICKETS)
        async with asyncio.TaskGroup() as at_once:
            at_once.create_task(crowd.come(wanted[:AT_ONCE]))
            await crowd.accepted(AT_ONCE // 2)
            await stack.kill(part, down=OUTAGE)
            at_once.create_task(crowd.come(wanted[AT_ONCE:], during=OUTAGE))
            await stack.ready(part, within=OUTAGE + 60)
        await everything_is_there_once(crowd)
