import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path

import httpx2
import nats
import nats.errors
import nats.js.errors
import psutil
import pytest

from deploy.local.options import CHECKOUT, Options, Site, fixed_ports
from deploy.local.stack import Stack
from deploy.local.words import LaunchError
from tests.deploy.conftest import STUB
from tests.live.desk import eventually

pytestmark = pytest.mark.live


async def command(*arguments: str) -> Process:
    """`python -m deploy.local ...` in a process of its own."""
    env = {**os.environ, "BIHUAN_LANG": "en"}
    run = (sys.executable, "-m", "deploy.local", *arguments)
    return await asyncio.create_subprocess_exec(*run, stdout=PIPE, stderr=PIPE, cwd=CHECKOUT, env=env)


async def up(data_dir: Path, *more: str) -> tuple[Process, list[psutil.Process], str]:
    """A launcher that is ready, the processes it started, and what it said."""
    launcher = await command("up", "--free-ports", "--data-dir", str(data_dir), "--target", STUB, *more)
    assert launcher.stdout is not None
    said = ""
    async with asyncio.timeout(50):
        while "Ctrl-C ends all" not in said:
            line = await launcher.stdout.readline()
            assert line, said
            said += line.decode()
    return launcher, psutil.Process(launcher.pid).children(recursive=True), said


async def test_what_is_killed_comes_back_on_its_port(stack: Stack) -> None:
    for name in ("intake", "nats", "mongo", "envoy"):
        before = stack.process(name).pid
        await stack.kill(name)
        await stack.ready(name)
        assert stack.process(name).pid != before
    headers = {"authorization": f"Bearer {stack.token('lead')}"}
    async with httpx2.AsyncClient(base_url=stack.url, headers=headers) as client:
        assert (await client.get("/v1/tickets")).status_code == 200


async def test_a_replica_that_is_away_is_left_to_the_others(tmp_path: Path) -> None:
    """What it was asked in that moment is not asked of another, for it may have done it."""
    options = Options(data_dir=tmp_path, services=("intake",), replicas=2, target=STUB)
    async with Stack(options) as stack, httpx2.AsyncClient(base_url=stack.url, timeout=20) as client:
        client.headers["authorization"] = f"Bearer {stack.token('lead')}"
        first, second = (stack.process(name).pid for name in ("intake", "intake.2"))

        async def who_answers() -> set[int]:
            answers = await asyncio.gather(*(client.post("/v1/tickets") for _ in range(20)))
            return {answer.json().get("pid", answer.status_code) for answer in answers}

        assert await who_answers() == {first, second}
        await stack.kill("intake.2", down=3)
        assert await who_answers() <= {first, 503}
        assert await who_answers() == {first}
        await stack.ready("intake.2")
        again = stack.process("intake.2").pid
        assert again != second

        await stack.kill("intake", signal.SIGSTOP)

        async def only_one() -> bool:
            client.timeout = 1
            with suppress(httpx2.TimeoutException):
                return await who_answers() == {again}
            return False

        assert await eventually(only_one, 20)
        assert await who_answers() == {again}
        await stack.kill("intake", signal.SIGCONT)

        async def both() -> bool:
            return await who_answers() == {first, again}

        await eventually(both, 20)


async def test_three_nats_nodes_are_one_bus(tmp_path: Path) -> None:
    options = Options(data_dir=tmp_path, services=(), gateway=False, nats_nodes=3)
    async with Stack(options) as stack:
        client = await nats.connect(stack.nats_url.split(","))
        bus = client.jetstream()
        await bus.add_stream(name="KEPT", subjects=["kept"], num_replicas=3)
        await bus.publish("kept", b"1")
        leader = (await bus.stream_info("KEPT")).cluster
        assert leader is not None
        await stack.kill(str(leader.leader))

        async def found() -> int:
            with suppress(nats.errors.Error, nats.js.errors.APIError):
                return (await bus.stream_info("KEPT")).state.messages
            return 0

        assert await eventually(found, 20) == 1
        await client.close()


async def test_services_are_told_where_everything_is(stack: Stack) -> None:
    async with httpx2.AsyncClient(base_url=stack.service_url("intake")) as client:
        told = (await client.get("/")).json()["settings"]
    assert told["BIHUAN_NATS_URL"] == stack.site.nats_url_of("intake")
    assert told["BIHUAN_MONGO_URL"] == stack.mongo_url
    assert told["BIHUAN_PUBLIC_URL"] == stack.url
    assert told["BIHUAN_JWKS"] == f"{stack.collector_url}/jwks.json"


def test_replicas_have_ports_of_their_own_beside_the_known_ones() -> None:
    ports = fixed_ports({"kb": 9000, "sla.2": 9100}, replicas=3)
    assert [ports[name] for name in ("intake", "intake.2", "intake.3")] == [8101, 8111, 8121]
    assert [ports[name] for name in ("kb", "kb.2", "sla", "sla.2", "sla.3")] == [9000, 9010, 8103, 9100, 8123]
    assert len(set(ports.values())) == len(ports)


def test_the_secret_of_links_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    site = Site(Options(data_dir=tmp_path), {})
    secret = site.secret_file("link-secret")
    before = secret.read_text("ascii")
    assert site.secret_file("link-secret").read_text("ascii") == before
    assert len(before) >= 32
    assert secret.stat().st_mode & 0o777 == 0o600


async def test_a_part_that_cannot_start_is_told_in_its_own_words(tmp_path: Path) -> None:
    options = Options(data_dir=tmp_path, services=("intake",), target="tests.deploy.nowhere:{name}", gateway=False)
    stack = Stack(options)
    with pytest.raises(LaunchError, match=r"(?s)intake ended while starting.*tests\.deploy\.nowhere"):
        await stack.__aenter__()
    assert stack.processes == {}


async def test_two_stacks_do_not_share_a_folder(stack: Stack) -> None:
    with pytest.raises(LaunchError, match="Another Bihuan is running"):
        await Stack(Options(data_dir=stack.options.data_dir)).__aenter__()


async def test_a_killed_launcher_leaves_nothing_behind(tmp_path: Path) -> None:
    launcher, children, said = await up(tmp_path, "--replicas", "2")
    assert len(children) == 14
    assert all(f"  {name:10}" in said for name in ("sla", "sla.2"))
    launcher.kill()
    await launcher.communicate()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []


async def test_ctrl_c_ends_all_with_success(tmp_path: Path) -> None:
    launcher, children, said = await up(tmp_path)
    found = json.loads((tmp_path / "stack.json").read_text())
    assert found["collector"] in said
    assert "SecantusDB" in said or "mongod" in said.lower()

    launcher.send_signal(signal.SIGINT)
    _, errors = await asyncio.wait_for(launcher.communicate(), 30)
    assert (launcher.returncode, errors) == (0, b"")
    assert not any(child.is_running() for child in children)
    assert not (tmp_path / "stack.json").exists()


async def test_a_second_ctrl_c_does_not_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUB_SLOW", "1")
    launcher, children, _ = await up(tmp_path)
    launcher.send_signal(signal.SIGINT)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(launcher.wait(), 2)
    launcher.send_signal(signal.SIGINT)
    _, errors = await asyncio.wait_for(launcher.communicate(), 10)
    assert (launcher.returncode, errors) == (0, b"")
    assert not any(child.is_running() for child in children)


async def test_ctrl_c_while_starting_ends_all_too(tmp_path: Path) -> None:
    launcher = await command("up", "--free-ports", "--data-dir", str(tmp_path), "--target", STUB)
    assert launcher.stdout is not None
    await launcher.stdout.readline()
    children = psutil.Process(launcher.pid).children(recursive=True)
    launcher.send_signal(signal.SIGINT)
    _, errors = await asyncio.wait_for(launcher.communicate(), 30)
    assert (launcher.returncode, errors) == (0, b"")
    assert not any(child.is_running() for child in children)


async def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        launcher = await command("up", "--data-dir", str(tmp_path), "--port", f"gateway={taken}")
        said, errors = await asyncio.wait_for(launcher.communicate(), 30)
    assert (launcher.returncode, said) == (1, b"")
    assert errors.decode().startswith(f"Port {taken}, wanted for gateway, is in use")
    assert errors.count(b"\n") == 1


async def test_no_stack_to_ask_for_a_trace_is_one_sentence(tmp_path: Path) -> None:
    asked = await command("trace", "T-1", "--data-dir", str(tmp_path))
    _, errors = await asyncio.wait_for(asked.communicate(), 30)
    assert asked.returncode == 1
    assert errors.decode().startswith("No Bihuan runs on")


async def test_a_mongo_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    url = "mongodb://ann:s3cret@127.0.0.1:1/?serverSelectionTimeoutMS=200"
    stack = Stack(Options(data_dir=tmp_path, services=(), gateway=False, env={"BIHUAN_MONGO_URL": url}))
    with pytest.raises(LaunchError, match=r"127\.0\.0\.1:1/ does not answer: check BIHUAN_MONGO_URL") as told:
        await stack.__aenter__()
    assert "s3cret" not in str(told.value)


async def test_a_mongo_that_is_given_is_used_and_not_started(stack: Stack, tmp_path: Path) -> None:
    env = {"BIHUAN_MONGO_URL": stack.mongo_url}
    async with Stack(Options(data_dir=tmp_path, services=(), gateway=False, env=env)) as other:
        assert (other.mongo_url, "mongo" in other.processes) == (stack.mongo_url, False)
        assert "BIHUAN_MONGO_URL" in next(started.what for started in other.started if started.part == "mongo")
