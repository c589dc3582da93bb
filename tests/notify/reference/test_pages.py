"""The reference: everything that a page needs comes from us, and a browser is told to take nothing else."""

import json
import re

import pytest

from services.notify.reference.pages import ASSETS, DOCUMENTS
from shared.testing import World

PAGES = ("/docs", "/docs/events")
ADDRESS = re.compile(r'(?:src|href)="([^"]+)"')
HOST = re.compile(r"https?://")


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_has_all_that_it_names(world: World, path: str) -> None:
    async with world.as_(None, "notify") as nobody:
        page = await nobody.get(path)
        named = ADDRESS.findall(page.text)
        assert len(named) >= 4
        for address in named:
            assert (await nobody.get(address)).status_code == 200, address
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize("path", [*PAGES, "/docs/openapi.json", "/docs/assets/start.js"])
async def test_nothing_runs_that_is_not_ours_to_serve(world: World, path: str) -> None:
    async with world.as_(None, "notify") as nobody:
        answer = await nobody.get(path)
    rules = dict(one.strip().split(" ", 1) for one in answer.headers["content-security-policy"].split(";"))
    assert (rules["default-src"], rules["script-src"], rules["connect-src"]) == ("'none'", "'self'", "'self'")
    assert not [rule for rule in rules.values() if "unsafe" in rule or "*" in rule or "http" in rule]
    if path in PAGES:
        assert not HOST.search(answer.text)
        assert "<style" not in answer.text
        assert "style=" not in answer.text
        assert all(script.endswith("></script>") for script in re.findall(r"<script.*?</script>", answer.text))


@pytest.mark.parametrize("name", ["openapi.json", "asyncapi.json"])
async def test_the_documents_are_those_of_the_release(world: World, name: str) -> None:
    async with world.as_(None, "notify") as nobody:
        answer = await nobody.get(f"/docs/{name}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == json.loads((DOCUMENTS / name).read_text("utf-8"))


@pytest.mark.parametrize("name", ASSETS)
async def test_an_asset_is_of_its_type(world: World, name: str) -> None:
    async with world.as_(None, "notify") as nobody:
        answer = await nobody.get(f"/docs/assets/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == ASSETS[name].media_type
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["redoc.standalone.js", "manifest.json", "..%2f__init__.py", "x"])
async def test_there_is_no_other_asset(world: World, name: str) -> None:
    async with world.as_(None, "notify") as nobody:
        assert (await nobody.get(f"/docs/assets/{name}")).status_code == 404


@pytest.mark.parametrize(("wish", "title"), [("zh-CN", "REST 接口"), ("en", "REST API"), ("fr", "REST API")])
async def test_a_page_is_in_the_language_asked_for(world: World, wish: str, title: str) -> None:
    async with world.as_(None, "notify", **{"Accept-Language": wish}) as nobody:
        assert f"· {title}</title>" in (await nobody.get("/docs")).text
