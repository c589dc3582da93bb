"""No number is given twice, whatever became of the database, as long as the bus knows its ticket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from services.intake.app import create_app
from services.intake.settings import IntakeSettings
from services.intake.tickets.numbers import MARGIN, TicketNumbers
from shared.bus import Bus
from shared.domain import Unavailable
from shared.events import Contact, TicketLinked, TicketOpened
from shared.mongo import Counter, Database
from shared.outbox import Outgoing
from shared.service import Runtime, bus_of
from shared.telemetry import REUSED
from shared.testing import LEAD, WANG, ZHAO, Servers, World, settings_of
from tests.intake.scene import CRASH, opened, opening
from tests.servers import SCRIPTS, free_port, process


def number(place: int, year: int = 2026) -> str:
    return f"TK-{year}-{place:06d}"


@asynccontextmanager
async def a_database(servers: Servers) -> AsyncIterator[Database]:
    database = Database.open(servers.mongo_url, f"t{uuid4().hex[:10]}_intake", servers.driver)
    yield database
    await database.drop()
    await database.close()


async def begins_again(world: World, counter: int | None) -> None:
    """Intake stops, and starts over a database that has no tickets and this counter."""
    await world.runtimes["intake"].stop()
    settings = settings_of(world.servers, world.prefix)
    database = Database.open(world.servers.mongo_url, f"{world.prefix}_intake", world.servers.driver)
    await database.drop()
    if counter is not None:
        await database["counter"].insert_one({"_id": "2026", "value": counter})
    runtime = Runtime("intake", settings, database, bus_of("intake", settings, database), now=world.now)
    world.runtimes["intake"], world.apps["intake"] = runtime, create_app(runtime)
    await runtime.start()


@pytest.mark.parametrize(
    ("counter", "next"),
    [
        (None, 3 + MARGIN + 1),  # lost
        (2, 3 + MARGIN + 1),  # of an older backup
        (3, 4),
        (50, 51),
    ],
)
async def test_a_database_that_is_older_than_the_bus_gives_no_number_that_the_bus_knows(
    world: World, counter: int | None, next: int
) -> None:
    for _ in range(3):
        await opened(world, title=f"问题 {_}")
    await begins_again(world, counter)
    assert (await opened(world, ZHAO))["ticket"] == number(next)


async def test_the_newest_ticket_need_not_have_the_highest_number(world: World) -> None:
    for place in (149, 101, 150, 102, 7):
        await world.publish(opening(number(place)))
    for other in ("TK-2025-000900", "TK-2026-9999999999", "C-1"):
        await world.publish(opening(other))
    await begins_again(world, None)
    assert (await opened(world))["ticket"] == number(150 + MARGIN + 1)


async def test_each_year_is_counted_for_itself(world: World) -> None:
    await opened(world)
    world.time = world.time.replace(year=2027)
    assert (await opened(world, ZHAO))["ticket"] == number(1, 2027)
    await world.publish(opening(number(80, 2028)))
    world.time = world.time.replace(year=2028)
    assert (await opened(world))["ticket"] == number(80 + MARGIN + 1, 2028)


async def test_the_year_begins_by_the_desks_clocks(world: World) -> None:
    world.time = world.time.replace(year=2026, month=12, day=31, hour=15, minute=59)
    assert (await opened(world))["ticket"].startswith("TK-2026-")
    world.time += timedelta(minutes=2)  # midnight in Shanghai
    assert (await opened(world, ZHAO))["ticket"].startswith("TK-2027-")


def test_the_desks_clocks_are_of_a_zone_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_TIME_ZONE", "Europe/Berlin")
    assert IntakeSettings().zone == ZoneInfo("Europe/Berlin")
    monkeypatch.setenv("BIHUAN_TIME_ZONE", "Nowhere/Else")
    with pytest.raises(ValidationError):
        IntakeSettings()


async def test_two_replicas_that_begin_at_once_give_different_numbers_behind_what_is_known(world: World) -> None:
    await world.publish(opening(number(400)))
    bus = world.runtimes["intake"].bus
    async with a_database(world.servers) as database:
        replicas = [TicketNumbers(Counter(database, block=7), bus) for _ in range(2)]
        given = await asyncio.gather(*(one.next(2026) for _ in range(40) for one in replicas))
    assert (len(set(given)), min(given)) == (80, number(400 + MARGIN + 1))


async def test_a_number_that_is_heard_is_not_given_any_more(world: World) -> None:
    """Its ticket is not here: it was opened before the backup from which the database comes, and nobody is alarmed."""
    before = REUSED.labels("intake")._value.get()
    first = (await opened(world))["ticket"]
    await world.publish(opening(number(30)))
    assert (await opened(world, title="在号段之内"))["ticket"] == number(2)
    await world.publish(opening(number(90)))
    assert (await opened(world, ZHAO))["ticket"] == number(90 + MARGIN + 1)
    assert (first, REUSED.labels("intake")._value.get()) == (number(1), before)


# ---- the bus is away


def away(servers: Servers, database: Database, url: str) -> Bus:
    settings = settings_of(servers, database.name.partition("_")[0])
    bus = Bus(url, "intake", settings.prefix)
    bus.limits = replace(bus.limits, start_within=0.1)
    return bus


@pytest.fixture
async def port() -> int:
    return free_port()


async def test_without_bus_and_counter_no_number_is_given_until_the_bus_has_answered(
    servers: Servers, tmp_path: Path, port: int
) -> None:
    async with a_database(servers) as database:
        bus = away(servers, database, f"nats://127.0.0.1:{port}")
        numbers = TicketNumbers(Counter(database), bus)
        await bus.start()
        with pytest.raises(Unavailable):
            await numbers.next(2026)
        with ExitStack() as nats:
            nats.enter_context(process(nats_at(port, tmp_path), port, tmp_path / "nats.log"))
            await until_open(bus)
            given = [await numbers.next(2026)]
        await until_open(bus, False)
        given += [await numbers.next(2026), await numbers.next(2027)]
        await bus.stop()
    assert given == [number(1), number(2), number(1, 2027)]


async def test_without_bus_the_counter_is_believed_until_the_bus_knows_more(
    servers: Servers, tmp_path: Path, port: int
) -> None:
    async with a_database(servers) as database:
        await database["counter"].insert_one({"_id": "2026", "value": 10})
        bus = away(servers, database, f"nats://127.0.0.1:{port}")
        replicas = [TicketNumbers(Counter(database, block=7), bus) for _ in range(2)]
        await bus.start()
        given = [await one.next(2026) for one in replicas]
        with process(nats_at(port, tmp_path), port, tmp_path / "nats.log"):
            await until_open(bus)
            await bus.publish(Outgoing.of(opening(number(2000))))
            given += [await one.next(2026) for one in (*replicas, *replicas)]
            await bus.stop()
    first = 2000 + MARGIN + 1
    assert given == [number(place) for place in (11, 18, first, first + 7, first + 1, first + 8)]


def nats_at(port: int, folder: Path) -> list[str]:
    return [str(SCRIPTS / "nats-server"), "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(folder / "js")]


async def until_open(bus: Bus, wanted: bool = True) -> None:
    async with asyncio.timeout(30):
        while bus.is_open() is not wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_who_opens_a_ticket_meanwhile_is_told_to_come_again(servers: Servers, port: int) -> None:
    async with a_database(servers) as database:
        settings = settings_of(servers, database.name.partition("_")[0])
        bus = away(servers, database, f"nats://127.0.0.1:{port}")
        world = World(servers, settings.prefix)
        its_own = Database.open(servers.mongo_url, database.name, servers.driver)
        runtime = Runtime("intake", settings, its_own, bus, now=world.now)
        world.apps["intake"] = create_app(runtime)
        await runtime.start()
        async with world.as_(WANG, "intake") as wang:
            answer = await wang.post("/v1/tickets", json=CRASH)
        await runtime.stop()
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:bihuan:problem:unavailable")
    assert "Retry-After" in answer.headers


# ---- a number that two tickets have


OTHERS: dict[str, dict[str, Any]] = {
    "company": {"company": "北方证券"},
    "contact": {"contact": Contact(name="赵", sub="u-zhao")},
    "moment": {"time": "2026-03-02T04:00:01Z"},
}


@pytest.mark.parametrize("what", OTHERS)
async def test_a_number_that_another_ticket_has_is_an_alarm_and_links_nobody(
    world: World, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    customers = world.apps["intake"].state.service.customers.store
    await opened(world)
    before, known = REUSED.labels("intake")._value.get(), [one async for one in customers.all()]
    [event] = world.published(TicketOpened)
    await world.publish(event.model_validate({**event.model_dump(), "id": "another", **OTHERS[what]}))
    assert [one async for one in customers.all()] == known
    assert world.published(TicketLinked) == []
    assert REUSED.labels("intake")._value.get() == before + 1
    assert "by another event" in caplog.text


async def test_the_same_event_again_is_no_alarm(world: World) -> None:
    before = REUSED.labels("intake")._value.get()
    await opened(world)
    [event] = world.published(TicketOpened)
    await world.apps["intake"].state.service.tickets.record_opening(event)
    assert REUSED.labels("intake")._value.get() == before


async def test_tickets_that_the_backup_does_not_have_are_remembered_and_nothing_is_dead_lettered(world: World) -> None:
    for title in ("一", "二"):
        world.time = world.time.replace(minute=world.time.minute + 5)
        await opened(world, title=title)
    lost = world.published(TicketOpened)
    await begins_again(world, None)
    intake = world.apps["intake"].state.service
    for event in (*lost, *lost):
        await intake.tickets.record_opening(event)
    world.time = world.time.replace(hour=9)
    new = await opened(world, title="三")
    async with world.as_(LEAD, "intake") as lead:
        linked = (await lead.get(f"/v1/tickets/{new['ticket']}")).json()["linked"]
    assert linked == [event.subject for event in reversed(lost)]
    assert await world.runtimes["intake"].bus.dead_letters() == []
