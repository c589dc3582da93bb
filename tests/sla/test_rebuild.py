"""sla's database is lost with everything that people had set: it is built again from the stream as it was, and nobody
hears of it."""

from datetime import date, timedelta
from typing import Any

from deploy.rebuild import EPOCH, run
from services.sla.app import Sla
from services.sla.calendars.defaults import CN_WEEK
from services.sla.calendars.public_holidays import public_holidays
from services.sla.calendars.week import Week, WorkingHours
from services.sla.calendars.years import ListedDay
from services.sla.policies.domain import PolicyDetails
from services.sla.policies.matching import Match
from services.sla.policies.targets import SlaTarget, Unit
from shared.bus import Bus
from shared.domain import Origin
from shared.events import Event, SlaCalendarChanged, SlaMet
from shared.mongo import Database
from shared.outbox import Outgoing
from shared.rebuild import AT_ONCE, Clock, Rebuilt
from shared.service import Runtime
from shared.terms import ClockKind, Priority, Satisfaction, WaitingFor
from shared.testing import NOON, World, settings_of
from tests.sla.builders import (
    TICKET,
    accepted,
    called_back,
    completed,
    diagnosed,
    message,
    opened,
    rated,
    reopened,
    resumed,
    tell,
    waiting,
)

COMPANY = "华东贸易有限公司"


async def kept(world: World) -> dict[str, dict[str, dict[str, Any]]]:
    """Each document whole, but for how often it changed, what marks it as sent, and when calendars are looked at."""
    sla: Sla = world.apps["sla"].state.service
    figures = sla.figures
    stores = (sla.clocks.store, sla.policies.store, sla.calendars.store, figures.records, figures.sums)
    left_out = {"version", "read_at", "counted"}  # they count changes
    found = {store.name: {one.id: one.model_dump(exclude=left_out) async for one in store.all()} for store in stores}
    for calendar in found["calendar"].values():
        del calendar["due_at"]
    return found


async def live(world: World) -> None:
    sla: Sla = world.apps["sla"].state.service
    faster = {ClockKind.RESPONSE: {Priority.URGENT: SlaTarget(amount=30, unit=Unit.WORKING_HOURS)}}
    slower = {ClockKind.RESPONSE: {Priority.URGENT: SlaTarget(amount=40, unit=Unit.WORKING_HOURS)}}
    always = Week(zone="Asia/Shanghai", weekly=[[WorkingHours(start="00:00", end="24:00")]] * 7)
    await sla.calendars.put("always", always, Origin("admin"))
    await sla.policies.put("huadong", Match(company=COMPANY), None, PolicyDetails("always", faster), Origin("admin"))
    await sla.policies.put("huadong", Match(company=COMPANY), None, PolicyDetails("always", slower), Origin("admin"))
    await world.settle()
    first: list[Event] = [
        opened(revision=1),
        diagnosed(Priority.URGENT, revision=1),
        message(NOON + timedelta(hours=1), revision=2),
        waiting(WaitingFor.CUSTOMER_VERIFICATION, NOON + timedelta(hours=2), revision=3),
        resumed(WaitingFor.CUSTOMER_VERIFICATION, NOON + timedelta(hours=3), revision=4),
        accepted(NOON + timedelta(hours=3), revision=4),
        rated(Satisfaction.DISSATISFIED, NOON + timedelta(hours=4), revision=5),
    ]
    for event in first:
        await tell(world, event)
    await tell(world, opened(NOON + timedelta(hours=5), "TK-2026-000002", "North Securities", revision=1))
    await world.pass_time(hours=13)
    day_off = CN_WEEK.model_copy(update={"overrides": {"2026-03-04": "off"}})
    await sla.calendars.put("cn", day_off, Origin("admin"))
    half_day = CN_WEEK.model_copy(update={"hours": {"2026-06-18": CN_WEEK.weekly[0][:1]}})
    await sla.calendars.put("cn", half_day, Origin("admin"), date(2026, 6, 1))
    listed = [ListedDay(day=day.isoformat(), type="off") for day in public_holidays("CN", 2026, 2027).certain]
    await sla.calendars.put_year("cn", 2027, [one for one in listed if one.day > "2027"], Origin("admin"))
    await world.settle()
    for event in (
        called_back(world.now(), revision=6),
        completed(world.now(), revision=7),
        reopened(world.now() + timedelta(hours=1), revision=8),
    ):
        await tell(world, event)
    await world.pass_time(hours=1)
    await world.pass_time(minutes=1)


async def build_again(world: World) -> Rebuilt:
    """After everything was lost."""
    await world.runtimes["sla"].bus.stop_receiving()
    database = Database.open(world.servers.mongo_url, f"{world.prefix}_sla", world.servers.driver)
    await database.drop()
    clock = Clock(EPOCH)
    bus = Bus(world.servers.nats_url, "sla", world.prefix)
    runtime = Runtime("sla", settings_of(world.servers, world.prefix), database, bus, now=clock.now, silent=True)
    return await run("sla", runtime, clock)


def test_the_time_of_a_rebuild_goes_on_with_the_events_but_into_no_far_future() -> None:
    clock = Clock(EPOCH)
    for told in (NOON, NOON + timedelta(days=1), NOON.replace(year=2199), NOON + timedelta(hours=1)):
        clock.advance(told)
    assert clock.now() == NOON + timedelta(days=1)


async def test_all_of_it_is_built_again_from_the_stream(world: World) -> None:
    await live(world)
    before, told = await kept(world), len({event.id for event in world.events})
    assert [len(before[name]) for name in ("ticketclocks", "policy", "calendar", "ticketrecord")] == [2, 2, 2, 2]
    assert before["daysums"]["2026-03-02/all"]["sums"]
    assert (await build_again(world)).left == []
    after = await kept(world)
    for name, documents in before.items():
        for id, document in documents.items():
            assert after[name][id] == document, f"{name} {id}"
        assert after[name].keys() == documents.keys()
    assert len({event.id for event in world.events}) == told
    assert len(world.published(SlaMet)) > 3


async def test_a_ticket_that_comes_before_the_calendar_of_its_policy_waits_for_it(world: World) -> None:
    """Events of several subjects are heard at the same time, so the order of the stream does not hold among them."""
    await live(world)
    before, bus = await kept(world), world.runtimes["sla"].bus
    told = next(event for event in world.published(SlaCalendarChanged) if event.calendar == "always")
    last = await bus.link.js.get_last_msg(bus.names.stream, f"{world.prefix}.{told.kind}.v1")
    found = [await bus.link.js.get_msg(bus.names.stream, at) for at in range(1, (last.seq or 0) + 1)]
    [place] = [one.seq for one in found if one.data and Event.from_wire(one.data).id == told.id]
    await bus.link.js.delete_msg(bus.names.stream, place or 0)
    await bus.stop_receiving()
    between = [message(message=f"m-{i}", revision=2) for i in range(AT_ONCE)]
    for event in (*between, told.model_copy(update={"id": "told-again"})):
        await bus.publish(Outgoing.of(event))
    assert (await build_again(world)).left == []
    assert (await kept(world))["ticketclocks"].keys() == before["ticketclocks"].keys()
    assert (await kept(world))["calendar"] == before["calendar"]


async def test_a_disputed_ticket_is_built_again_as_it_was(world: World) -> None:
    await live(world)
    at = world.now()
    await tell(world, opened(at, company="North Securities", revision=1))
    for event in (message(at, message="m-9", revision=12), completed(at, revision=15), reopened(at, revision=16)):
        await tell(world, event)
    await world.pass_time(hours=40)
    before = (await kept(world))["ticketclocks"]
    assert before[TICKET]["disputed"]
    assert (await build_again(world)).left == []
    assert (await kept(world))["ticketclocks"] == before
