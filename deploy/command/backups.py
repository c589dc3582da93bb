"""`bihuan backup | restore | drill`: everything into a folder, back, and tried out."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.backup import databases, drill, manifest, streams
from deploy.backup.manifest import Manifest, SavedCollection, SavedStream
from deploy.command.arguments import Commands, add_json, command
from deploy.command.output import show, show_json
from deploy.command.place import configure, opened
from deploy.local.words import LaunchError, say, tr
from deploy.services import SERVICES
from shared.bus import Bus
from shared.bus.standing import Busy, standing
from shared.settings import Settings
from shared.terms import Text

COLUMNS = {
    "what": Text("what", "内容"),
    "count": Text("documents or messages", "文档或消息数"),
    "bytes": Text("bytes", "字节数"),
}
COMPARED = {"what": COLUMNS["what"], "count": COLUMNS["count"], "result": Text("result", "结果")}
SAME = Text("the same", "一致")


def add(commands: Commands) -> None:
    one = _with_folder(commands, "backup", backup, "everything into a new folder", "将全部数据备份到新目录")
    one.add_argument(
        "--while-running",
        action="store_true",
        help=tr("each database as of a moment of its own", "服务运行中也备份（各数据库的时刻不同）"),
    )
    one = _with_folder(
        commands,
        "restore",
        restore,
        "everything from a backup, while no service runs",
        "从备份恢复全部数据；须停止全部服务",
    )
    one.add_argument("--replace", action="store_true", help=tr("in the place of what is there", "替换现有数据"))
    one = _with_folder(
        commands, "drill", try_out, "restore a backup to a scratch place and compare", "将备份恢复到临时位置并比对"
    )
    one.add_argument(
        "--scratch",
        default="",
        metavar="HOST:PORT",
        help=tr("an empty NATS server; without it one is started here", "空的 NATS 服务器；不指定则在本机启动一个"),
    )


def _with_folder(commands: Commands, name: str, run: Any, en: str, zh: str) -> argparse.ArgumentParser:
    found = command(commands, name, en, zh)
    found.add_argument("folder", type=Path, metavar=tr("FOLDER", "目录"))
    add_json(found)
    found.set_defaults(run=run)
    return found


async def backup(choices: argparse.Namespace) -> int:
    settings, folder = configure(choices.local), choices.folder
    async with opened(settings) as bus:
        running = await running_services(bus)
        if running and not choices.while_running:
            raise LaunchError(
                f"These run: {', '.join(running)}. Stop them, so that all is as of one moment, or say --while-running.",
                f"这些服务正在运行：{'、'.join(running)}。请先停止（以保证同一时刻），或使用 --while-running。",
            )
        _make(folder)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        names = (bus.names.stream, bus.names.dead_stream)
        saved_streams = {name: await streams.save(bus.link, name, folder) for name in names}
        saved = await asyncio.to_thread(_save, settings, folder)
        whole = Manifest(
            made_at=made_at, prefix=settings.prefix, running=running, databases=saved, streams=saved_streams
        )
        manifest.write(folder, whole)
    show(list(rows_of(whole)), COLUMNS, choices.json)
    return 0


def _make(folder: Path) -> None:
    """For nobody else's eyes: everything is in it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise LaunchError(f"{folder} is not empty: give a new folder.", f"{folder} 不是空目录：请指定新目录。")
        folder.chmod(0o700)
    except OSError as error:
        raise LaunchError(
            f"{folder} cannot be written to: {error.strerror}", f"无法写入 {folder}：{error.strerror}"
        ) from error


def _save(settings: Settings, folder: Path) -> dict[str, dict[str, SavedCollection]]:
    with databases.open_client(settings.mongo_url.get_secret_value()) as client:
        return {
            service: databases.save(databases.database(client, f"{settings.prefix}_{service}"), service, folder)
            for service in databases.ORDER
        }


async def restore(choices: argparse.Namespace) -> int:
    """Every file is compared with the manifest before anything is touched."""
    settings, folder = configure(choices.local), choices.folder
    known = manifest.read(folder)
    if known.prefix != settings.prefix:
        raise LaunchError(
            f"The backup is of {known.prefix}, and BIHUAN_PREFIX is {settings.prefix}.",
            f"备份属于 {known.prefix}，而 BIHUAN_PREFIX 为 {settings.prefix}。",
        )
    await asyncio.to_thread(check, known, folder)
    async with opened(settings) as bus:
        if running := await running_services(bus):
            raise LaunchError(
                f"These run: {', '.join(running)}. Stop them first.", f"请先停止这些服务：{'、'.join(running)}。"
            )
        there = [name for name in known.streams if await streams.exists(bus.link, name)]
        filled = await asyncio.to_thread(_filled, settings)
        if (there or filled) and not choices.replace:
            raise LaunchError(
                f"There is something already ({', '.join([*there, *filled])}): --replace puts the backup in its place.",
                f"目标中已有数据（{'、'.join([*there, *filled])}）：使用 --replace 以备份替换。",
            )
        await asyncio.to_thread(_load, settings, known, folder)
        for name, saved in known.streams.items():
            if name in there:
                await streams.delete(bus.link, name)
            await streams.load(bus.link, name, saved, folder, settings.nats_replicas)
    show(list(rows_of(known)), COLUMNS, choices.json)
    return 0


def check(known: Manifest, folder: Path) -> None:
    """Raises LaunchError for a file that is not as it was written."""
    for service, saved in known.databases.items():
        databases.check(service, saved, folder)
    for name, stream in known.streams.items():
        streams.check(name, stream, folder)


def _filled(settings: Settings) -> list[str]:
    with databases.open_client(settings.mongo_url.get_secret_value()) as client:
        names = [f"{settings.prefix}_{service}" for service in SERVICES]
        return [name for name in names if databases.collections(databases.database(client, name))]


def _load(settings: Settings, known: Manifest, folder: Path) -> None:
    with databases.open_client(settings.mongo_url.get_secret_value()) as client:
        for service, saved in known.databases.items():
            databases.load(databases.database(client, f"{settings.prefix}_{service}"), service, saved, folder)


async def try_out(choices: argparse.Namespace) -> int:
    """Services may run. The exit status is 1 when something is not as it was."""
    settings, folder = configure(choices.local), choices.folder
    known = manifest.read(folder)
    await asyncio.to_thread(check, known, folder)
    async with _scratch(settings, choices.scratch) as url:
        found = await drill.of_streams(url, known.prefix, known, folder)
    found += await drill.run_in_thread(settings, known, folder)
    wrong = [one for one in found if one.wrong]
    if choices.json:
        show_json([{"what": one.what, "count": one.count, "differs": one.wrong} for one in found])
    else:
        rows = [{"what": one.what, "count": one.count, "result": one.wrong or SAME} for one in found]
        show(rows, COMPARED, as_json=False)
        say(
            tr(f"{len(wrong)} of {len(found)} differ.", f"共 {len(found)} 项，{len(wrong)} 项不一致。")
            if wrong
            else tr(f"All {len(found)} are as they were.", f"全部 {len(found)} 项均与备份一致。")
        )
    return 1 if wrong else 0


@asynccontextmanager
async def _scratch(settings: Settings, place: str) -> AsyncIterator[str]:
    if place:
        yield drill.url_at(settings, place)
        return
    async with drill.scratch_nats() as url:
        yield url


async def running_services(bus: Bus) -> list[str]:
    if not await streams.exists(bus.link, bus.names.stream):
        return []
    return [name for name in SERVICES if await _runs(bus, name)]


async def _runs(bus: Bus, service: str) -> bool:
    try:
        await standing(bus.link, service)
    except Busy:
        return True
    return False


def rows_of(known: Manifest) -> list[dict[str, Any]]:
    def stream(name: str, one: SavedStream) -> dict[str, Any]:
        return {"what": name, "count": one.state["messages"], "bytes": one.bytes, "sha256": one.sha256}

    found = [stream(name, one) for name, one in known.streams.items()]
    for service, saved in known.databases.items():
        for name, one in saved.items():
            row = {"what": f"{service}/{name}", "count": one.documents, "bytes": one.bytes, "sha256": one.sha256}
            found.append(row)
    return found
