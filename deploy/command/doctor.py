"""`bihuan doctor`: whether all is well, in sentences; the exit status is 1 when something is wrong."""

import argparse
from collections.abc import AsyncIterator

import nats.errors
from pymongo.errors import PyMongoError

from deploy.command.arguments import Commands, add_json, command
from deploy.command.output import show, show_json
from deploy.command.place import configure, opened
from deploy.doctor import servers, settings
from deploy.doctor.finding import LABELS, Finding, State, wrong
from deploy.local.words import LaunchError, say, tr
from deploy.services import SERVICES
from shared.settings import Settings
from shared.terms import Text

COLUMNS = {"state": Text("state", "状态"), "check": Text("what", "项目"), "text": Text("found", "结果")}


def add(commands: Commands) -> None:
    found = command(
        commands,
        "doctor",
        "settings, versions, clocks, indexes, what waits, certificates: 1 when something is wrong",
        "检查设置、版本、时钟、索引、积压与证书；有问题时返回 1",
    )
    found.add_argument(
        "--service", choices=SERVICES, action="append", help=tr("only their databases", "仅检查这些服务的数据库")
    )
    add_json(found)
    found.set_defaults(run=run)


async def run(choices: argparse.Namespace) -> int:
    known = configure(choices.local)
    found = [one async for one in examine(known, choices.service or SERVICES)]
    wrongs = sum(one.state is State.WRONG for one in found)
    if choices.json:
        show_json([{"check": one.check, "state": one.state, "en": one.text.en, "zh": one.text.zh} for one in found])
    else:
        rows = [{"state": LABELS[one.state], "check": one.check, "text": one.text} for one in found]
        show(rows, COLUMNS, as_json=False)
        say(tr(f"{wrongs} wrong.", f"有问题 {wrongs} 项。") if wrongs else tr("All is well.", "一切正常。"))
    return 1 if wrongs else 0


async def examine(known: Settings, services: tuple[str, ...]) -> AsyncIterator[Finding]:
    async for one in settings.of_settings(known):
        yield one
    async for one in settings.of_certificates(known):
        yield one
    try:
        async with opened(known) as bus:
            async for one in servers.of_nats(bus):
                yield one
            async for one in servers.of_places(bus):
                yield one
    except LaunchError as error:
        yield wrong("nats", error.en, error.zh)
    except nats.errors.Error as error:
        yield wrong("nats", f"it did not answer ({type(error).__name__})", f"没有响应（{type(error).__name__}）")
    try:
        async for one in servers.of_mongo(known):
            yield one
    except PyMongoError as error:
        why = type(error).__name__
        yield wrong(
            "mongodb",
            f"it does not answer ({why}): check BIHUAN_MONGO_URL",
            f"没有响应（{why}）：请检查 BIHUAN_MONGO_URL",
        )
        return
    for service in services:
        async for one in servers.of_service(service, known):
            yield one
