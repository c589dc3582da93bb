"""A client made from the document by a public generator, used against a service."""

import importlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.kb.app import create_app as kb
from shared.testing import EDITOR, Servers, World, running

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent


@pytest.fixture(scope="module")
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, kb) as world:
        yield world


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the package `desk_client` is in; a warning of the generator fails."""
    folder = tmp_path_factory.mktemp("client")
    command = [str(SCRIPTS / "openapi-python-client"), "generate", "--meta", "none", "--fail-on-warning"]
    command += ["--path", str(ROOT / "docs" / "openapi.json"), "--output-path", str(folder / "desk_client")]
    path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"  # it formats what it made
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PATH": path}, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "arning" not in done.stdout + done.stderr
    return folder


async def test_the_client_writes_an_article_and_finds_it_in_the_list(
    made: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(made))
    write, read, models, client = [
        importlib.import_module(f"desk_client.{name}")
        for name in ("api.articles.write_article", "api.articles.list_articles", "models", "client")
    ]
    transport = httpx.ASGITransport(world.apps["kb"])
    desk: Any = client.AuthenticatedClient(
        base_url="http://desk", token=world.token(EDITOR), httpx_args={"transport": transport}
    )
    body = models.ArticleText(title="Export closes the program", problem="It closes.", solution="Install V3.2.1.")
    written = await write.asyncio(client=desk, body=body)
    listed = await read.asyncio(client=desk, limit=10)
    assert isinstance(written, models.ArticleView)
    assert [(row.id, row.title) for row in listed.items] == [(written.id, "Export closes the program")]
