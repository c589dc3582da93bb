"""What is told to stop finishes what it began; what starts again goes on where it was."""

import asyncio
import os
import re
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.local.people import Person
from deploy.local.stack import Stack
from deploy.services import SERVICES
from shared.terms import Priority
from tests.live import stream
from tests.live.audit import faults_found
from tests.live.conftest import options_of
from tests.live.crowd import Crowd, staff_arrives
from tests.live.desk import Desk, Json, eventually
from tests.live.wishes import wishes

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]
IN_A_HURRY = Person("u-hurry", "急先生", ("requester",), "急速物流有限公司")
A_MINUTE = {"amount": 1 / 60, "unit": "hours"}
CHANGES_WITH_TIME = {"elapsed_seconds", "remaining_seconds", "seconds", "explanation"}


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_that_is_told_to_stop_leaves_nothing_half_done(
    stack: Stack, desk: Desk, notices: list[str], service: str
) -> None:
    await staff_arrives(desk)
    crowd = Crowd(desk)
    kept = stack.process(service)

    async def told() -> list[str]:
        return notices

    async with asyncio.TaskGroup() as at_once:
        at_once.create_task(crowd.come(wishes(100)))
        await crowd.accepted(40)
        os.kill(kept.pid, signal.SIGTERM)
        [notice] = await eventually(told, kept.part.grace)
        # Once everything is closed, the server lets the signal that it was told to stop by end it: success, too.
        assert re.search(rf"^{service} .*(status 0|SIGTERM)", notice)
        said = kept.part.log.read_text("utf-8")
        assert f"{service} has stopped" in said
        assert "Traceback" not in said
        await stack.ready(service)
    assert await faults_found(crowd) == ""


async def test_a_stack_that_is_stopped_at_work_goes_on_when_it_starts_again(tmp_path: Path) -> None:
    options = options_of(tmp_path)
    async with Stack(options) as stack, Desk(stack) as desk:
        await staff_arrives(desk)
        crowd, wanted = Crowd(desk), wishes(100)
        await crowd.come(wanted[:60])
        await crowd.come([replace(wish, then=()) for wish in wanted[60:]])  # accepted, and no more than that
    async with Stack(options) as stack, Desk(stack) as desk:
        assert await faults_found(Crowd(desk, crowd.opened)) == ""


async def test_a_clock_that_came_due_while_everything_was_down_is_told_after_the_start(tmp_path: Path) -> None:
    options = options_of(tmp_path)
    async with Stack(options) as stack, Desk(stack) as desk:
        await staff_arrives(desk)
        targets = {"response": {priority.value: A_MINUTE for priority in Priority}}
        policy = {"company": IN_A_HURRY.company, "targets": targets}
        await desk.do("admin", "PUT", "v1/policies/hurry", policy)
        await Crowd(desk).come(wishes(20))
        await stream.rest(stack)
        words = {"title": "如何批量导入客户资料？", "description": "想了解如何批量导入。"}
        number = (await desk.do(IN_A_HURRY, "POST", "v1/tickets", words))["ticket"]
        await stream.rest(stack)
        before = await everything(desk)
        assert breaches(await stream.events(stack)) == []

    [response] = [clock for clock in before[f"clocks {number}"]["clocks"] if clock["clock"] == "response"]
    late = datetime.fromisoformat(response["due_at"]) - datetime.now(UTC) + timedelta(seconds=1)
    await asyncio.sleep(late.total_seconds())

    async with Stack(options) as stack, Desk(stack) as desk:

        async def told() -> bool:
            return bool(breaches(await stream.events(stack)))

        await eventually(told)
        await stream.rest(stack)
        assert breaches(await stream.events(stack)) == [(number, "response")]
        assert (await desk.do("lead", "GET", f"v1/tickets/{number}/work"))["breached"]
        told_to = [
            one["recipient"] for one in await desk.all("lead", "v1/notifications") if "breached" in one["template"]
        ]
        assert told_to.count("role:lead") == 1  # administrators too, when half of the target has run out once more
        after = await everything(desk)
    for name in (f"clocks {number}", f"work {number}"):
        del before[name], after[name]
    assert after == before


def breaches(events: list[Json]) -> list[tuple[str, str]]:
    return [(event["subject"], event["data"]["clock"]) for event in events if event["kind"] == "sla.breached"]


async def everything(desk: Desk) -> dict[str, Json]:
    """Every ticket, work item and clock as it stands, and the order of the queue."""
    queue = [row["ticket"] for row in await desk.all("lead", "v1/queue")]
    found: dict[str, Json] = {"queue": {"order": queue}}
    for row in await desk.all("lead", "v1/tickets"):
        number = row["ticket"]
        found[f"ticket {number}"] = await desk.do("lead", "GET", f"v1/tickets/{number}")
        found[f"work {number}"] = await desk.do("lead", "GET", f"v1/tickets/{number}/work")
        found[f"clocks {number}"] = _timeless(await desk.do("lead", "GET", f"v1/tickets/{number}/clocks"))
    return found


def _timeless(clocks: Json) -> Json:
    """Without what grows from one second to the next."""
    if isinstance(clocks, dict):
        return {name: _timeless(value) for name, value in clocks.items() if name not in CHANGES_WITH_TIME}
    return [_timeless(one) for one in clocks] if isinstance(clocks, list) else clocks
