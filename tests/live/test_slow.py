"""What is stopped or slow holds up nobody: the other process goes on, and all agree afterwards."""

import asyncio
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.local.options import HOST, Options
from deploy.local.stack import Stack
from deploy.services import SERVICES
from shared.terms import Priority
from tests.live import stream
from tests.live.audit import faults_found
from tests.live.conftest import options_of
from tests.live.crowd import Crowd, staff_arrives
from tests.live.desk import Desk
from tests.live.facts import Facts
from tests.live.slow import Line
from tests.live.waits import between_facts, until_first, wait_or_timeout
from tests.live.wishes import Wish, wishes

pytestmark = [pytest.mark.live, pytest.mark.timeout(500)]
TICKETS, MEASURED, FEWEST = 120, 30, 10
# Of the tickets a second that this machine carries while nobody is stopped: with more, they wait for the machine.
SHARE = 0.5
STOPPED_FOR, HELD_FOR, FREE_FOR = 40.0, 5.0, 10.0  # seconds
LONGEST = 10.0  # seconds that anything of a ticket may wait


@pytest.mark.parametrize("service", SERVICES)
async def test_a_process_that_is_stopped_is_replaced_by_the_other(stack: Stack, desk: Desk, service: str) -> None:
    """Not ended: whoever is connected to it still believes that it is there."""
    await staff_arrives(desk)
    crowd, during = Crowd(desk), STOPPED_FOR * 0.75
    stopped = stack.options.replicas_of(service)[-1]
    wanted = await as_many_as_it_carries(crowd, during)
    begun = datetime.now(UTC)
    async with asyncio.TaskGroup() as at_once:
        at_once.create_task(crowd.come(wanted, during))
        await crowd.accepted(MEASURED + FEWEST // 3)
        await stack.kill(stopped, signal.SIGSTOP)
        await asyncio.sleep(STOPPED_FOR)
        await stack.kill(stopped, signal.SIGCONT)
    assert await faults_found(crowd, waits_of(crowd, begun)) == ""


async def test_a_database_that_answers_late_is_waited_for(tmp_path: Path) -> None:
    """Three times nothing is answered for some seconds; the connections stay. Between them what waited is caught up,
    so that each is one wait and not a third of a long one."""
    servers = Options(data_dir=tmp_path / "servers", services=(), gateway=False)
    async with Stack(servers) as beside, Line(beside.ports["mongo"]) as line:
        url = beside.mongo_url.replace(f"{HOST}:{beside.ports['mongo']}", f"{HOST}:{line.port}")
        async with (
            Stack(options_of(tmp_path / "desk", env={"BIHUAN_MONGO_URL": url})) as stack,
            Desk(stack) as desk,
        ):
            await staff_arrives(desk)
            crowd, during = Crowd(desk), 3 * (FREE_FOR + HELD_FOR)
            wanted = await as_many_as_it_carries(crowd, during)
            begun = datetime.now(UTC)
            async with asyncio.TaskGroup() as at_once:
                at_once.create_task(crowd.come(wanted, during))
                for _ in range(3):
                    await asyncio.sleep(FREE_FOR)
                    await line.hold(HELD_FOR)
            assert await faults_found(crowd, waits_of(crowd, begun)) == ""


async def as_many_as_it_carries(crowd: Crowd, during: float) -> list[Wish]:
    """Some come first, to see how fast they go."""
    wanted, loop = wishes(TICKETS), asyncio.get_running_loop()
    begun = loop.time()
    await crowd.come(wanted[:MEASURED])
    await stream.rest(crowd.desk.stack)
    carried = MEASURED / (loop.time() - begun)
    return wanted[MEASURED:][: max(FEWEST, int(carried * SHARE * during))]


def waits_of(crowd: Crowd, since: datetime) -> Callable[[Facts], list[str]]:
    """Finds what waited too long, of all that happened since then."""

    def find(facts: Facts) -> list[str]:
        opened_at = {number: at for number, at in crowd.opened_at.items() if at >= since}
        events = [event for event in facts.events if event["told_at"] >= since]
        urgent = {number for wish, number in crowd.opened.items() if wish.said is Priority.URGENT}
        waits = [
            *between_facts(events),
            *until_first(events, "triage.diagnosed", opened_at),
            *until_first(events, "triage.assigned", {one: at for one, at in opened_at.items() if one in urgent}),
            *wait_or_timeout(facts.deliveries, "opened", opened_at),
        ]
        too_long = sorted((wait for wait in waits if wait.seconds > LONGEST), reverse=True)
        return [f"of {len(waits)} waits, longer than {LONGEST} s: {wait}" for wait in too_long]

    return find
