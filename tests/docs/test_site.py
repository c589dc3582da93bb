"""The site of the documentation: it is built whole, fetches nothing, and what its guides name is there."""

import json
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml

from deploy.local.options import CHECKOUT

DOCS = CHECKOUT / "docs"
SCRIPTS = Path(sysconfig.get_path("scripts"))
GUIDES = [path for path in sorted(DOCS.rglob("*.md")) if path.name != "benchmarks.md"]  # which names no place for them
OPERATION = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`?]*)")
SPAN = re.compile(r"`([^`\n]+)`")
INDENTED = re.compile(r"^    \S.*$", re.MULTILINE)
FENCED = re.compile(r"^```$.*?^```$", re.MULTILINE | re.DOTALL)
LOADED = re.compile(r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=[\"']?(https?://[^\"' >]+)", re.IGNORECASE)


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    shutil.copy(CHECKOUT / "mkdocs.yml", folder)
    shutil.copytree(DOCS, folder / "docs", dirs_exist_ok=True)
    command = [str(SCRIPTS / "zensical"), "build", "--clean", "--strict", "-f", "mkdocs.yml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_it_is_built_whole_and_fetches_nothing_from_elsewhere(tmp_path: Path) -> None:
    done = build(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = list((tmp_path / "site").rglob("index.html"))
    assert len(pages) > 40
    assert {url for page in pages for url in LOADED.findall(page.read_text("utf-8"))} == set()


def test_a_link_that_leads_nowhere_fails(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    build(tmp_path)
    with (tmp_path / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write("\n[nowhere](nowhere.md)\n")
    command = [str(SCRIPTS / "zensical"), "build", "--clean", "--strict", "-f", "mkdocs.yml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0


def test_every_page_has_its_place() -> None:
    text = (CHECKOUT / "mkdocs.yml").read_text("utf-8")
    there = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")}
    placed = re.findall(r"[\w/-]+\.md", json.dumps(yaml.safe_load(text)["nav"]))
    assert sorted(placed) == sorted(there)


@pytest.mark.parametrize("page", GUIDES, ids=lambda path: str(path.relative_to(DOCS)))
def test_what_a_guide_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    paths = json.loads((DOCS / "openapi.json").read_text("utf-8"))["paths"]
    missing = [
        f"{method} {path}" for method, path in OPERATION.findall(text) if method.lower() not in paths.get(path, {})
    ]
    assert missing == []


def test_guides_are_in_both_languages_and_name_the_same() -> None:
    for page in (DOCS / "guides").glob("*.md"):
        chinese = DOCS / "zh" / "guides" / page.name
        said, translated = (OPERATION.findall(one.read_text("utf-8")) for one in (page, chinese))
        assert said == translated, page.name
        assert said


TRANSLATED = sorted(path.name for path in (DOCS / "zh").glob("*.md") if path.name != "index.md")


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_page_names_the_same_commands_settings_and_figures_in_both_languages(name: str) -> None:
    english, chinese = ((folder / name).read_text("utf-8") for folder in (DOCS, DOCS / "zh"))
    for kind in (SPAN, INDENTED, FENCED):
        said, translated = (sorted({*kind.findall(text)}) for text in (english, chinese))
        assert translated == said, name
    headings = [sum(line.startswith("#") for line in text.splitlines()) for text in (english, chinese)]
    assert headings[0] == headings[1]
