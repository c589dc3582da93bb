"""Commands where nothing answers, or nothing runs: a sentence, soon, and not what a service would log."""

from pathlib import Path

import pytest

from deploy.command import main, place

AWAY = {"BIHUAN_NATS_URL": "nats://127.0.0.1:1", "BIHUAN_MONGO_URL": "mongodb://127.0.0.1:1/"}
LEVEL = "BIHUAN_LOG_LEVEL"  # the command sets it for the rest of its process
WAITING = (["rebuild", "sla"], ["events", "replay", "kb", "--after", "1", "--until", "2"], ["bus", "show"])


@pytest.mark.parametrize("argv", WAITING, ids=" ".join)
def test_a_bus_that_is_away_is_told_in_a_sentence(
    argv: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (AWAY | {"BIHUAN_LANG": "en", LEVEL: "ERROR"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(place, "ANSWER_WITHIN", 0.2)
    assert main.main(argv) == main.FAILED
    said = capsys.readouterr().err
    assert said.startswith("NATS at 127.0.0.1:1 does not answer")
    assert len(said.splitlines()) == 1


def test_local_stands_before_a_command_without_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BIHUAN_LANG", "en")
    monkeypatch.setenv(LEVEL, "ERROR")
    monkeypatch.setattr(main, "LOCAL", tmp_path / "here")
    assert main.main(["--local", "bus", "show"]) == main.FAILED
    assert f"No Bihuan runs on {tmp_path / 'here'}" in capsys.readouterr().err
    assert main.main(["--local", str(tmp_path / "there"), "bus", "show"]) == main.FAILED
    assert f"No Bihuan runs on {tmp_path / 'there'}" in capsys.readouterr().err
