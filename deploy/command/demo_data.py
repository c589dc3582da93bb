"""`bihuan demo-data`: the tickets of the demonstration, in an installation that is for trials."""

import argparse
import json
from importlib import import_module
from pathlib import Path

from deploy.command.arguments import Commands, command
from deploy.command.place import configure
from deploy.local.identity import Identity
from deploy.local.options import CHECKOUT
from deploy.local.running import Running
from deploy.local.words import LaunchError, tr
from shared.settings import LOCAL_ISSUER


def add(commands: Commands) -> None:
    found = command(
        commands,
        "demo-data",
        "play the tickets of the demonstration, for trials alone",
        "写入演示工单（仅限试用环境）",
    )
    found.add_argument(
        "--at", default="", help=tr("the gateway, if not that of --local", "网关地址（默认取自 --local）")
    )
    found.add_argument("--collector", default="", help=tr("identity and traces of the trial", "试用环境的身份与链路"))
    found.add_argument("--data-dir", type=Path, help=tr("where the trial's key is", "试用环境密钥所在目录"))
    found.set_defaults(run=run)


async def run(choices: argparse.Namespace) -> int:
    """Anybody is anybody there: it needs the local issuer's key, and refuses where another issuer signs."""
    folder = choices.data_dir or choices.local or CHECKOUT / ".bihuan"
    if choices.at:
        place = Running(choices.at, choices.collector, Identity.of(folder))
    else:
        configure(folder)
        known = json.loads((folder / "stack.json").read_text("utf-8"))
        place = Running(known["gateway"], known["collector"], Identity.of(folder))
    if (issuer := configure(None).issuer) != LOCAL_ISSUER:
        raise LaunchError(
            f"Demo data is for trials with the local issuer; here {issuer} signs.",
            f"演示数据仅用于使用本地签发者的试用环境；此处的签发者为 {issuer}。",
        )
    play = import_module("deploy.local.demo").play
    return int(await play(place))
