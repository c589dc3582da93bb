"""What the environment says; secrets may come from files."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.settings import SECRETS, Settings


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_may_come_from_a_file_and_is_never_shown(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    file.write_text("from://a-file\n")
    monkeypatch.setenv(f"BIHUAN_{name.upper()}", "from://the-environment")
    assert getattr(Settings(), name).get_secret_value() == "from://the-environment"
    monkeypatch.setenv(f"BIHUAN_{name.upper()}_FILE", str(file))
    settings = Settings()
    assert getattr(settings, name).get_secret_value() == "from://a-file"
    assert "a-file" not in repr(settings)


@pytest.mark.parametrize("secret", [None, "", "x" * 31])
def test_links_are_not_signed_with_a_weak_secret(secret: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BIHUAN_LINK_SECRET", raising=False)
    if secret is not None:
        monkeypatch.setenv("BIHUAN_LINK_SECRET", secret)
    with pytest.raises(ValueError, match="BIHUAN_LINK_SECRET"):
        Settings().secret_for_links()


def test_a_strong_secret_signs_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LINK_SECRET", "x" * 32)
    assert Settings().secret_for_links() == "x" * 32


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PREFIX", "no dots.here"),
        ("PREFIX", "Capital"),
        ("TRACE_RATIO", "1.5"),
        ("MONGO_DRIVER", "another"),
        ("START_TIMEOUT", "0"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"BIHUAN_{name}", value)
    with pytest.raises(ValidationError):
        Settings()
