"""The console's files: the page for every address, files by their names alone, and a policy that refuses the rest."""

import gzip
from pathlib import Path

import pytest

from services.intake.console import api
from services.intake.console.settings import ConsoleSettings
from shared.testing import World
from tests.intake.portal.browser import browser

PAGE = b"<!doctype html><title>Bihuan</title>"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(api, "settings", lambda: ConsoleSettings(folder=tmp_path / "dist"))
    (tmp_path / "secret.js").write_text("mine")
    return tmp_path / "dist"


def build(folder: Path) -> None:
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_bytes(PAGE)
    (folder / "assets" / "main-a1B2.js").write_text("start()")
    (folder / "assets" / "main-a1B2.js.gz").write_bytes(gzip.compress(b"start()"))


async def test_before_it_is_built_it_says_how_to_build_it_and_after_that_it_is_there(
    world: World, folder: Path
) -> None:
    async with browser(world, None) as client:
        answer = await client.get("/console/queue")
        assert (answer.status_code, "make console" in answer.text, "尚未构建" in answer.text) == (503, True, True)
        assert (await client.get("/console/assets/main-a1B2.js")).status_code == 404
        build(folder)
        assert (await client.get("/console/queue")).content == PAGE


@pytest.mark.parametrize("path", ["", "/", "/queue", "/tickets/TK-2026-000001/clocks", "/..%2f..%2fsecret.js"])
async def test_every_address_is_the_page_and_browsers_refuse_what_it_does_not_bring(
    world: World, folder: Path, path: str
) -> None:
    build(folder)
    async with browser(world, None) as client:
        page = await client.get(f"/console{path}")
    assert (page.status_code, page.content, page.headers["cache-control"]) == (200, PAGE, "no-cache")
    policy = page.headers["content-security-policy"]
    assert ("default-src 'none'" in policy, "unsafe" in policy) == (True, False)
    assert "frame-ancestors 'none'" in policy


async def test_a_file_is_packed_where_that_is_understood_and_kept_for_ever(world: World, folder: Path) -> None:
    build(folder)
    async with browser(world, None) as client:
        packed = await client.get("/console/assets/main-a1B2.js", headers={"Accept-Encoding": "br, gzip"})
        plain = await client.get("/console/assets/main-a1B2.js", headers={"Accept-Encoding": "br, gzip;q=0"})
    assert (packed.headers["content-encoding"], packed.text) == ("gzip", "start()")
    assert ("content-encoding" in plain.headers, plain.text) == (False, "start()")
    for answer in (packed, plain):
        assert answer.headers["content-type"].startswith("text/javascript")
        assert ("immutable" in answer.headers["cache-control"], answer.headers["vary"]) == (True, "Accept-Encoding")


@pytest.mark.parametrize(
    "name",
    ["..%2f..%2fsecret.js", "%2e%2e/secret.js", "none.js", "", ".", "a%00.js", "x" * 300 + ".js", "main-a1B2.js/"],
)
async def test_nothing_else_is_given_out(world: World, folder: Path, name: str) -> None:
    build(folder)
    async with browser(world, None) as client:
        answer = await client.get(f"/console/assets/{name}")
    assert ("mine" in answer.text, answer.status_code in (200, 404)) == (False, True)
    assert answer.status_code == 404 or answer.content == PAGE
