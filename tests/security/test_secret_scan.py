"""The scan finds secrets, and knows what is none."""

import json
from pathlib import Path

import pytest

from tests.security.secret_scan import KNOWN, ROOT, scan, unknown

SECRETS = {
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "a key of a cloud": "key = 'AKIA" + "Q3EGZZ7TUQ2ELB5X'",
    "a password in an address": "mongodb://root:" + "uX7pQ2mV9tR4@mongo:27017",
    "a password": "password = '" + "uX7pQ2mV9tR4wZ1k'",
}


@pytest.mark.parametrize("kind", SECRETS)
def test_it_is_found_and_once_accepted_known(kind: str, tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(f"{SECRETS[kind]}\n")
    found, lines = scan(tmp_path, ["settings.py"])
    assert list(unknown(found, {})) == ["settings.py"]
    assert set(lines.values()) == {1}
    assert unknown(found, found) == {}
    assert unknown(found, {"other.py": found["settings.py"]}) == found


def test_what_is_accepted_names_files_of_the_project_and_no_secret() -> None:
    known = json.loads(KNOWN.read_text("utf-8"))
    assert all((ROOT / name).is_file() and not Path(name).is_absolute() for name in known)
    assert all(len(key) == 40 for ones in known.values() for key in ones)
