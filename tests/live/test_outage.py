"""NATS or MongoDB may be away for as long as it takes, and NATS come back with nothing: afterwards everything is there,
and there are no dead letters."""

import asyncio
import re
import shutil

import httpx2
import pytest

from deploy.local.stack import Stack
from shared.bus.names import DEDUPE_WINDOW
from tests.live.audit import faults_found
from tests.live.crowd import Crowd, staff_arrives
from tests.live.desk import PATIENCE, Desk
from tests.live.sizes import OUTAGE
from tests.live.wishes import wishes

pytestmark = [pytest.mark.live, pytest.mark.timeout(OUTAGE + 500)]
TICKETS, AT_ONCE = 150, 75
LOST_TICKETS, LOST_AT_ONCE = 60, 30
RESENT = re.compile(r"^bihuan_events_told_again_total\{.*\} (\S+)$", re.MULTILINE)


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
        assert await faults_found(crowd, for_long=OUTAGE > DEDUPE_WINDOW) == ""


async def test_lost_bus_storage_is_made_good_by_who_told_what_was_in_it(stack: Stack) -> None:
    """Half of the tickets are on their way when the bus goes, and it comes back with an empty disk."""
    async with Desk(stack, patience=60 + PATIENCE) as desk:
        await staff_arrives(desk)
        crowd, wanted = Crowd(desk), wishes(LOST_TICKETS)
        async with asyncio.TaskGroup() as at_once:
            at_once.create_task(crowd.come(wanted[:LOST_AT_ONCE]))
            await crowd.accepted(LOST_AT_ONCE // 2)
            await stack.kill("nats", down=5)
            shutil.rmtree(stack.site.folder("nats"))
            at_once.create_task(crowd.come(wanted[LOST_AT_ONCE:], during=10))
            await stack.ready("nats", within=60)
        told = {name: await told_again(stack, name) for name in stack.options.process_names}
        assert all(any(told[one] for one in told if one.startswith(name)) for name in ("intake", "triage")), told
        assert await faults_found(crowd) == ""


async def told_again(stack: Stack, process: str) -> float:
    async with httpx2.AsyncClient() as client:
        metrics = (await client.get(f"{stack.service_url(process)}/metrics")).text
    return sum(map(float, RESENT.findall(metrics)))
