"""Any part may be killed in the middle of the work: nothing is lost, nothing doubled, nothing half done."""

import asyncio
import random

import pytest

from deploy.local.stack import Stack
from deploy.services import SERVICES
from tests.live.audit import faults_found
from tests.live.crowd import Crowd, staff_arrives
from tests.live.desk import Desk
from tests.live.wishes import wishes

pytestmark = [pytest.mark.live, pytest.mark.timeout(400)]
TICKETS, FIRST_WAVE = 200, 120
KILLED_AT = (60, 160)
ANY_MOMENT = 1.0  # seconds: the kill falls anywhere between two writes, at other places in each run


@pytest.mark.parametrize("part", [*SERVICES, "nats", "mongo", "envoy"])
async def test_nothing_is_lost_or_doubled_when_a_part_is_killed_twice(stack: Stack, desk: Desk, part: str) -> None:
    """Of a service first one process, then the other."""
    await staff_arrives(desk)
    crowd = Crowd(desk)
    wanted = wishes(TICKETS)
    killed = stack.options.replicas_of(part)[-2:] if part in SERVICES else (part,)
    async with asyncio.TaskGroup() as at_once:
        for turn, wave in enumerate((wanted[:FIRST_WAVE], wanted[FIRST_WAVE:])):
            at_once.create_task(crowd.come(wave))
            await crowd.accepted(KILLED_AT[turn])
            await asyncio.sleep(random.uniform(0, ANY_MOMENT))
            await stack.kill(killed[turn % len(killed)])
            await stack.ready(killed[turn % len(killed)])
    assert await faults_found(crowd) == ""


async def test_nothing_is_lost_or_doubled_when_all_processes_of_a_service_are_killed(stack: Stack, desk: Desk) -> None:
    """One service after the other: for a moment nobody is there who hears or sends."""
    await staff_arrives(desk)
    crowd = Crowd(desk)
    async with asyncio.TaskGroup() as at_once:
        at_once.create_task(crowd.come(wishes(TICKETS), during=20))
        await crowd.accepted(KILLED_AT[0] // 2)
        for service in SERVICES:
            await asyncio.sleep(random.uniform(0, ANY_MOMENT))
            processes = stack.options.replicas_of(service)
            await asyncio.gather(*map(stack.kill, processes))
            await asyncio.gather(*map(stack.ready, processes))
    assert await faults_found(crowd) == ""
