"""What the image brings along may be passed on by whoever passes on the image."""

import re
from importlib.metadata import PackageNotFoundError, distribution

from packaging.markers import Marker

from tests.security.audit import ROOT

LOCK = ROOT / "deploy" / "image" / "requirements.lock"
PINNED = re.compile(r"^([a-z0-9._-]+)==[^ ]+(?: ; (.+?))? \\$", re.MULTILINE)
FREE = re.compile(r"\b(?:Apache|BSD|MIT|ISC|PSF|Python Software Foundation|MPL|Mozilla|0BSD|CC0|Zlib)", re.IGNORECASE)
NOT_FREE = re.compile(r"\b(?:[AL]?GPL|GNU|Affero|SSPL|BUSL|Commons Clause|Elastic|proprietary)", re.IGNORECASE)
# May be had under one of several licences, of which we take this one.
CHOSEN = {"pyphen": "MPL 1.1"}


def shipped() -> list[str]:
    """On the machine of this run, those whose markers hold."""
    found = PINNED.findall(LOCK.read_text("utf-8"))
    return [name for name, marker in found if not marker or Marker(marker).evaluate()]


def licence_of(name: str) -> str:
    """As its metadata has it: an SPDX expression, else the classifiers, else the first line of its text."""
    about = distribution(name).metadata
    for field in ("License-Expression", "Classifier", "License"):
        said = [str(one) for one in about.get_all(field) or ()]
        if found := [one for one in said if field != "Classifier" or one.startswith("License")]:
            return "; ".join(found).partition("\n")[0]
    return ""


def test_nothing_is_under_the_gpl_or_a_licence_that_nobody_has_looked_at() -> None:
    names = shipped()
    assert len(names) > 60
    licences = {name: CHOSEN.get(name) or licence_of(name) for name in names}
    assert {name: one for name, one in licences.items() if NOT_FREE.search(one) or not FREE.search(one)} == {}


def test_what_was_chosen_is_still_offered() -> None:
    for name, licence in CHOSEN.items():
        assert licence in licence_of(name)


def test_one_that_is_not_installed_would_be_missed() -> None:
    missing = []
    for name in shipped():
        try:
            distribution(name)
        except PackageNotFoundError:
            missing.append(name)
    assert missing == []
