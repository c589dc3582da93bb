"""How many may read the live stream, how long, and from which place."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from services.notify.stream import response
from services.notify.stream.feed import Feed, TooManyOfYours, TooManyReaders
from services.notify.stream.reader import BUFFER_SIZE, OWN_EVENTS, Reader
from services.notify.stream.visibility import StreamItem
from shared.testing import LEAD, LIU, WANG, ZHAO, Person, World
from tests.notify.conftest import notify_of
from tests.notify.samples import ASKED, BREACHED, opened
from tests.notify.stream.client import following, limit, principal, publish, until


async def test_a_quiet_stream_gives_signs_of_life_that_move_the_place_on(world: World, url: str) -> None:
    limit(world, heartbeat_seconds=0.05)
    async with following(world, url, ZHAO) as opened_stream:
        await publish(world, opened(WANG))
        async with asyncio.timeout(30):
            while (block := await opened_stream.block())["id"] != "1":
                pass
        assert block == {"": "heartbeat", "id": "1"}


async def test_a_stream_ends_after_a_while_so_that_the_token_is_looked_at_again(world: World, url: str) -> None:
    limit(world, max_seconds=0.1)
    async with following(world, url, ZHAO) as opened_stream:
        with pytest.raises(EOFError):
            await opened_stream.block()


async def test_too_many_streams_are_refused_until_one_is_closed(world: World, url: str) -> None:
    limit(world, max_readers=1)
    async with world.as_(LEAD, "notify", **{"Accept-Language": "zh"}) as lead:
        async with following(world, url, LIU):
            refused = await lead.get("/v1/events")
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


@pytest.mark.parametrize("place", ["-1", "abc", str(2**64), "9" * 5000])
async def test_a_place_that_is_none_is_refused(world: World, place: str) -> None:
    async with world.as_(LEAD, "notify") as lead:
        by_query = await lead.get(f"/v1/events?after={place}")
        by_header = await lead.get("/v1/events", headers={"Last-Event-ID": place})
    assert (by_query.status_code, by_header.status_code) == (422, 422)


async def test_who_has_no_role_that_may_follow_is_refused(world: World) -> None:
    async with world.as_(Person("x-nobody", ("guest",)), "notify") as guest:
        answer = await guest.get("/v1/events")
    assert answer.status_code == 403


async def test_a_reader_who_is_too_slow_is_ended_and_finds_the_rest_later(world: World) -> None:
    feed: Feed = notify_of(world).feed
    async with feed.open(None, principal(LEAD)) as reader:
        for sequence in range(1, BUFFER_SIZE + 2):
            reader.push(StreamItem(sequence, ASKED))
        assert reader.waiting.get_nowait() is None


async def test_a_reader_whose_connection_takes_nothing_gives_its_place_back(
    world: World, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(response, "LAST_WORDS", 0.1)
    feed = notify_of(world).feed
    large = ASKED.model_copy(update={"traceparent": "x" * 12_000_000})
    _, port = url.rsplit(":", 1)
    _deaf, writer = await asyncio.open_connection("127.0.0.1", int(port), limit=1)
    try:
        writer.write(
            f"GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {world.token(LEAD)}\r\n\r\n".encode()
        )
        await until(lambda: bool(feed._readers))
        [reader] = feed._readers
        reader.push(StreamItem(1, large))
        await until(lambda: reader.waiting.empty())
        for sequence in range(2, BUFFER_SIZE + 3):
            reader.push(StreamItem(sequence, ASKED))
        assert reader.closed.is_set()
        await until(lambda: not feed._readers)
        assert reader.was_cut
    finally:
        writer.close()


async def test_what_is_brought_to_a_reader_who_catches_up_waits_for_room(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(0, principal(LEAD), behind=True)
    for sequence in range(1, OWN_EVENTS + 1):
        await reader.bring(StreamItem(sequence, ASKED))
    more = asyncio.create_task(reader.bring(StreamItem(OWN_EVENTS + 1, ASKED)))
    assert await reader.take() == StreamItem(1, ASKED)
    await more
    monkeypatch.setattr("services.notify.stream.reader.ROOM_WITHIN", 0.0)
    with pytest.raises(TimeoutError):
        await reader.bring(StreamItem(OWN_EVENTS + 2, ASKED))
    assert reader.waiting.qsize() == OWN_EVENTS


async def test_a_reader_joins_only_where_nothing_is_left_out() -> None:
    reader = Reader(3, principal(LEAD), behind=True)
    assert not reader.try_join(4)
    reader.push(StreamItem(6, ASKED))
    reader.push(StreamItem(7, ASKED))
    assert not reader.try_join(5)
    assert reader.try_join(6)
    item = reader.waiting.get_nowait()
    assert isinstance(item, StreamItem)
    assert item.sequence == 7


async def test_when_the_service_stops_its_streams_end(world: World, url: str) -> None:
    async with following(world, url, LEAD) as opened_stream:
        notify_of(world).feed.end()
        with pytest.raises(EOFError):
            await opened_stream.block()
    async with world.as_(LEAD, "notify") as lead:
        assert (await lead.get("/v1/events")).status_code == 503


async def test_one_person_does_not_take_the_places_of_all_nor_customers_those_of_staff(world: World) -> None:
    limit(world, max_readers=10, reserved_for_staff=3)
    feed: Feed = notify_of(world).feed
    async with AsyncExitStack() as streams:
        for _ in range(notify_of(world).feed.settings.max_per_person):
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
