"""Everything goes into a folder and comes back, and a drill finds what does not."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.backup import databases, manifest, streams
from services.intake.app import create_app as intake
from services.sla.app import create_app as sla
from services.triage.app import create_app as triage
from shared.bus import Bus
from shared.testing import Servers, World, running
from tests.deploy.command.conftest import Call
from tests.journeys.desk import COMPLETE, Desk

APPS = (intake, triage, sla)
Everything = dict[str, tuple[int, str, tuple[str, ...]]]


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    """With a ticket in work that has a file."""
    async with running(servers, *APPS) as world:
        desk = Desk(world)
        await desk.opens()
        number = await desk.open(COMPLETE)
        await desk.claim(number)
        await desk.solve(number, "换驱动")
        yield world


@pytest.fixture
def call(here: Callable[[Servers, str], Call], servers: Servers, world: World) -> Call:
    return here(servers, world.prefix)


def held(world: World) -> Everything:
    """What the databases hold, with their indexes."""
    client: MongoClient[dict[str, Any]] = databases.open_client(world.servers.mongo_url)
    found: Everything = {}
    with client:
        for service in databases.ORDER:
            database = databases.database(client, f"{world.prefix}_{service}")
            for name in databases.collections(database):
                one = databases.digest(database, name)
                found[f"{service}/{name}"] = (one.documents, one.sha256, tuple(one.indexes))
    return found


async def told(world: World) -> tuple[int, str]:
    bus = Bus(world.servers.nats_url, "test", world.prefix)
    await bus.connect()
    try:
        return await streams.digest_of(bus.link, bus.names.stream, 0, await bus.newest())
    finally:
        await bus.stop()


async def stop_all(world: World) -> None:
    for name in [*world.runtimes]:
        await world.runtimes[name].bus.stop_receiving()
        await world.stop(name)


async def test_everything_comes_back_as_it_was_and_work_goes_on(call: Call, world: World, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    refused = await call("backup", str(folder))
    assert (refused.status, "These run: intake, triage, sla." in refused.err) == (1, True)
    await stop_all(world)
    before, events = held(world), await told(world)
    assert before["intake/fs.chunks"][0] > 0
    assert (await call("backup", str(folder))).status == 0
    assert folder.stat().st_mode & 0o077 == 0
    assert manifest.read(folder).running == []

    drilled = await call("drill", str(folder), "--json")
    assert (drilled.status, drilled.err) == (0, "")
    assert {one["what"]: one["differs"] for one in drilled.json}.keys() >= {*before, world.prefix.upper()}
    assert (held(world), await told(world)) == (before, events)

    refused = await call("restore", str(folder))
    assert (refused.status, "--replace" in refused.err) == (1, True)
    spoil(world)
    await forget_the_streams(world)
    restored = await call("restore", str(folder), "--replace")
    assert (restored.status, restored.err) == (0, "")
    assert (held(world), await told(world)) == (before, events)

    known = {event.id for event in world.events}
    for app in APPS:
        await world.start(app)
    await world.settle()
    assert {event.id for event in world.events} == known
    again = await Desk(world).open(COMPLETE | {"title": "after the restore"})
    assert (await Desk(world).work(again))["ticket"] == again


def spoil(world: World) -> None:
    client: MongoClient[dict[str, Any]] = databases.open_client(world.servers.mongo_url)
    with client:
        client[f"{world.prefix}_intake"].drop_collection("ticket")
        client[f"{world.prefix}_intake"]["fs.files"].delete_many({})
        client[f"{world.prefix}_sla"]["strange"].insert_one({"_id": "was not there"})
        client[f"{world.prefix}_triage"]["workitem"].drop_indexes()


async def forget_the_streams(world: World) -> None:
    bus = Bus(world.servers.nats_url, "test", world.prefix)
    await bus.connect()
    await streams.delete(bus.link, bus.names.stream)
    await bus.stop()


async def test_what_runs_meanwhile_is_noted(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    assert (await call("backup", str(folder), "--while-running")).status == 0
    assert manifest.read(folder).running == ["intake", "triage", "sla"]
    assert (await call("drill", str(folder))).status == 0
    again = await call("backup", str(folder), "--while-running")
    assert (again.status, "is not empty" in again.err) == (1, True)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-9]),
    "a bit": lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\x01"),
    "gone": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "noise": lambda path: path.write_bytes(b"\xff" * 100),
}


async def test_a_backup_that_is_damaged_is_refused_before_anything_is_touched(
    call: Call, world: World, tmp_path: Path
) -> None:
    await stop_all(world)
    folder = tmp_path / "backup"
    assert (await call("backup", str(folder))).status == 0
    before = held(world)
    for path in (folder / "intake" / "ticket.bson.gz", folder / f"{world.prefix.upper()}.snapshot"):
        whole = path.read_bytes()
        for what, damage in DAMAGES.items():
            damage(path)
            for asked in ("restore", "drill"):
                refused = await call(asked, str(folder), *(["--replace"] if asked == "restore" else []))
                assert (refused.status, "missing or damaged" in refused.err) == (1, True), (path, what, asked)
            path.write_bytes(whole)
    (folder / "manifest.json").unlink()
    refused = await call("restore", str(folder), "--replace")
    assert (refused.status, "was not finished" in refused.err) == (1, True)
    assert held(world) == before


async def test_a_drill_says_what_differs(call: Call, world: World, tmp_path: Path) -> None:
    """As if a server had lost something on the way back."""
    await stop_all(world)
    folder = tmp_path / "backup"
    assert (await call("backup", str(folder))).status == 0
    known = json.loads((folder / "manifest.json").read_text("utf-8"))
    known["databases"]["intake"]["ticket"]["indexes"].append('{"name": "other", "key": {"other": 1}}')
    stream = known["streams"][world.prefix.upper()]
    stream["digest"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(known), "utf-8")
    differs = {one["what"]: one["differs"] for one in (await call("drill", str(folder), "--json")).json}
    wrong = {what: how for what, how in differs.items() if how}
    assert wrong == {world.prefix.upper(): "digest", "intake/ticket": "indexes"}


async def test_a_scratch_server_that_has_our_stream_is_left_alone(call: Call, world: World, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    assert (await call("backup", str(folder), "--while-running")).status == 0
    events = await told(world)
    refused = await call("drill", str(folder), "--scratch", world.servers.nats_url.removeprefix("nats://"))
    assert (refused.status, "give an empty server" in refused.err) == (1, True)
    assert await told(world) == events


async def test_a_backup_of_another_installation_is_refused(
    call: Call, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backup"
    assert (await call("backup", str(folder), "--while-running")).status == 0
    monkeypatch.setenv("BIHUAN_PREFIX", "another")
    refused = await call("restore", str(folder))
    assert (refused.status, "BIHUAN_PREFIX is another" in refused.err) == (1, True)
