"""Demo data is for trials alone."""

from pathlib import Path

import pytest

from deploy.command.main import execute, parser


async def test_where_another_issuer_signs_it_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("BIHUAN_ISSUER", "https://login.sample.example/")
    monkeypatch.setenv("BIHUAN_LANG", "en")
    choices = parser().parse_args(["demo-data", "--at", "http://127.0.0.1:9", "--data-dir", str(tmp_path)])
    assert await execute(choices) == 1
    assert "for trials with the local issuer" in capsys.readouterr().err
