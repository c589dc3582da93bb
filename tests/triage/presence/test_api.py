"""Who looks at a ticket or works on it just now, on whichever replica."""

import asyncio
from typing import Any

from services.triage.presence.handlers import PresenceHandlers
from services.triage.presence.store import Presences
from shared.bus import Bus
from shared.events.presence import PRESENCE_CHANGED, PresenceChanged
from shared.testing import AGENT, AUDITOR, CHEN, LEAD, WANG, World
from tests.triage.builders import CRASH, TICKET, opened
from tests.triage.scene import ask, triage

PATH = f"/v1/tickets/{TICKET}/presence"


def people(answer: Any) -> list[tuple[str, str]]:
    return [(one["sub"], one["doing"]) for one in answer.json()["items"]]


async def test_presence_is_seen_for_thirty_seconds(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    assert people(await ask(world, CHEN, "PUT", PATH, {"doing": "working"})) == [("e-chen", "working")]
    world.time = world.time.replace(second=20)
    assert people(await ask(world, AGENT, "PUT", PATH, {})) == [("e-chen", "working"), ("a-lin", "viewing")]
    world.time = world.time.replace(second=29)
    here, service = world.runtimes["triage"], triage(world)
    elsewhere = PresenceHandlers(
        Presences(here.database, here.sender, world.now), service.work, here.bus.notices, world.now
    )
    assert [one.sub for one in await elsewhere.read(TICKET)] == ["e-chen", "a-lin"]
    world.time = world.time.replace(second=30)
    assert people(await ask(world, AUDITOR, "GET", PATH)) == [("a-lin", "viewing")]
    assert people(await ask(world, LEAD, "PUT", PATH, {})) == [("a-lin", "viewing"), ("l-qian", "viewing")]
    for _ in range(2):
        assert people(await ask(world, LEAD, "DELETE", PATH)) == [("a-lin", "viewing")]
    assert people(await ask(world, LEAD, "GET", PATH)) == [("a-lin", "viewing")]
    assert await service.presence.store.remove_expired() == 0
    world.time = world.time.replace(hour=world.time.hour + 2)
    assert people(await ask(world, LEAD, "GET", PATH)) == []
    assert await service.presence.store.remove_expired() == 1
    assert people(await ask(world, LEAD, "PUT", PATH, {})) == [("l-qian", "viewing")]


async def test_presence_is_for_staff_and_for_tickets_that_there_are(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    for method in ("GET", "PUT", "DELETE"):
        assert (await ask(world, WANG, method, PATH, {} if method == "PUT" else None)).status_code == 403
        missing = await ask(world, LEAD, method, "/v1/tickets/TK-0/presence", {} if method == "PUT" else None)
        assert missing.status_code == 404
    assert (await ask(world, AUDITOR, "PUT", PATH, {})).status_code == 403
    assert (await ask(world, LEAD, "PUT", PATH, {"doing": "sleeping"})).status_code == 422


async def test_who_is_on_which_tickets_is_seen_in_one_list(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    assert people_everywhere(await ask(world, LEAD, "GET", "/v1/presences")) == {}
    await ask(world, CHEN, "PUT", PATH, {"doing": "working"})
    world.time = world.time.replace(second=1)
    await ask(world, AGENT, "PUT", PATH, {})
    seen = {TICKET: ["e-chen", "a-lin"]}
    assert people_everywhere(await ask(world, AUDITOR, "GET", "/v1/presences")) == seen
    await ask(world, CHEN, "DELETE", PATH)
    assert people_everywhere(await ask(world, LEAD, "GET", "/v1/presences")) == {TICKET: ["a-lin"]}
    world.time = world.time.replace(second=31)
    assert people_everywhere(await ask(world, LEAD, "GET", "/v1/presences")) == {}
    assert (await ask(world, WANG, "GET", "/v1/presences")).status_code == 403


def people_everywhere(answer: Any) -> dict[str, list[str]]:
    return {one["ticket"]: [who["sub"] for who in one["people"]] for one in answer.json()["items"]}


async def test_that_somebody_came_or_left_is_told_and_that_they_stay_is_not(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    told: list[list[tuple[str, str]]] = []
    heard = asyncio.Event()

    def hear(news: PresenceChanged) -> None:
        assert news.ticket == TICKET
        told.append([(one.sub, one.doing) for one in news.people])
        heard.set()

    listener = Bus(world.servers.nats_url, "notify", world.prefix)
    listener.notices.on(PRESENCE_CHANGED, PresenceChanged, hear)
    await listener.start()
    await listener.link.client.flush()
    try:
        for who, doing in ((CHEN, "viewing"), (CHEN, "viewing"), (CHEN, "working"), (AGENT, "viewing")):
            await ask(world, who, "PUT", PATH, {"doing": doing})
        await ask(world, CHEN, "DELETE", PATH)
        async with asyncio.timeout(20):
            while len(told) < 4:
                heard.clear()
                await heard.wait()
    finally:
        await listener.stop_receiving()
        await listener.stop()
    both = [("a-lin", "viewing"), ("e-chen", "working")]  # who came at the same moment, by name
    assert told == [[("e-chen", "viewing")], [("e-chen", "working")], both, [("a-lin", "viewing")]]
