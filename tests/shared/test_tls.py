"""NATS and MongoDB by TLS, on servers that take nothing else."""

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.options import CHECKOUT
from shared.bus.addresses import servers_of
from tests.certificates import certified
from tests.servers import SCRIPTS, free_port, process

NATS = """\
listen: "127.0.0.1:{port}"
jetstream {{ store_dir: "{folder}/js" }}
authorization {{ user: triage, password: known }}
tls {{ cert_file: "{server}", key_file: "{server}", handshake_first: true }}
"""


@dataclass(frozen=True)
class Secured:
    port: int
    ca: Path
    other: Path  # an authority that has signed nothing here


@pytest.fixture(scope="module")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder, port = tmp_path_factory.mktemp("nats"), free_port()
    ca, server = certified(folder)
    other, _ = certified(folder, "other")
    conf = folder / "nats.conf"
    conf.write_text(NATS.format(port=port, folder=folder, server=server))
    with process([str(SCRIPTS / "nats-server"), "-c", str(conf)], port, folder / "nats.log"):
        yield Secured(port, ca, other)


async def reaches(url: str, *driver: str) -> tuple[bool, set[str]]:
    """And what the log says."""
    command = (sys.executable, "-m", "tests.shared.reaching", url, *driver)
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT, stdout=pipe, stderr=pipe)
    output, log = await child.communicate()
    return output == b"reached", set(log.decode().splitlines())


async def test_the_bus_is_reached_by_who_trusts_its_authority(nats_server: Secured) -> None:
    url = f"tls://triage:known@127.0.0.1:{nats_server.port}?tlsCAFile={nats_server.ca}"
    assert await reaches(url) == (True, set())


@pytest.mark.parametrize("scheme", ["tls", "nats"])
async def test_the_bus_is_not_reached_by_another_authority_nor_without_tls_and_it_is_said_why(
    nats_server: Secured, scheme: str
) -> None:
    query = f"?tlsCAFile={nats_server.other}" if scheme == "tls" else ""
    reached, log = await reaches(f"{scheme}://triage:known@127.0.0.1:{nats_server.port}{query}")
    assert not reached
    [said] = [line for line in log if line.startswith("the bus cannot be reached: ")]
    assert ("CERTIFICATE_VERIFY_FAILED" in said) is (scheme == "tls")
    assert "known" not in "".join(log)


async def test_a_password_is_not_told_to_a_server_that_asks_for_no_tls() -> None:
    heard = bytearray()

    async def pretend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"server_id":"x","version":"2.15.1","max_payload":1048576,"headers":true}\r\n')
        while piece := await reader.read(4096):
            heard.extend(piece)
        writer.close()

    server = await asyncio.start_server(pretend, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reached, _ = await reaches(f"tls://triage:hunter2@127.0.0.1:{port}")
    assert not reached
    server.close()
    assert heard
    assert b"hunter2" not in heard


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="with TLS and without"):
        servers_of("tls://a:4222,nats://b:4222")
    with pytest.raises(OSError, match="No such file"):
        servers_of(f"tls://a:4222?tlsCAFile={tmp_path}/none.pem")


@pytest.fixture(scope="module")
def mongo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder, port = tmp_path_factory.mktemp("mongo"), free_port()
    ca, server = certified(folder)
    other, _ = certified(folder, "other")
    command = [str(SCRIPTS / "secantusd-py"), "--host", "127.0.0.1", "--port", str(port), "--cache-size", "64M"]
    command += ["--storage-path", str(folder / "data"), "--tls-cert-file", str(server), "--tls-key-file", str(server)]
    with process([*command, "--standalone"], port, folder / "mongo.log"):
        yield Secured(port, ca, other)


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
@pytest.mark.parametrize("way", ["ca", "other", "plain"])
async def test_the_database_is_reached_by_who_trusts_its_authority_alone(
    mongo_server: Secured, way: str, driver: str
) -> None:
    tls = "" if way == "plain" else f"&tls=true&tlsCAFile={getattr(mongo_server, way)}"
    url = f"mongodb://127.0.0.1:{mongo_server.port}/?retryWrites=false&serverSelectionTimeoutMS=800&connectTimeoutMS=800{tls}"
    reached, log = await reaches(url, driver)
    assert reached is (way == "ca")
    assert ("certificate verify failed" in "".join(log)) is (way == "other")
    assert bool(log) is (way != "ca")
