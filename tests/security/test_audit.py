"""What is said of an audit of the dependencies, with a network and without."""

import socket
import sys

import pytest

from tests.security.audit import LOCKS, UNKNOWN, Audit, audit, main

CLEAN = {"name": "six", "version": "1.17.0", "vulns": []}
SKIPPED = {"name": "ours", "skip_reason": "Dependency not found on PyPI"}
FAULTY = {"name": "jinja2", "version": "2.0", "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"]}]}


@pytest.mark.parametrize(
    ("dependencies", "said"),
    [
        ([CLEAN], "a.lock: 1 dependencies without a published vulnerability."),
        ([CLEAN, SKIPPED], "a.lock: 1 dependencies without a published vulnerability; 1 are not known to the index."),
        (
            [SKIPPED],
            "a.lock: not audited, because no index here tells of vulnerabilities; run make audit where one does.",
        ),
        ([CLEAN, FAULTY], "a.lock: 1 published vulnerabilities\njinja2 2.0: PYSEC-2019-217, mended in 2.10.1"),
    ],
)
def test_it_is_said_in_a_sentence(dependencies: list[object], said: str) -> None:
    assert Audit.of({"dependencies": dependencies}).sentence("a.lock") == said


def test_without_a_network_it_passes_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        monkeypatch.setenv("STRICT", "")
        assert main([LOCKS[0]]) == 0
        said = capsys.readouterr()
        monkeypatch.setenv("STRICT", "1")
        assert main([LOCKS[0]]) == UNKNOWN
    assert "not audited" in said.out
    assert "DEPENDENCIES WERE NOT AUDITED" in said.err


def test_what_is_no_lock_is_not_taken_for_a_clean_one() -> None:
    assert audit(sys.executable).known == 0
