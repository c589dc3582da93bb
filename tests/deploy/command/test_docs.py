"""Every `bihuan …` that the documents name is there."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.command.main import parser
from deploy.local.options import CHECKOUT

PAGES = [*sorted((CHECKOUT / "docs").glob("*.md")), CHECKOUT / "README.md", CHECKOUT / "README.zh-CN.md"]
SPAN = re.compile(r"`(bihuan(?: [^`]*)?)`")
LINE = re.compile(
    r"^(?:    )?(?:\$ )?(?:docker compose .* run --rm tools|(?:\S+ )*?(?:exec \S+ )?bihuan) (.*)$", re.MULTILINE
)


def commands() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        text = page.read_text("utf-8")
        for found in SPAN.findall(text):
            yield page, found.removeprefix("bihuan").strip()
        for found in LINE.findall(text):
            yield page, found


def wrong(line: str) -> str:
    """The first word of a command that the command does not have."""
    at = parser()
    for word in shlex.split(line, comments=True):
        if word.startswith("--"):
            if word.partition("=")[0] not in at._option_string_actions:
                return word
            continue
        deeper = next((one for one in at._actions if isinstance(one, argparse._SubParsersAction)), None)
        if deeper is None:
            continue
        if word not in deeper.choices:
            return word
        at = deeper.choices[word]
    return ""


def test_every_command_of_the_documents_is_there() -> None:
    found = [*commands()]
    assert len(found) > 20
    missing = [f"{page.name}: {line}" for page, line in found if wrong(line)]
    assert missing == []


@pytest.mark.parametrize("line", ["dead-letter list", "bus shrink", "events tail --loud", "backup2"])
def test_one_that_is_not_there_is_found(line: str) -> None:
    assert wrong(line)


def test_every_command_is_in_the_documents() -> None:
    """Leaf by leaf, on the page of the command."""
    page = (CHECKOUT / "docs" / "bihuan.md").read_text("utf-8")
    assert [one for one in leaves(parser(), "bihuan") if one not in page] == []


def leaves(at: argparse.ArgumentParser, name: str) -> Iterator[str]:
    deeper = next((one for one in at._actions if isinstance(one, argparse._SubParsersAction)), None)
    if deeper is None:
        yield name
        return
    for word, one in deeper.choices.items():
        yield from leaves(one, f"{name} {word}")
