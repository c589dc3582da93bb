"""The examples of the documents follow events as they say. Those in TypeScript have no types to be taken out, so that
Node runs them as they are; of the one that needs packages the syntax is checked alone."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from shared.testing import LEAD, World
from tests.notify.samples import ASKED, BREACHED, TICKET, opened
from tests.notify.stream.client import publish

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"
NODE = shutil.which("node")
WITHIN = 30.0  # seconds
with_node = pytest.mark.skipif(NODE is None, reason="there is no Node here")


@asynccontextmanager
async def running(*command: str) -> AsyncIterator[asyncio.StreamReader]:
    """What it says, line by line."""
    env = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=env)
    try:
        assert process.stdout
        yield process.stdout
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def lines(said: asyncio.StreamReader, count: int) -> list[list[str]]:
    async with asyncio.timeout(WITHIN):
        return [(await said.readline()).decode().split() for _ in range(count)]


async def test_the_one_in_python_reads_the_bus_and_goes_on_where_it_was(world: World) -> None:
    client = (str(EXAMPLES / "follow_events.py"), world.servers.nats_url, "erp", world.prefix.upper())
    command = (sys.executable, *client, f"{world.prefix}.ticket.>")
    await publish(world, opened(), BREACHED)
    async with running(*command) as said:
        [[_, kind, subject]] = await lines(said, 1)
        assert (kind, subject) == ("bihuan.ticket.opened.v1", TICKET)
        await publish(world, ASKED)
        [[_, kind, _]] = await lines(said, 1)
        assert kind == "bihuan.ticket.questions_asked.v1"
    more = opened(ticket="TK-2026-000002")
    await publish(world, more)
    async with running(*command) as said:
        again = await lines(said, 1)
        while again[-1][0] != more.id:  # the last one may come once more: it was killed before it said that it has it
            assert again[-1][0] == ASKED.id
            again += await lines(said, 1)
    assert len(again) <= 2


@with_node
async def test_the_one_in_typescript_follows_the_live_stream(world: World, url: str, tmp_path: Path) -> None:
    script = tmp_path / "follow-stream.mjs"
    shutil.copy(EXAMPLES / "follow-stream.ts", script)
    await publish(world, opened(), BREACHED)
    command = (str(NODE), str(script), url, world.token(LEAD), "events=ticket.*", "0")
    async with running(*command) as said:
        assert await lines(said, 1) == [["ticket.opened", "1", TICKET]]
        await publish(world, ASKED)
        assert await lines(said, 1) == [["ticket.questions_asked", "3", TICKET]]


@with_node
@pytest.mark.parametrize("name", ["follow-events.ts", "follow-stream.ts"])
def test_what_is_in_typescript_is_valid(name: str, tmp_path: Path) -> None:
    script = tmp_path / f"{name}.mjs"
    shutil.copy(EXAMPLES / name, script)
    done = subprocess.run([str(NODE), "--check", str(script)], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
