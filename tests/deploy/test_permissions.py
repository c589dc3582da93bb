"""What each service may do on the bus, on a real server with the permissions that deployments give it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import nats
import nats.errors
import pytest
from nats.aio.client import Client

from deploy.bus.apply import apply
from deploy.bus.permissions import OPERATOR, SUBSCRIBER, authorization
from deploy.contracts.wiring import services
from deploy.services import SERVICES
from shared.bus import Bus, Limits
from tests.notify.samples import BREACHED, TICKET, opened
from tests.notify.stream.test_examples import lines, running
from tests.servers import SCRIPTS, free_port, process

PASSWORDS = {name: f"password-of-{name}" for name in (*SERVICES, OPERATOR, SUBSCRIBER)}
ANOTHERS = {
    "events of another": "bihuan.sla.breached.v1",
    "dead letters of another": "bihuan-dead.sla",
    "what another holds": "$JS.ACK.BIHUAN.sla.1.1.1.1.1",
    "another's place": "$JS.API.CONSUMER.MSG.NEXT.BIHUAN.sla",
    "another's filter": "$JS.API.CONSUMER.CREATE.BIHUAN.sla",
    "taking another's place away": "$JS.API.CONSUMER.DELETE.BIHUAN.sla",
    "everything that was told": "$JS.API.STREAM.PURGE.BIHUAN",
    "the stream": "$JS.API.STREAM.DELETE.BIHUAN",
    "the stream's settings": "$JS.API.STREAM.UPDATE.BIHUAN",
    "another stream": "$JS.API.STREAM.CREATE.OTHER",
    "a dead letter": "$JS.API.STREAM.MSG.DELETE.BIHUAN_DEAD",
    "what nobody asked of it": "_INBOX.bihuan.sla.x",
}


@contextmanager
def server(folder: Path, manages: bool) -> Iterator[str]:
    port = free_port()
    config = folder / "nats.conf"
    config.write_text(authorization(PASSWORDS, "bihuan", manages), "utf-8")
    command = [str(SCRIPTS / "nats-server"), "-c", str(config), "-a", "127.0.0.1", "-p", str(port), "-js"]
    with process([*command, "-sd", str(folder / "js")], port, folder / "nats.log"):
        yield f"127.0.0.1:{port}"


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[str]:
    with server(tmp_path, manages=False) as address:
        yield address


def url(address: str, user: str) -> str:
    return f"nats://{user}:{PASSWORDS[user]}@{address}"


@asynccontextmanager
async def connected(address: str, user: str, errors: list[str]) -> AsyncIterator[Client]:
    async def note(error: Exception) -> None:
        errors.append(str(error).lower())

    client = await nats.connect(url(address, user), error_cb=note, inbox_prefix=f"_INBOX.bihuan.{user}")
    try:
        yield client
    finally:
        await client.close()


async def errors_after(client: Client, errors: list[str], *subjects: str) -> list[str]:
    """What the server says of messages to these: all of it, for it answers in order, and the last is always refused."""
    last = f"refused.{uuid4().hex}"
    for subject in (*subjects, last):
        await client.publish(subject, b"{}")
    async with asyncio.timeout(10):
        while not any(last in error for error in errors):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return [error for error in errors if last not in error]


async def test_who_has_no_password_is_not_let_in(strict: str) -> None:
    for wrong in (f"nats://{strict}", f"nats://kb:guessed@{strict}"):
        client = Client()
        with pytest.raises(nats.errors.Error, match=r"(?i)authorization"):
            await client.connect(wrong, allow_reconnect=False)
        await client.close()


@pytest.mark.parametrize("what", ANOTHERS)
async def test_what_is_anothers_is_refused(strict: str, what: str) -> None:
    errors: list[str] = []
    async with connected(strict, "kb", errors) as kb:
        said = await errors_after(kb, errors, ANOTHERS[what], "bihuan.kb.article_published.v1")
    assert [ANOTHERS[what].lower() in error for error in said] == [True]


@pytest.mark.parametrize("subject", ["bihuan.>", "bihuan.ticket.opened.v1", "_INBOX.>", "bihuan-ask.sla.promises"])
async def test_nobody_listens_beside_its_place(strict: str, subject: str) -> None:
    errors: list[str] = []
    async with connected(strict, "triage", errors) as triage:
        await triage.subscribe(subject)
        said = await errors_after(triage, errors)
    assert [f'permissions violation for subscription to "{subject.lower()}"' in error for error in said] == [True]


async def test_streams_and_places_that_the_operator_makes_are_enough_for_every_service(strict: str) -> None:
    await apply(url(strict, OPERATOR), "bihuan", Limits())
    for service in await services():
        bus = Bus(url(strict, service.name), service.name)
        for kind in service.listens_to:
            bus.on(kind, nothing)
        await bus.start()
        try:
            assert await bus.ready(), service.name
        finally:
            await bus.stop_receiving()
            await bus.stop()


async def nothing(_: object) -> None:
    pass


def subscribing(address: str, name: str) -> tuple[str, ...]:
    example = Path(__file__).resolve().parents[2] / "docs" / "examples" / "follow_events.py"
    return (sys.executable, str(example), url(address, SUBSCRIBER), name)


async def test_a_subscriber_reads_events_with_the_client_of_the_documents(strict: str) -> None:
    await apply(url(strict, OPERATOR), "bihuan", Limits())
    async with connected(strict, OPERATOR, []) as operator, running(*subscribing(strict, "erp")) as said:
        for event in (BREACHED, opened()):
            await operator.jetstream().publish(f"bihuan.{event.kind}.v1", event.to_wire())
        assert [one[1:] for one in await lines(said, 1)] == [["bihuan.ticket.opened.v1", TICKET]]


@pytest.mark.parametrize("what", [one for one in ANOTHERS if one != "a dead letter"])
async def test_a_subscriber_tells_nothing_and_takes_no_service_its_place(strict: str, what: str) -> None:
    errors: list[str] = []
    async with nats_client(strict, errors) as client:
        said = await errors_after(client, errors, ANOTHERS[what])
    assert [ANOTHERS[what].lower() in error for error in said] == [True]


@asynccontextmanager
async def nats_client(address: str, errors: list[str]) -> AsyncIterator[Client]:
    async def note(error: Exception) -> None:
        errors.append(str(error).lower())

    client = await nats.connect(url(address, SUBSCRIBER), error_cb=note)
    try:
        yield client
    finally:
        await client.close()
