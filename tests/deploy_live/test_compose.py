"""The stack of compose as it is installed, and whatever may happen to a container."""

import asyncio
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from deploy.services import SERVICES
from tests.deploy_live.conftest import writable
from tests.deploy_live.engine import docker
from tests.deploy_live.stack import ComposeStack
from tests.live.audit import faults_found
from tests.live.crowd import Crowd, staff_arrives
from tests.live.desk import Desk, eventually
from tests.live.wishes import Wish, wishes

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(3600)]
TICKETS = 50  # of each test; together they are what the stack has
END = "import os, signal; os.kill(1, signal.SIGTERM)"
Opened = dict[Wish, str]


@pytest.fixture(scope="module")
def opened() -> Opened:
    """All tickets of the stack."""
    return {}


async def faults_after(desk: Desk, opened: Opened, happen: Sequence[Callable[[], object]]) -> str:
    """What was lost, doubled or half done while these happened, one after the other, and people came all the time."""
    await staff_arrives(desk)
    crowd, before = Crowd(desk, opened), len(opened)
    async with asyncio.TaskGroup() as at_once:
        at_once.create_task(crowd.come(wishes(TICKETS), during=5 * len(happen)))
        await crowd.accepted(before + TICKETS // 10)
        for one in happen:
            await asyncio.to_thread(one)
    return await faults_found(crowd)


async def test_nothing_is_lost_when_containers_are_killed_one_after_the_other(
    stack: ComposeStack, desk: Desk, opened: Opened
) -> None:
    def killed(service: str) -> Callable[[], None]:
        def run() -> None:
            stack.kill(service)
            stack.start(service)

        return run

    parts = (*SERVICES, "nats", "mongo", "gateway")
    assert await faults_after(desk, opened, [killed(one) for one in parts]) == ""


async def test_each_service_is_replaced_under_load(stack: ComposeStack, desk: Desk, opened: Opened) -> None:
    """As an upgrade does: the new replica is well before the old one is told to stop."""
    before = {one: stack.containers(one) for one in SERVICES}
    replaced: list[Callable[[], object]] = [partial(stack.replace, one) for one in SERVICES]
    assert await faults_after(desk, opened, replaced) == ""
    after = {one: stack.containers(one) for one in SERVICES}
    assert all(len(after[one]) == 1 and after[one] != before[one] for one in SERVICES)


async def test_what_ends_by_itself_comes_back(stack: ComposeStack, desk: Desk) -> None:
    [container] = stack.containers("kb")
    stack.compose("exec", "-T", "kb", "python3", "-c", END)

    async def is_back() -> bool:
        about = json.loads(await asyncio.to_thread(docker, "inspect", container))[0]
        return bool(about["RestartCount"] > 0 and about["State"]["Health"]["Status"] == "healthy")

    assert await eventually(is_back, within=300)
    assert (await desk.ask("lead", "GET", "v1/articles")).status_code == 200


async def test_stopped_in_the_middle_of_work_it_is_backed_up_tried_out_and_put_back(
    stack: ComposeStack, desk: Desk, opened: Opened, tmp_path: Path
) -> None:
    """By the command in its container, as the operator; then what one service keeps of others' facts is built again."""
    folder = writable(tmp_path / "backups")
    await staff_arrives(desk)
    crowd, before = Crowd(desk, opened), len(opened)
    async with asyncio.TaskGroup() as at_once:
        at_once.create_task(crowd.come(wishes(TICKETS // 2)))
        await crowd.accepted(before + 5)
        await asyncio.to_thread(stack.stop, *SERVICES)
        await asyncio.to_thread(backed_up, stack, folder)
        await asyncio.to_thread(stack.start, *SERVICES)
    assert await faults_found(crowd) == ""
    assert "wrong" not in json.dumps(json.loads(stack.bihuan("doctor", "--json")))


def backed_up(stack: ComposeStack, folder: Path) -> None:
    at = str(folder / "now")
    stack.bihuan("backup", at, mount=folder)
    stack.compose("up", "-d", "--no-deps", "--wait", "scratch")
    assert " are as they were." in stack.bihuan("drill", at, "--scratch", "scratch:4222", mount=folder)
    stack.compose("rm", "-sf", "scratch")
    there = stack.bihuan("restore", at, mount=folder, check=False)
    assert there == ""  # not without --replace
    stack.bihuan("restore", at, "--replace", mount=folder)
    for service in ("kb", "triage"):
        done = json.loads(stack.bihuan("rebuild", service, "--json"))
        assert (done["left"], done["dead"]) == ([], 0)
