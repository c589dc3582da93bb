"""What a service keeps of others' facts is dropped and built again from the stream, and nobody hears of it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.rebuild import EPOCH, run
from services.intake.app import create_app as intake
from services.kb.app import create_app as kb
from services.notify.app import create_app as notify
from services.sla.app import create_app as sla
from services.sla.store import Clocks
from services.triage.app import create_app as triage
from shared.bus import Bus
from shared.domain import Aggregate, Origin
from shared.events import SlaBreached
from shared.mongo import Database
from shared.outbox import Sender
from shared.rebuild import Clock, Rebuilt
from shared.service import Runtime
from shared.terms import ClockKind
from shared.testing import AGENT, CHEN, LEAD, WANG, World, running, settings_of
from tests.journeys.desk import COMPLETE, NO_ORDERS, Desk

# Counts changes, also those that nobody was told of.
BOOKKEEPING = {"version"}


@pytest.fixture
async def world(servers: Any) -> AsyncIterator[World]:
    async with running(servers, intake, triage, sla, kb, notify) as world:
        yield world


async def lives(desk: Desk) -> None:
    """One ticket that is solved and reopened, one that dissatisfies, one that is late."""
    await desk.opens()
    solved = await desk.open(COMPLETE)
    await desk.claim(solved)
    await desk.do(CHEN, "POST", "intake", f"/tickets/{solved}/messages", {"text": "正在处理"})
    await desk.solve(solved, "升级驱动")
    await desk.judge(solved, False, "仍然崩溃")
    await desk.solve(solved, "换驱动")
    await desk.judge(solved, True)
    await desk.rate(solved, "satisfied")
    await desk.do(WANG, "POST", "intake", f"/tickets/{solved}/reopening", {"reason": "又出现了"})
    blamed = await desk.open(COMPLETE | {"title": "导入时报错"})
    await desk.claim(blamed)
    await desk.solve(blamed, "补丁")
    await desk.judge(blamed, True)
    await desk.rate(blamed, "dissatisfied")
    await desk.do(AGENT, "POST", "intake", f"/tickets/{blamed}/call-back", {"cause": "沟通慢"})
    await desk.open(NO_ORDERS)
    await one_customer(desk)
    await desk.world.pass_time(hours=5)


async def one_customer(desk: Desk) -> None:
    """Two companies are one, as somebody says."""
    for company in ("华东贸易", "华东"):
        await desk.open(COMPLETE | {"customer": {"name": "王", "company": company}}, AGENT)
    rows = (await desk.do(LEAD, "GET", "intake", "/tickets"))["items"]
    short, long = (row["customer"] for row in rows[:2])
    alias = {"customer": short, "reason": "简称"}
    await desk.do(LEAD, "POST", "intake", f"/customers/{long}/aliases", alias)


async def kept(world: World, service: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for store in world.runtimes[service].stores:
        if store.projection:
            documents: list[Aggregate] = [one async for one in store.all()]
            found[store.name] = {one.id: json.loads(one.model_dump_json(exclude=BOOKKEEPING)) for one in documents}
    return found


async def has_stopped(world: World, service: str) -> None:
    await world.runtimes[service].bus.stop_receiving()
    await world.runtimes[service].sender.clear()


async def build_again(world: World, service: str) -> Rebuilt:
    clock = Clock(EPOCH)
    settings = settings_of(world.servers, world.prefix)
    database = Database.open(world.servers.mongo_url, f"{world.prefix}_{service}", world.servers.driver)
    bus = Bus(world.servers.nats_url, service, world.prefix)
    return await run(service, Runtime(service, settings, database, bus, now=clock.now, silent=True), clock)


@pytest.mark.parametrize("service", ["intake", "triage", "sla", "kb", "notify"])
async def test_what_was_dropped_is_as_it_was(world: World, service: str) -> None:
    await lives(Desk(world))
    before, told = await kept(world, service), len({event.id for event in world.heard})
    assert all(before.values())
    await has_stopped(world, service)
    done = await build_again(world, service)
    assert done.left == []
    after = await kept(world, service)
    for name, documents in before.items():
        for id, document in documents.items():
            assert after[name].get(id) == document, f"{name} {id}"
        assert after[name].keys() == documents.keys()
    assert len({event.id for event in world.heard}) == told


async def test_a_service_that_runs_is_left_alone(world: World) -> None:
    await Desk(world).open(COMPLETE)
    before = await kept(world, "sla")
    with pytest.raises(RuntimeError, match="stop all its replicas"):
        await build_again(world, "sla")
    assert await kept(world, "sla") == before


async def test_what_was_not_told_yet_is_not_thrown_away(world: World) -> None:
    """Killed between write and sending, and built again before its next start."""
    number = await Desk(world).open(COMPLETE)
    runtime = world.runtimes["sla"]
    await has_stopped(world, "sla")
    killed = Clocks(runtime.database, Sender("sla", runtime.bus.publish, world.now), world.now)
    late = SlaBreached(subject=number, time=world.now(), clock=ClockKind.RESPONSE, due_at=world.now())
    await killed.change(number, lambda _: [late], Origin.service("sla"))
    before = await kept(world, "sla")
    with pytest.raises(RuntimeError, match="start it once more"):
        await build_again(world, "sla")
    assert await kept(world, "sla") == before
    await runtime.sender.sweep(world.now())  # as a start does
    await world.settle()
    await runtime.sender.clear()
    assert [event.subject for event in world.published(SlaBreached)] == [number]
    assert (await build_again(world, "sla")).documents["ticketclocks"] == 1
