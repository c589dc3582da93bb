"""NATS as a cluster of three that loses its leader."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.deploy_live.conftest import at
from tests.deploy_live.stack import HERE, ComposeStack, running
from tests.live import stream
from tests.live.audit import faults_found
from tests.live.crowd import Crowd, staff_arrives
from tests.live.desk import eventually
from tests.live.wishes import wishes

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(3600)]
NODES = ("nats", "nats2", "nats3")
TICKETS = 50


@pytest.fixture(scope="module")
def cluster(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposeStack]:
    folder = tmp_path_factory.mktemp("cluster")
    with running(ComposeStack(folder, files=(HERE / "cluster.yaml",), nats_nodes=NODES)) as stack:
        yield stack


async def leader_of(stack: ComposeStack) -> str:
    async with stream.bus(stack) as client:  # type: ignore[arg-type]
        found = (await client.jetstream().stream_info(stream.STREAM)).cluster
    assert found
    return found.leader or ""


# nats-py leaves behind the socket of a server that ends while it connects; this is the tests' client, not the bus's own
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_nothing_is_lost_or_doubled_when_the_leader_is_killed(cluster: ComposeStack) -> None:
    async with at(cluster) as desk:
        await staff_arrives(desk)
        crowd = Crowd(desk)
        async with asyncio.TaskGroup() as at_once:
            at_once.create_task(crowd.come(wishes(TICKETS), during=20))
            await crowd.accepted(TICKETS // 5)
            lost = await leader_of(cluster)
            assert lost in NODES
            await asyncio.to_thread(cluster.kill, lost)

            async def another_leads() -> bool:
                try:
                    return await leader_of(cluster) not in ("", lost)
                except (OSError, TimeoutError):
                    return False

            assert await eventually(another_leads, within=120)
            await crowd.accepted(TICKETS // 2)
            await asyncio.to_thread(cluster.start, lost)
        assert await faults_found(crowd) == ""
