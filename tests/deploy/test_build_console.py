"""Building the staff console: what it weighs, when it is built again, and one sentence where it cannot be built."""

import gzip
import json
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploy import build_console
from deploy.build_console import CANNOT, CONSOLE, digest, main, weigh

MANIFEST: dict[str, dict[str, object]] = {
    "index.html": {"file": "index.js", "isEntry": True, "css": ["index.css"], "imports": ["_shared.js"]},
    "_shared.js": {"file": "shared.js"},
    "src/pages/queue/index.tsx": {"file": "queue.js", "isDynamicEntry": True, "imports": ["_shared.js", "index.html"]},
    "src/pages/board/index.tsx": {"file": "board.js", "isDynamicEntry": True, "imports": ["_shared.js", "_chart.js"]},
    "_chart.js": {"file": "chart.js"},
}
FILES = {"index.js": 3000, "shared.js": 2000, "queue.js": 1000, "board.js": 500, "chart.js": 400, "index.css": 300}


def test_a_page_weighs_what_it_brings_besides_the_first_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_console, "BUILT", tmp_path)
    weight = {}
    for name, size in FILES.items():
        packed = gzip.compress(random.Random(name).randbytes(size), mtime=0)
        (tmp_path / f"{name}.gz").write_bytes(packed)
        weight[name] = len(packed)
    assert [(what, found) for what, found, _ in weigh(MANIFEST)] == [
        ("first screen, script", weight["index.js"] + weight["shared.js"] + weight["queue.js"]),
        ("first screen, style", weight["index.css"]),
        ("src/pages/board/index.tsx", weight["board.js"] + weight["chart.js"]),
    ]


def test_what_changes_in_its_sources_changes_the_digest() -> None:
    files = [CONSOLE / "package.json", CONSOLE / "index.html"]
    assert digest(files) == digest(files)
    assert digest(files) != digest(files[:1])


def test_without_node_it_says_so_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, "", "no network")

    monkeypatch.setattr(build_console, "is_built", lambda: False)
    monkeypatch.setattr(build_console, "of_wheel", lambda: None)
    monkeypatch.setattr(build_console, "on_path", lambda: None)
    monkeypatch.setattr(subprocess, "run", refused)
    assert main([]) == CANNOT
    assert re.fullmatch(r"The staff console is not built: there is no Node\.js here[^\n]*\.\n", capsys.readouterr().err)


def test_locks_name_packages_by_their_content_and_no_place_to_have_them_from() -> None:
    lock = json.loads((CONSOLE / "package-lock.json").read_text("utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert [name for name, package in packages.items() if "resolved" in package or "integrity" not in package] == []
    for file in (CONSOLE / "requirements.lock", CONSOLE.parents[1] / "tests" / "console" / "requirements.lock"):
        text = file.read_text("utf-8")
        assert ("--hash=sha256:" in text, "://" in text) == (True, False)
