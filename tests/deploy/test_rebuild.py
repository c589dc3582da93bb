"""What a service keeps of others' facts is dropped and built again from the stream, and nobody hears of it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.local.words import LaunchError
from deploy.rebuild import EPOCH, run
from deploy.services import SERVICES
from services.intake.app import create_app as intake
from services.kb.app import create_app as kb
from services.sla.app import create_app as sla
from services.sla.clocks.store import Clocks
from services.triage.app import create_app as triage
from shared.bus import Bus
from shared.domain import Aggregate, Origin
from shared.events import CustomerMerged, SlaBreached
from shared.mongo import Database
from shared.outbox import Sender
from shared.rebuild import Clock, Rebuilt
from shared.service import Runtime
from shared.terms import ClockKind
from shared.testing import AGENT, CHEN, LEAD, WANG, World, running
from tests.deploy.command.conftest import apart
from tests.journeys.desk import COMPLETE, NO_ORDERS, TRACE, Desk
from tests.notify.conftest import MailServer, mailing_by, sent
from tests.servers import app_factory
from tests.shared.bus.harness import until

# How often something was written, also when nobody was told of it: figures count many facts at once, as they come.
BOOKKEEPING = {"version"}
TIMES_COUNTED = {"ticketrecord": {"read_at"}, "day": {"marked", "counted", "due_at"}, "daysums": {"counted"}}
UNTOLD = 100


@pytest.fixture
async def world(servers: Any) -> AsyncIterator[World]:
    async with running(servers, *map(app_factory, SERVICES)) as world:
        yield world


@pytest.fixture
async def mailing(servers: Any, mail_server: MailServer) -> AsyncIterator[World]:
    async with running(servers, intake, triage, sla, kb, mailing_by(mail_server)) as world:
        yield world


async def lives(desk: Desk) -> str:
    """The number of the first: one ticket that is solved and reopened, one that dissatisfies, one that is late."""
    await desk.opens()
    solved = await desk.open(COMPLETE)
    await desk.claim(solved)
    await desk.do(CHEN, "POST", "intake", f"/v1/tickets/{solved}/messages", {"text": "正在处理"})
    await desk.solve(solved, "升级驱动")
    await desk.review(solved, False, "仍然崩溃")
    await desk.solve(solved, "换驱动")
    await desk.review(solved, True)
    await desk.rate(solved, "satisfied")
    await desk.do(WANG, "POST", "intake", f"/v1/tickets/{solved}/reopening", {"reason": "又出现了"})
    blamed = await desk.open(COMPLETE | {"title": "导入时报错"})
    await desk.claim(blamed)
    for number in (solved, blamed):
        await desk.do(CHEN, "POST", "triage", f"/v1/tickets/{number}/work/log-analyses", {"text": TRACE})
    await desk.solve(blamed, "补丁")
    await desk.review(blamed, True)
    await desk.rate(blamed, "dissatisfied")
    await desk.do(AGENT, "POST", "intake", f"/v1/tickets/{blamed}/call-back", {"cause": "沟通慢"})
    await desk.open(NO_ORDERS)
    await belong_together(desk, solved, blamed)
    await one_customer(desk)
    await desk.world.pass_time(hours=5)
    return solved


async def belong_together(desk: Desk, first: str, second: str) -> None:
    """One causes the other, a third is a double of the first, whom others watch, and whose customer is in a hurry."""
    double = await desk.open(COMPLETE | {"title": "又崩溃了"})
    for who, number, path, body in (
        (AGENT, first, "relations", {"relation": "causes", "ticket": second, "reason": "同一补丁"}),
        (AGENT, double, "merge", {"into": first, "reason": "重复"}),
        (LEAD, first, "watchers", {}),
        (WANG, first, "urges", {"comment": "今晚要结账"}),
    ):
        await desk.do(who, "POST", "intake", f"/v1/tickets/{number}/{path}", body)


async def one_customer(desk: Desk) -> None:
    """Two companies are one, as somebody says."""
    for company in ("华东贸易", "华东"):
        await desk.open(COMPLETE | {"customer": {"name": "王", "company": company}}, AGENT)
    rows = (await desk.do(LEAD, "GET", "intake", "/v1/tickets"))["items"]
    short, long = (row["customer"] for row in rows[:2])
    alias = {"customer": short, "reason": "简称"}
    await desk.do(LEAD, "POST", "intake", f"/v1/customers/{long}/aliases", alias)
    await one_record(desk)


async def one_record(desk: Desk) -> None:
    """Two names are one company's, as its record says; the next ticket is told to be its own."""
    north = COMPLETE | {"customer": {"name": "李", "company": "华北公司"}}
    await desk.open(north, AGENT)
    await desk.do(LEAD, "POST", "intake", "/v1/companies", {"name": "华北", "aliases": ["华北公司"]})
    await desk.world.pass_time(minutes=1)
    await desk.open(north | {"title": "又崩溃了一次"}, AGENT)


async def live_on(desk: Desk, solved: str) -> None:
    """Each service tells something more of what was there."""
    await desk.solve(solved, "换机器")
    await desk.review(solved, True)
    await desk.rate(solved, "satisfied")
    merged = next(one for one in desk.world.published(CustomerMerged) if one.actor == LEAD.sub)
    await desk.do(LEAD, "DELETE", "intake", f"/v1/customers/{merged.into}/aliases/{merged.subject}")
    await desk.world.pass_time(hours=30)


async def kept(world: World, service: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for store in world.runtimes[service].stores:
        if store.projection:
            documents: list[Aggregate] = [one async for one in store.all()]
            left_out = BOOKKEEPING | TIMES_COUNTED.get(store.name, set())
            found[store.name] = {one.id: json.loads(one.model_dump_json(exclude=left_out)) for one in documents}
    return found


async def versions(world: World, service: str) -> dict[str, int]:
    """Of what tells others of its changes."""
    stores = [store for store in world.runtimes[service].stores if store.projection and store.has_outbox]
    return {one.id: one.version for store in stores async for one in store.all()}


def newest_revisions(world: World, service: str) -> dict[str, int]:
    """The greatest that this service told of each subject."""
    newest: dict[str, int] = {}
    for event in world.events:
        if event.maker() == service:
            newest[event.subject] = max(event.revision, newest.get(event.subject, 0))
    return newest


async def has_stopped(world: World, service: str) -> None:
    await world.runtimes[service].bus.stop_receiving()
    await world.runtimes[service].sender.clear()


async def build_again(world: World, service: str) -> Rebuilt:
    clock = Clock(EPOCH)
    settings = world.runtimes[service].settings
    database = Database.open(world.servers.mongo_url, f"{world.prefix}_{service}", world.servers.driver)
    bus = Bus(world.servers.nats_url, service, world.prefix)
    return await run(service, Runtime(service, settings, database, bus, now=clock.now, silent=True), clock)


@pytest.mark.parametrize("service", SERVICES)
async def test_what_was_dropped_is_as_it_was(world: World, service: str) -> None:
    await lives(Desk(world))
    await world.pass_time(minutes=1)  # the last facts are counted in figures
    before, told = await kept(world, service), len({event.id for event in world.events})
    assert all(before.values())
    await has_stopped(world, service)
    done = await build_again(world, service)
    assert done.left == []
    after = await kept(world, service)
    for name, documents in before.items():
        for id, document in documents.items():
            assert after[name].get(id) == document, f"{name} {id}"
        assert after[name].keys() == documents.keys()
    assert len({event.id for event in world.events}) == told


@pytest.mark.parametrize("service", ["intake", "triage", "sla", "kb"])
async def test_what_is_told_next_is_newer_to_everybody(world: World, service: str) -> None:
    """Also of what changed often without a word."""
    desk = Desk(world)
    solved = await lives(desk)
    for name in await kept(world, service):
        await world.runtimes[service].database[name].update_many({}, {"$inc": {"version": UNTOLD}})
    await live_on(desk, solved)
    await has_stopped(world, service)
    await build_again(world, service)
    told, built = newest_revisions(world, service), await versions(world, service)
    both = told.keys() & built.keys()
    assert max(told[id] for id in both) > UNTOLD
    assert {id: built[id] >= told[id] for id in both} == dict.fromkeys(both, True)


async def test_nobody_is_mailed_again(mailing: World, mail_server: MailServer) -> None:
    """Neither meanwhile nor when notify runs again, but for what nobody has acknowledged since."""
    await lives(Desk(mailing))
    await sent(mailing)
    mailed = [mail["Message-ID"] for mail in mail_server.mails]
    await has_stopped(mailing, "notify")
    done = await build_again(mailing, "notify")
    assert done.documents["delivery"] > len(mailed) > 10
    await mailing.start(mailing_by(mail_server), ".2")
    await mailing.pass_time(hours=3)
    await sent(mailing)
    since = mail_server.mails[len(mailed) :]
    assert [mail["Message-ID"] for mail in mail_server.mails[: len(mailed)]] == mailed
    alarms = [f"[TK-2026-000003] 紧急工单告警（第 {time} 次）：交易系统无法下单" for time in (1, 2)]
    assert sorted(mail["Subject"] for mail in since) == alarms


async def test_the_command_says_what_it_built(world: World) -> None:
    """A process of its own, with the settings of the service."""
    await lives(Desk(world))
    before = await kept(world, "kb")
    refused = await apart(world.servers, world.prefix, "rebuild", "kb")
    assert (refused.status, "stop all its replicas" in refused.err) == (1, True)
    await has_stopped(world, "kb")
    await world.runtimes["kb"].database["case"].delete_many({})
    done = await apart(world.servers, world.prefix, "rebuild", "kb")
    assert (done.status, done.err) == (0, "")
    assert f"{len(before['case'])} case" in done.out
    assert await kept(world, "kb") == before


async def test_a_service_that_runs_is_left_alone(world: World) -> None:
    await Desk(world).open(COMPLETE)
    before = await kept(world, "sla")
    with pytest.raises(LaunchError, match="stop all its replicas"):
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
    await until(lambda: world.published(SlaBreached) and runtime.sender.idle)  # the bus has it, and it knows
    await runtime.sender.clear()
    assert [event.subject for event in world.published(SlaBreached)] == [number]
    assert (await build_again(world, "sla")).documents["ticketclocks"] == 1
