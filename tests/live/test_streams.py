"""Streams may be deleted, raised by hand, and lose their leader."""

import asyncio
from pathlib import Path

import nats.errors
import nats.js.errors
import pytest
from nats.js.api import StreamConfig, StreamInfo

from deploy.local.stack import Stack
from tests.live import stream
from tests.live.audit import faults_found
from tests.live.conftest import options_of
from tests.live.crowd import Crowd, staff_arrives
from tests.live.desk import Desk, eventually
from tests.live.stream import DEAD_STREAM, STREAM
from tests.live.wishes import wishes

pytestmark = [pytest.mark.live, pytest.mark.timeout(400)]
TICKETS, KILLED_AT = 150, 50
DAYS = 86_400.0  # seconds


async def test_nothing_is_lost_when_the_leader_of_three_nodes_is_killed(tmp_path: Path) -> None:
    async with Stack(options_of(tmp_path, nats_nodes=3)) as stack, Desk(stack) as desk:
        await staff_arrives(desk)
        crowd = Crowd(desk)
        async with asyncio.TaskGroup() as at_once:
            at_once.create_task(crowd.come(wishes(TICKETS)))
            await crowd.accepted(KILLED_AT)
            leader = await leader_of(stack)
            await stack.kill(leader, down=5)
            await stack.ready(leader)
        assert await faults_found(crowd) == ""
        async with stream.bus(stack) as client:
            assert (await client.jetstream().stream_info(STREAM)).config.num_replicas == 3


async def leader_of(stack: Stack) -> str:
    async with stream.bus(stack) as client:
        cluster = (await client.jetstream().stream_info(STREAM)).cluster
    assert cluster
    assert cluster.leader
    return cluster.leader


async def test_a_start_does_not_lower_what_an_operator_raised(tmp_path: Path) -> None:
    options = options_of(tmp_path, nats_nodes=3, env={"BIHUAN_NATS_REPLICAS": "1"})
    raised: dict[str, StreamConfig] = {}
    async with Stack(options) as stack, stream.bus(stack) as client:
        bus = client.jetstream()
        for name in (STREAM, DEAD_STREAM):
            config = (await bus.stream_info(name)).config
            assert config.num_replicas == 1
            assert (config.max_bytes or -1) > 0  # bounded, so that no disk is filled
            more = config.evolve(num_replicas=3, max_age=400 * DAYS, max_bytes=2 * (config.max_bytes or 0))
            raised[name] = (await bus.update_stream(more)).config
        for service in ("intake", "kb"):
            await stack.kill(service)
            await stack.ready(service)
        assert {name: (await bus.stream_info(name)).config for name in raised} == raised


async def test_streams_that_are_deleted_are_made_again(stack: Stack, desk: Desk) -> None:
    """What is said meanwhile waits in the outboxes, and is heard by all."""
    await staff_arrives(desk)
    before, crowd = Crowd(desk), Crowd(desk)
    await before.come(wishes(25))
    await stream.rest(stack)
    async with stream.bus(stack) as client:
        for name in (STREAM, DEAD_STREAM):
            await client.jetstream().delete_stream(name)
        await crowd.come(wishes(50))

        async def there() -> StreamInfo | None:
            try:
                return await client.jetstream().stream_info(STREAM)
            except (nats.errors.Error, nats.js.errors.Error):
                return None

        await eventually(there)
    await stream.rest(stack)
    for number in crowd.opened.values():
        for path in (f"v1/tickets/{number}/work", f"v1/tickets/{number}/clocks"):
            await desk.do("lead", "GET", path)
    told = {delivery["ticket"] for delivery in await desk.all("lead", "v1/notifications")}
    assert {*crowd.opened.values()} <= told
