"""What the Dockerfile promises of the image."""

import re

from tests.security.audit import ROOT

TEXT = (ROOT / "deploy" / "image" / "Dockerfile").read_text("utf-8")
BUILD, SHIPPED = re.split(r"^FROM .*$", TEXT, flags=re.MULTILINE)[1:]


def test_nothing_is_fetched_but_packages_whose_hashes_are_known() -> None:
    assert "--require-hashes" in BUILD
    assert "ADD " not in TEXT
    assert not re.search(r"curl|wget|git clone|https?://", TEXT)


def test_what_builds_stays_behind_and_what_runs_is_nobody() -> None:
    assert not re.search(r"\b(?:gcc|build-essential|pip install|[a-z-]+-dev)\b", SHIPPED)
    assert re.search(r"^USER 10001:10001$", SHIPPED, re.MULTILINE)
    assert re.findall(r"^(?:USER|ENTRYPOINT)", SHIPPED, re.MULTILINE) == ["USER", "ENTRYPOINT"]
    assert "rm -rf /var/lib/apt/lists" in SHIPPED


def test_no_secret_is_built_in_and_only_what_is_named_is_copied() -> None:
    assert not re.search(r"^(?:ARG|ENV) .*(?:SECRET|PASSWORD|TOKEN|KEY)", TEXT, re.MULTILINE)
    assert not re.search(r"^COPY \.", TEXT, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert ignored[1] == "*"


def test_it_says_what_it_is_and_whether_it_is_well() -> None:
    assert {"title", "description", "licenses", "version", "revision"} == set(
        re.findall(r"org\.opencontainers\.image\.([a-z]+)=", SHIPPED)
    )
    assert "HEALTHCHECK " in SHIPPED
    assert "BIHUAN_ENV=production" in SHIPPED
