"""The live stream, over a real server."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx2
import pytest
import uvicorn

from services.notify.stream.feed import ROOM, Feed, Reader, TooManyOfYours, TooManyReaders
from services.notify.stream.visibility import Item
from shared.auth import Principal
from shared.events import Event, TicketCalledBack, TicketCompleted, TicketWaiting, TriageReleased
from shared.terms import Role, WaitingFor
from shared.testing import EDITOR, LEAD, LIU, NOON, VIEWER, WANG, ZHAO, Person, World
from tests.notify.conftest import notify_of
from tests.notify.samples import ASKED, BREACHED, PROBLEM, TICKET, assigned, opened, posted
from tests.servers import free_port

RELEASED = TriageReleased(subject=TICKET, time=NOON, engineer=LIU.sub, reason="下班")
WAITING = TicketWaiting(subject=TICKET, time=NOON, waiting_for=WaitingFor.CUSTOMER_INFORMATION)


def principal(person: Person) -> Principal:
    return Principal(person.sub, frozenset(Role.of(role) for role in person.roles), company=person.company)


def limit(world: World, **limits: float) -> None:
    feed = notify_of(world).feed
    feed.settings = feed.settings.model_copy(update=limits)


class Open:
    """One open stream and what came over it."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def block(self) -> dict[str, str]:
        found: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self._lines:
                if not line:
                    return found
                name, _, value = line.partition(": ")
                found[name] = value
        raise EOFError

    async def events(self, count: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while len(found) < count:
            block = await self.block()
            if "data" in block:
                found.append({"place": int(block["id"]), "event": block["event"], **json.loads(block["data"])})
        return found

    async def kinds(self, count: int) -> list[str]:
        return [event["event"] for event in await self.events(count)]


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    config = uvicorn.Config(world.apps["notify"], port=free_port(), lifespan="off", log_level="warning")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield f"http://127.0.0.1:{config.port}"
    server.should_exit = True
    notify_of(world).feed.end()
    await asyncio.wait_for(running, 10)


async def until(true: Callable[[], bool]) -> None:
    for _ in range(500):
        if true():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


@asynccontextmanager
async def following(
    world: World, url: str, person: Person, after: int | None = None, last_event_id: int | str | None = None
) -> AsyncIterator[Open]:
    headers = {"Authorization": f"Bearer {world.token(person)}"}
    if last_event_id is not None:
        headers["Last-Event-ID"] = str(last_event_id)
    query = "" if after is None else f"?after={after}"
    async with (
        httpx2.AsyncClient(base_url=url, timeout=10, trust_env=False) as client,
        client.stream("GET", f"/stream{query}", headers=headers) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        opened = Open(answer.aiter_lines())
        first = await opened.block()
        assert set(first) == {"retry", "id"}
        yield opened


async def publish(world: World, *events: Event) -> None:
    for event in events:
        await world.publish(event)


async def test_staff_follow_everything_as_it_happens(world: World, url: str) -> None:
    await publish(world, opened())
    async with following(world, url, LIU) as stream:
        await publish(world, ASKED, RELEASED, BREACHED)
        events = await stream.events(3)
    assert [event["event"] for event in events] == ["ticket.questions_asked", "triage.released", "sla.breached"]
    assert [event["place"] for event in events] == [2, 3, 4]
    assert events[0]["type"] == "bihuan.ticket.questions_asked.v1"
    assert events[0]["data"]["questions"][0]["field"] == "error_text"


async def test_customers_follow_their_own_tickets_and_nothing_internal(world: World, url: str) -> None:
    hers, other = opened(WANG), opened(ZHAO, ticket="TK-2026-000002")
    async with following(world, url, WANG) as stream:
        await publish(
            world,
            other,
            hers,
            posted("内部备注", LIU, by_staff=True, internal=True),
            BREACHED,
            RELEASED,
            TicketCalledBack(subject=TICKET, time=NOON, cause_of_dissatisfaction="慢"),
            assigned(),
            posted("您好", LIU, by_staff=True),
            ASKED.model_copy(update={"subject": "TK-2026-000002", "id": "another"}),
            WAITING,
        )
        events = await stream.events(4)
    assert [(event["event"], event["subject"]) for event in events] == [
        ("ticket.opened", TICKET),
        ("triage.assigned", TICKET),
        ("ticket.message_posted", TICKET),
        ("ticket.waiting", TICKET),
    ]
    assert events[1]["data"] == {"engineer": LIU.sub, "engineer_name": LIU.name}


async def test_a_company_viewer_follows_the_tickets_of_the_company(world: World, url: str) -> None:
    async with following(world, url, VIEWER) as stream:
        await publish(world, opened(ZHAO, ticket="TK-2026-000002"), opened(WANG), WAITING)
        events = await stream.events(2)
    assert {event["subject"] for event in events} == {TICKET}


async def test_a_customer_sees_of_the_archived_case_only_what_is_theirs(world: World, url: str) -> None:
    case = TicketCompleted(
        subject=TICKET, time=NOON, problem=PROBLEM, customer="c-1", opened_at=NOON, cause_of_dissatisfaction="慢"
    )
    async with following(world, url, WANG) as stream:
        await publish(world, opened(), case)
        [_, seen] = await stream.events(2)
    assert "cause_of_dissatisfaction" not in seen["data"]
    assert "rounds" not in seen["data"]
    assert seen["data"]["problem"]["title"] == PROBLEM.title


async def test_a_reader_who_comes_back_misses_nothing_and_sees_nothing_twice(world: World, url: str) -> None:
    tickets = [opened(ticket=f"TK-2026-{n:06d}") for n in range(30)]
    await publish(world, *tickets[:10])
    async with following(world, url, LEAD, after=3) as stream:
        first = await stream.events(5)
    await publish(world, *tickets[10:20])
    async with following(world, url, LEAD, last_event_id=first[-1]["place"]) as stream:
        later = asyncio.create_task(publish(world, *tickets[20:]))
        second = await stream.events(22)
        await later
    assert [event["place"] for event in first + second] == list(range(4, 31))


async def test_live_readers_and_those_who_catch_up_see_the_same(world: World, url: str) -> None:
    await publish(world, opened())
    async with following(world, url, LEAD) as live, following(world, url, LIU, after=0) as behind:
        assert await behind.kinds(1) == ["ticket.opened"]
        await publish(world, ASKED, WAITING)
        assert await live.kinds(2) == await behind.kinds(2) == ["ticket.questions_asked", "ticket.waiting"]
        await publish(world, BREACHED)
        assert await live.kinds(1) == await behind.kinds(1) == ["sla.breached"]


async def test_a_place_that_is_no_longer_kept_is_answered_with_a_reset_and_then_goes_on(world: World, url: str) -> None:
    await publish(world, opened())
    async with following(world, url, LEAD, after=999_999) as stream:
        [reset] = await stream.events(1)
        assert (reset["event"], reset["place"]) == ("reset", 1)
        await publish(world, ASKED)
        [event] = await stream.events(1)
    assert (event["event"], event["place"]) == ("ticket.questions_asked", 2)


async def test_a_quiet_stream_gives_signs_of_life_that_move_the_place_on(world: World, url: str) -> None:
    limit(world, quiet=0.05)
    async with following(world, url, ZHAO) as opened_stream:
        await publish(world, opened(WANG))
        async with asyncio.timeout(5):
            while (block := await opened_stream.block())["id"] != "1":
                pass
        assert block == {"": "quiet", "id": "1"}


async def test_a_stream_ends_after_a_while_so_that_the_token_is_looked_at_again(world: World, url: str) -> None:
    limit(world, open_for=0.1)
    async with following(world, url, ZHAO) as opened_stream:
        with pytest.raises(EOFError):
            await opened_stream.block()


async def test_too_many_streams_are_refused_until_one_is_closed(world: World, url: str) -> None:
    limit(world, readers=1)
    async with world.as_(LEAD, "notify", **{"Accept-Language": "zh"}) as lead:
        async with following(world, url, LIU):
            refused = await lead.get("/stream")
        assert refused.status_code == 503
        assert refused.json()["title"] == "实时连接过多"
        feed = notify_of(world).feed
        await until(lambda: not feed._readers)
    async with following(world, url, LIU) as again:
        await publish(world, opened())
        assert await again.kinds(1) == ["ticket.opened"]


async def test_an_empty_place_is_none_at_all(world: World, url: str) -> None:
    await publish(world, opened())
    async with following(world, url, LEAD, last_event_id="") as stream:
        await publish(world, BREACHED)
        assert await stream.kinds(1) == ["sla.breached"]


async def test_whether_there_is_a_stream_can_be_asked_without_staying(world: World, url: str) -> None:
    headers = {"Authorization": f"Bearer {world.token(LEAD)}"}
    async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=10, trust_env=False) as client:
        answer = await client.head("/stream")
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "text/event-stream")
    await until(lambda: not notify_of(world).feed._readers)


@pytest.mark.parametrize("place", ["-1", "abc", str(2**64), "9" * 5000])
async def test_a_place_that_is_none_is_refused(world: World, place: str) -> None:
    async with world.as_(LEAD, "notify") as lead:
        by_query = await lead.get(f"/stream?after={place}")
        by_header = await lead.get("/stream", headers={"Last-Event-ID": place})
    assert (by_query.status_code, by_header.status_code) == (422, 422)


async def test_a_role_that_may_not_follow_is_refused(world: World) -> None:
    async with world.as_(EDITOR, "notify") as editor:
        answer = await editor.get("/stream")
    assert answer.status_code == 403


async def test_a_reader_who_is_too_slow_is_ended_and_finds_the_rest_later(world: World) -> None:
    feed: Feed = notify_of(world).feed
    async with feed.open(None, principal(LEAD)) as reader:
        for sequence in range(1, ROOM + 2):
            reader.push(Item(sequence, ASKED))
        assert reader.waiting.get_nowait() is None


async def test_a_reader_joins_only_where_nothing_is_left_out() -> None:
    reader = Reader(3, principal(LEAD), behind=True)
    assert not reader.joins(4)
    reader.push(Item(6, ASKED))
    reader.push(Item(7, ASKED))
    assert not reader.joins(5)
    assert reader.joins(6)
    item = reader.waiting.get_nowait()
    assert isinstance(item, Item)
    assert item.sequence == 7


async def test_when_the_service_stops_its_streams_end(world: World, url: str) -> None:
    async with following(world, url, LEAD) as opened_stream:
        notify_of(world).feed.end()
        with pytest.raises(EOFError):
            await opened_stream.block()
    async with world.as_(LEAD, "notify") as lead:
        assert (await lead.get("/stream")).status_code == 503


async def test_one_person_does_not_take_the_places_of_all_nor_customers_those_of_staff(world: World) -> None:
    limit(world, readers=10, for_staff=3)
    feed: Feed = notify_of(world).feed
    async with AsyncExitStack() as streams:
        for _ in range(notify_of(world).feed.settings.each):
            await streams.enter_async_context(feed.open(None, principal(WANG)))
        with pytest.raises(TooManyOfYours):
            await streams.enter_async_context(feed.open(None, principal(WANG)))
        await streams.enter_async_context(feed.open(None, principal(ZHAO)))
        with pytest.raises(TooManyReaders):
            await streams.enter_async_context(feed.open(None, principal(ZHAO)))
        for _ in range(3):
            await streams.enter_async_context(feed.open(None, principal(LEAD)))
        with pytest.raises(TooManyReaders):
            await streams.enter_async_context(feed.open(None, principal(LEAD)))
