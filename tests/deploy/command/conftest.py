"""The command as an operator calls it, on the servers of the tests."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from deploy.command.main import execute, parser
from shared.testing import SECRET, Servers


@dataclass(frozen=True)
class Said:
    status: int | None
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Awaitable[Said]]


def environment(servers: Servers, prefix: str) -> dict[str, str]:
    return {
        "BIHUAN_NATS_URL": servers.nats_url,
        "BIHUAN_MONGO_URL": servers.mongo_url,
        "BIHUAN_PREFIX": prefix,
        "BIHUAN_LINK_SECRET": SECRET,
        "BIHUAN_JWKS": str(servers.jwks),
        "BIHUAN_LANG": "en",
    }


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[Servers, str], Call]:
    """In this process."""

    def on(servers: Servers, prefix: str) -> Call:
        for name, value in environment(servers, prefix).items():
            monkeypatch.setenv(name, value)

        async def call(*argv: str) -> Said:
            capsys.readouterr()
            status = await execute(parser().parse_args(argv))
            return Said(status, *capsys.readouterr())

        return call

    return on


async def apart(servers: Servers, prefix: str, *argv: str, **env: str) -> Said:
    """In a process of its own."""
    pipe = asyncio.subprocess.PIPE
    known = {**os.environ, **environment(servers, prefix), **env}
    command = (sys.executable, "-m", "deploy.command", *argv)
    process = await asyncio.create_subprocess_exec(*command, env=known, stdout=pipe, stderr=pipe)
    out, err = await process.communicate()
    return Said(process.returncode, out.decode(), err.decode())
