"""Processes of our own beside the one that measures: each takes commands, one JSON line each, and answers with one."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import uvloop

from deploy.local.options import CHECKOUT

LINE = 64 * 1024 * 1024
Commands = Mapping[str, Callable[..., Awaitable[Any]]]


class Helper:
    def __init__(self, process: Process, module: str) -> None:
        self._process = process
        self._module = module

    @property
    def pid(self) -> int:
        return self._process.pid

    async def do(self, command: str, **arguments: Any) -> Any:
        """What the command gave back."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([command, arguments]).encode() + b"\n")
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._module} ended at {command}")
        return json.loads(line)


@asynccontextmanager
async def helper(module: str) -> AsyncIterator[Helper]:
    """`module` is one of ours that calls `obey` when it is run."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.bench.{module}"), stdin=PIPE, stdout=PIPE, cwd=CHECKOUT, limit=LINE
    )
    try:
        yield Helper(process, module)
    finally:
        assert process.stdin
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()


def obey(commands: Commands) -> None:
    """Take commands until nobody is there to give them."""
    uvloop.run(_obey(commands))


async def _obey(commands: Commands) -> None:
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        command, arguments = json.loads(line)
        print(json.dumps(await commands[command](**arguments)), flush=True)
