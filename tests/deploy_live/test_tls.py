"""compose with tls.yaml: both servers by TLS alone, and the demo plays on it as it does on the trial."""

import re
from collections.abc import Iterator

import nats
import nats.errors
import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.deploy_live.stack import FOLDER, ComposeStack, running

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(3600)]
LAST_LINE = re.compile(r"demo ok: \d+ steps, \d+ events, trace [0-9a-f]{32} over 6 services, \d+\.\d s")


@pytest.fixture(scope="module")
def by_tls(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposeStack]:
    with running(ComposeStack(tmp_path_factory.mktemp("tls"), files=(FOLDER / "tls.yaml",))) as stack:
        yield stack


def test_the_demo_plays_the_whole_process(by_tls: ComposeStack) -> None:
    said = by_tls.compose("run", "--rm", "-T", "--no-deps", "-e", "BIHUAN_LANG=en", "demo", check=False)
    assert LAST_LINE.fullmatch((said.strip().splitlines() or [""])[-1]), said[-3000:]


def test_the_operator_finds_nothing_wrong_and_is_told_how_long_certificates_last(by_tls: ComposeStack) -> None:
    said = by_tls.bihuan("doctor")
    assert "lasts 396 more days" in said


async def test_without_tls_neither_server_listens(by_tls: ComposeStack) -> None:
    assert by_tls.nats_url.startswith("tls://")
    plain = by_tls.nats_url.partition("?")[0].replace("tls://", "nats://")
    with pytest.raises((nats.errors.Error, OSError, TimeoutError)):
        await nats.connect(plain, connect_timeout=5, allow_reconnect=False, max_reconnect_attempts=0)
    without, _, by = by_tls.mongo_url.partition("&tls=true")
    assert by
    with MongoClient[dict[str, object]](without, serverSelectionTimeoutMS=5000) as client, pytest.raises(PyMongoError):
        client.admin.command("hello")
