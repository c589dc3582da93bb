"""Arguments that several commands take."""

import argparse
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.local.words import tr

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
Commands = Any  # what argparse adds subcommands to; it has no public name


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=tr("for programs", "以 JSON 输出"))


def command(commands: Commands, name: str, en: str, zh: str) -> argparse.ArgumentParser:
    found: argparse.ArgumentParser = commands.add_parser(name, help=tr(en, zh), description=tr(en, zh))
    return found


def group(commands: Commands, name: str, en: str, zh: str) -> Commands:
    found = command(commands, name, en, zh)
    return found.add_subparsers(dest=f"{name}_command", required=True, metavar=tr("COMMAND", "命令"))


def moment(text: str) -> datetime:
    """`2026-11-27T08:00:00+08:00` (UTC where it does not say), or how long ago: `30m`, `12h`, `7d`."""
    if text[-1:] in UNITS and text[:-1].isascii() and text[:-1].isdigit() and len(text) < 8:
        return datetime.now(UTC) - timedelta(**{UNITS[text[-1]]: int(text[:-1])})
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            tr(
                f"{text!r} is no time such as 2026-11-27T08:00 or 12h",
                f"{text!r} 不是时间，例如 2026-11-27T08:00 或 12h",
            )
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def sequence(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise argparse.ArgumentTypeError(tr(f"{text!r} is no sequence", f"{text!r} 不是序号"))
    return int(text)
