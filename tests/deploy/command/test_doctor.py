"""The doctor says in sentences what is wrong, and ends with 1 only then."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.backup.databases import MARK
from deploy.doctor.finding import State, clock, version_of
from deploy.doctor.servers import of_place, of_stream
from deploy.doctor.settings import certificate_end, of_end
from services.intake.app import create_app as intake
from services.kb.app import create_app as kb
from services.notify.app import create_app as notify
from services.sla.app import create_app as sla
from services.triage.app import create_app as triage
from shared.testing import Servers, World, running
from tests.deploy.command.conftest import Call, apart
from tests.servers import free_port

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, intake, triage, sla, kb, notify) as world:
        yield world


@pytest.fixture
def call(here: Callable[[Servers, str], Call], servers: Servers, world: World) -> Call:
    return here(servers, world.prefix)


@pytest.mark.parametrize(
    ("text", "version"), [("2.10.4", (2, 10, 4)), ("8.0.1-rc2", (8, 0, 1)), ("", ()), ("7.x.1", (7, 1))]
)
def test_versions_are_numbers(text: str, version: tuple[int, ...]) -> None:
    assert version_of(text) == version


@pytest.mark.parametrize(
    ("seconds", "state"), [(0.2, State.OK), (-1.5, State.WARNING), (5.0, State.WRONG), (-90, State.WRONG)]
)
def test_clocks_may_differ_by_a_second(seconds: float, state: State) -> None:
    assert clock("mongodb", seconds).state is state


@pytest.mark.parametrize(
    ("days", "state"), [(31, State.OK), (29, State.WARNING), (6, State.WRONG), (0, State.WRONG), (-3, State.WRONG)]
)
def test_a_certificate_is_replaced_in_time(days: int, state: State) -> None:
    assert of_end("desk", NOW + timedelta(days=days), NOW).state is state


@pytest.mark.parametrize(("has", "most", "state"), [(79, 100, State.OK), (80, 100, State.WARNING), (5, -1, State.OK)])
def test_a_stream_that_fills_up_is_said(has: int, most: int, state: State) -> None:
    assert of_stream("B", {"config": {"max_bytes": most}, "state": {"bytes": has}}).state is state


def place(**facts: Any) -> dict[str, Any]:
    ago = (NOW - timedelta(minutes=12)).isoformat()
    known = {"num_pending": 0, "num_ack_pending": 0, "num_waiting": 1, "ts": NOW.isoformat(), "created": ago}
    return {**known, "delivered": {}, "ack_floor": {"last_active": ago}, **facts}


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, State.OK),
        ({"num_waiting": 0}, State.WRONG),
        ({"num_pending": 3}, State.WRONG),
        ({"num_pending": 3, "delivered": {"last_active": NOW.isoformat()}}, State.OK),
        ({"num_waiting": 0, "num_ack_pending": 2, "delivered": {"last_active": NOW.isoformat()}}, State.OK),
    ],
)
def test_what_waits_may_wait_while_it_goes_on(facts: dict[str, Any], state: State) -> None:
    assert of_place("sla", place(**facts)).state is state


async def test_a_sound_installation_is_sound(call: Call) -> None:
    said = await call("doctor")
    assert (said.status, said.err, said.out.splitlines()[-1]) == (0, "", "All is well.")


async def test_what_is_wrong_is_said_in_both_languages(call: Call, world: World) -> None:
    database = world.runtimes["sla"].database
    await database["ticketclocks"].drop_indexes()
    await database[MARK].insert_one({"_id": MARK})
    await world.publish_raw("ticket.completed", b"no event")
    await world.settle()
    said = await call("doctor", "--json")
    found = {one["en"]: one for one in said.json if one["state"] != "ok"}
    assert said.status == 1
    indexes = next(en for en in found if "indexes are missing" in en)
    assert "ticketclocks: due_at" in indexes
    assert "run `bihuan prepare sla`" in indexes
    assert "缺少索引" in found[indexes]["zh"]
    assert found["a restore of it was not finished: do it again"]["check"] == "sla"
    assert [one["state"] for en, one in found.items() if "bihuan dead-letters list" in en] == ["warning"]


async def test_who_does_not_run_is_said(call: Call, world: World) -> None:
    await world.runtimes["kb"].bus.stop_receiving()
    await world.stop("kb")
    said = await call("doctor")
    lines = [line for line in said.out.splitlines() if "no replica of it runs" in line]
    assert (said.status, [line.split()[1] for line in lines]) == (1, ["kb"])


async def test_servers_that_are_away_are_said_and_nothing_else_is_raised(servers: Servers) -> None:
    away = f"127.0.0.1:{free_port()}"
    urls = {
        "BIHUAN_NATS_URL": f"nats://{away}",
        "BIHUAN_MONGO_URL": f"mongodb://{away}/",
        "BIHUAN_JWKS": f"http://{away}/",
    }
    said = await apart(servers, "nowhere", "doctor", "--json", **urls)
    assert (said.status, said.err) == (1, "")
    assert {one["check"] for one in said.json if one["state"] == "wrong"} == {"keys", "nats", "mongodb"}


async def test_settings_that_are_not_for_production_are_said_there(servers: Servers, world: World) -> None:
    said = await apart(servers, world.prefix, "doctor", "--json", "--service", "sla", BIHUAN_ENV="production")
    [settings] = [one for one in said.json if one["check"] == "settings"]
    assert (said.status, settings["state"], "BIHUAN_PUBLIC_URL" in settings["en"]) == (1, "wrong", True)


@asynccontextmanager
async def showing(folder: Path, ends: datetime) -> AsyncIterator[int]:
    """A server with a certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(ends - timedelta(days=90)).not_valid_after(ends)
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(private + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_the_end_of_a_certificate_is_read_also_of_one_that_has_ended(tmp_path: Path) -> None:
    ends = datetime(2025, 1, 1, tzinfo=UTC)
    async with showing(tmp_path, ends) as port:
        assert await certificate_end("127.0.0.1", port) == ends
