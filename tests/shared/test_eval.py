"""What `make eval` prints, of our own samples and of a folder of the same form."""

import gzip
import json
from pathlib import Path

import pytest

from tests.eval import messages, scores
from tests.eval.__main__ import HELD_BACK, NO_DATA, SAMPLES, main

ROW = {"title": "", "body": "V3.2在Win11上崩溃", "malfunction": True, "error": None}


def test_our_own_samples_are_read_right() -> None:
    figures = messages.measure(messages.rows_of(SAMPLES))
    assert figures.keys() >= {
        "messages.malfunction.f1",
        "messages.version.exact",
        "messages.environment.exact",
        "messages.error.exact",
    }
    assert min(value for name, value in figures.items() if name.endswith((".exact", "malfunction.f1"))) >= 95


def test_what_was_held_back_is_diagnosed_well() -> None:
    figures = messages.measure(messages.rows_of(SAMPLES, HELD_BACK))
    assert figures["messages.malfunction.f1"] >= 93
    assert figures["messages.priority.macro_f1"] >= 90
    assert figures["messages.category.macro_f1"] >= 80


def test_a_folder_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {**ROW, "product_version": "V3.2", "environment": "Win10"},
        {**ROW, "product_version": None, "environment": "Win11"},
    ]
    packed = gzip.compress("\n".join(map(json.dumps, rows)).encode())
    (tmp_path / "cls_messages.jsonl.gz").write_bytes(packed)
    monkeypatch.setattr("sys.argv", ["eval", "--test", str(tmp_path)])
    assert main() == 0
    assert capsys.readouterr().out.splitlines()[:4] == [
        "messages.malfunction.f1 100.0",
        "messages.version.exact 50.0",
        "messages.environment.exact 50.0",
        "messages.error.exact 100.0",
    ]


def test_a_folder_without_data_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["eval", "--test", str(tmp_path)])
    assert main() == NO_DATA


@pytest.mark.parametrize(
    ("pairs", "percent"), [([(True, True), (True, False)], 100 * 2 / 3), ([(False, False)], 100.0)]
)
def test_f1(pairs: list[tuple[bool, bool]], percent: float) -> None:
    assert scores.f1(pairs) == pytest.approx(percent)
