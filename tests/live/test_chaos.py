"""Any part may be killed in the middle of the work: nothing is lost, nothing doubled, nothing half done."""

import asyncio

import pytest

from deploy.local.options import SERVICES
from deploy.local.stack import Stack
from tests.live.audit import everything_is_there_once
from tests.live.crowd import Crowd, staff_arrives
from tests.live.desk import Desk
from tests.live.wishes import wishes

pytestmark = [pytest.mark.live, pytest.mark.timeout(400)]
TICKETS, FIRST_WAVE = 200, 120
KILLED_AT = (60, 160)


@pytest.mark.parametrize("part", [*SERVICES, "nats", "mongo", "envoy"])
async def test_nothing_is_lost_or_doubled_when_a_part_is_killed_twice(stack: Stack, desk: Desk, part: str) -> None:
    await staff_arrives(desk)
    crowd = Crowd(desk)
    wanted = wishes(TICKETS)
    async with asyncio.TaskGroup() as at_once:
        for wave, killed_at in zip((wanted[:FIRST_WAVE], wanted[FIRST_WAVE:]), KILLED_AT, strict=True):
            at_once.create_task(crowd.come(wave))
            await crowd.accepted(killed_at)
            await stack.kill(part)
            await stack.ready(part)
    await everything_is_there_once(crowd)
