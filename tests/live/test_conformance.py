"""The desk does what its contract says, for whoever asks whatever: schemathesis reads docs/openapi.json and goes
through it by way of the gateway, as every role and as nobody."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from deploy.contracts.files import read
from deploy.gateway.config import Rate
from deploy.local.options import HOST
from deploy.local.stack import Stack
from deploy.services import SERVICES
from tests.intake.quarantine.daemon import Daemon, scanning
from tests.live.conform.by_hand import by_hand, named
from tests.live.conform.document import PAGES, STREAM, prepared
from tests.live.conform.plan import NOBODY, ROLES, Json, Operation, operations, shared_out, theirs
from tests.live.conform.run import Part, Report, conform
from tests.live.conform.scene import MAILBOX, RUBBISH, Scene
from tests.live.conftest import options_of
from tests.live.desk import Desk
from tests.live.sizes import COVERED, EXAMPLES, SEED
from tests.servers import free_port

pytestmark = [pytest.mark.live, pytest.mark.timeout(120 + 60 * EXAMPLES + 120 * COVERED)]
UNLIMITED = Rate(100_000, 100_000)
WHOSE = (*ROLES, NOBODY)
Doctor = Callable[[Json], None]
LEARNS_EVERY = 15  # seconds
reports: dict[str, Report] = {}


def as_it_is(_: Json) -> None:
    pass


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """One for all of them. Limits of requests are tried elsewhere."""
    limits = {"caller_rate": UNLIMITED, "company_rate": UNLIMITED, "address_rate": UNLIMITED}
    env = {
        "BIHUAN_MAIL_MAILBOXES": f'["{MAILBOX}"]',
        "BIHUAN_MAIL_LISTEN": f"{HOST}:{free_port()}",
        "BIHUAN_LEARN_SECONDS": f"{LEARNS_EVERY}",
        "BIHUAN_CHANNELS": '[{"channel": "feishu", "id": "feishu", "encrypt_key": "k", "verification_token": "v"}]',
    }
    async with scanning(Daemon()) as address:
        env["BIHUAN_CLAMAV"] = address
        async with Stack(options_of(tmp_path_factory.mktemp("bihuan"), env=env, **limits)) as stack:
            yield stack


@pytest.fixture(scope="module")
async def desk(stack: Stack) -> AsyncIterator[Desk]:
    async with Desk(stack) as desk:
        yield desk


@pytest.fixture(scope="module")
async def may(desk: Desk) -> dict[str, set[Operation]]:
    scene = await Scene(desk).play()
    document = prepared(read("openapi.json"), scene)
    return {who: await theirs(scene, document, None if who == NOBODY else who) for who in WHOSE}


async def run(
    desk: Desk, who: str, folder: Path, may: set[Operation], covers: set[Operation], doctor: Doctor = as_it_is
) -> Report:
    scene = await Scene(desk).play()  # of their own, for what was done cannot be done again
    document = prepared(read("openapi.json"), scene)
    doctor(document)
    return await conform(scene, document, Part(None if who == NOBODY else who, may, covers, EXAMPLES, SEED), folder)


@pytest.mark.parametrize("who", WHOSE)
async def test_what_is_asked_is_answered_as_the_contract_says(
    desk: Desk, may: dict[str, set[Operation]], tmp_path: Path, who: str
) -> None:
    reports[who] = await run(desk, who, tmp_path, may[who], shared_out(may, COVERED)[who])
    assert reports[who].good, reports[who].said[-20_000:]


async def test_every_operation_was_done_by_somebody(desk: Desk) -> None:
    """Not only refused; what only a messenger can sign, test_channels.py does."""
    await by_hand(await Scene(desk).play())
    if missing := {*WHOSE} - reports.keys():
        pytest.skip(f"only when all of them ran, not without {', '.join(sorted(missing))}")
    done = {name for report in reports.values() for name, status in report.seen if status < 300}
    known = read("openapi.json")
    known["paths"].pop(STREAM)
    known["paths"].pop("/channels/{account}")
    asked = [(method, path) for method, path in operations(known) if not path.startswith(PAGES)]
    done |= named(desk.done, asked)  # to set the scene, or by hand
    wanted = {f"{method.upper()} {path}" for method, path in asked}
    assert sorted(wanted - done) == []


async def test_nothing_that_was_asked_becomes_an_event_that_nobody_can_handle(desk: Desk) -> None:
    for service in SERVICES:
        letters = await desk.all("admin", "v1/dead-letters", service=service)
        paths = [f"v1/dead-letters/{letter['sequence']}" for letter in letters]
        assert {(await desk.do("admin", "GET", path))["body"] for path in paths} == {RUBBISH}, service


async def test_a_contract_that_the_desk_does_not_keep_is_found_out(desk: Desk, tmp_path: Path) -> None:
    one, many = ("get", "/v1/tickets/{ticket}"), ("get", "/v1/tickets")

    def doctor(document: Json) -> None:
        document["paths"] = {path: {method: document["paths"][path][method]} for method, path in (one, many)}
        del document["paths"][one[1]]["get"]["responses"]["404"]
        document["components"]["schemas"]["TicketRow"]["properties"]["title"] = {"type": "integer"}

    report = await run(desk, "requester", tmp_path, {one, many}, {one, many}, doctor)
    assert not report.good
    assert all(fault in report.said for fault in ("Undocumented status code", "Response violates schema"))
