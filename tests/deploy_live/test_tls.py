"""compose with tls.yaml: both servers by TLS alone, and everything works."""

import asyncio
from collections.abc import Iterator

import nats
import nats.errors
import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.deploy_live.conftest import at
from tests.deploy_live.stack import FOLDER, ComposeStack, running
from tests.live.audit import faults_found
from tests.live.crowd import Crowd, staff_arrives
from tests.live.wishes import wishes

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(3600)]
TICKETS = 25


@pytest.fixture(scope="module")
def by_tls(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposeStack]:
    with running(ComposeStack(tmp_path_factory.mktemp("tls"), files=(FOLDER / "tls.yaml",))) as stack:
        yield stack


async def test_every_ticket_goes_its_way(by_tls: ComposeStack) -> None:
    async with at(by_tls) as desk:
        await staff_arrives(desk)
        crowd = Crowd(desk)
        await crowd.come(wishes(TICKETS))
        assert await faults_found(crowd) == ""
    await asyncio.to_thread(by_tls.bihuan, "doctor")


async def test_without_tls_neither_server_listens(by_tls: ComposeStack) -> None:
    plain = by_tls.nats_url.partition("?")[0].replace("tls://", "nats://")
    with pytest.raises((nats.errors.Error, OSError, TimeoutError)):
        await nats.connect(plain, connect_timeout=5, allow_reconnect=False, max_reconnect_attempts=0)
    without = by_tls.mongo_url.partition("&tls=true")[0]
    with MongoClient[dict[str, object]](without, serverSelectionTimeoutMS=5000) as client, pytest.raises(PyMongoError):
        client.admin.command("hello")
