"""DingTalk's Stream mode: what the kit asks of every channel, and what is its own."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from ipaddress import ip_network

import httpx2
import pytest
from fastapi import Response
from fastapi.responses import JSONResponse

from services.intake.app import create_app
from services.intake.channels import stream
from services.intake.channels.accounts import Account
from services.intake.channels.handlers import ChannelHandlers
from services.intake.channels.stream import DingTalkStream, StreamConnections
from shared import outbound
from shared.messengers.platform import TokenRefused
from shared.mongo import TRANSIENT_ERRORS
from shared.testing import NOON, Servers, World, running
from tests.intake.channels.conformance import Outcome
from tests.intake.channels.kit import ChannelKit
from tests.intake.channels.platforms import Delivery, DingTalkPlatform
from tests.intake.channels.streaming import Gateway, gateway

LOOPBACK = [ip_network("127.0.0.0/8")]
PLATFORM = DingTalkPlatform()
STATUS = {200: 200, 400: 422}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "FIRST_WAIT", 0.01)


@pytest.fixture
async def platform() -> AsyncIterator[Gateway]:
    async with gateway() as found:
        yield found


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with outbound.client(LOOPBACK) as client:
        yield client


def client_of(platform: Gateway, http: httpx2.AsyncClient, name: str = "one", secret: str = "right") -> DingTalkStream:
    return DingTalkStream(http, platform.url, "app", secret, name)


class TestDingTalkStream(ChannelKit):
    """Signed is what comes over the connection: so what the kit says of signatures and requests is said anew."""

    platform = PLATFORM

    @pytest.fixture
    async def world(self, servers: Servers) -> AsyncIterator[World]:
        async with (
            gateway() as self.gateway,
            outbound.client(LOOPBACK) as self.http,
            running(servers, create_app) as world,
        ):
            self.connections: list[StreamConnections] = []
            await self.connect(world, "intake")
            yield world
            for one in self.connections:
                await one.stop()

    async def connect(self, world: World, app: str) -> None:
        channels: ChannelHandlers = world.apps[app].state.service.channels
        account = Account("kit", "", PLATFORM.adapter, stream=client_of(self.gateway, self.http, app))
        self.accounts_of(world, app)["kit"] = account
        assert account.stream
        connections = StreamConnections([(account.stream, partial(channels.take, account))])
        self.connections.append(connections)
        asyncio.get_running_loop().create_task(connections.start())

    async def deliver(self, world: World, delivery: Delivery, app: str = "intake") -> httpx2.Response:
        answer = await self.gateway.deliver(delivery.body.decode("utf-8", "replace"), app)
        return httpx2.Response(STATUS[answer["code"]], json=answer)

    async def test_what_others_send_in_their_name_is_refused(self, world: World) -> None:
        """Over HTTP nothing is taken, not even with the secret's signature."""
        content = PLATFORM.message("1", "无法登录", world.now())
        for delivery in (PLATFORM.signed(content, world.now()), PLATFORM.forged(content, world.now())):
            answer = await ChannelKit.deliver(self, world, delivery)
            assert answer.status_code == 404
        await world.pass_time(minutes=2)
        assert await self.tickets(world) == []

    async def test_what_is_not_signed_is_refused(self, world: World) -> None:
        """Who may not connect says nothing."""
        stranger = client_of(self.gateway, self.http, "stranger", secret="guessed")
        with pytest.raises(TokenRefused):
            await stranger._open()

    async def send_too_large(self, world: World) -> Outcome:
        answer = await self.deliver(world, Delivery(b"x" * (PLATFORM.adapter.max_bytes + 1)))
        assert answer.status_code == 422
        return Outcome.REFUSED

    async def test_what_cannot_be_stored_now_comes_again_and_is_taken_once(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is not acknowledged before it is stored."""
        tried = 0

        async def away(*args: object) -> None:
            nonlocal tried
            tried += 1
            if tried < 3:
                raise TRANSIENT_ERRORS[0]("away")
            await store(*args)

        channels: ChannelHandlers = world.apps["intake"].state.service.channels
        store = type(channels)._store.__get__(channels)
        with monkeypatch.context() as broken:
            broken.setattr(type(channels), "_store", lambda self, *args: away(*args))
            await self.say(world, "1", "无法登录")
        assert tried == 3
        await world.pass_time(seconds=8)
        assert len(await self.tickets(world)) == 1

    async def test_what_a_replica_did_not_acknowledge_is_taken_by_another(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It had stored it, and was killed before it said so."""
        await world.start(create_app, ".2")
        await self.connect(world, "intake.2")
        for name in ("intake", "intake.2"):
            await self.gateway.connected(name)
        monkeypatch.setattr(stream, "GOODBYE", 0.0)
        stored, killed = asyncio.Event(), asyncio.Event()
        channels: ChannelHandlers = world.apps["intake"].state.service.channels

        async def take(written: bytes) -> None:
            await channels.take(channels.accounts["kit"], written)
            stored.set()
            await killed.wait()

        await self.connections[0].stop()
        account = channels.accounts["kit"]
        assert account.stream
        dying = StreamConnections([(replace(account.stream, name="dying"), take)])
        await dying.start()
        content = PLATFORM.message("1", "无法登录", world.now()).decode()
        connection = await self.gateway.connected("dying")
        answer = await self.gateway.send(connection, content)
        await stored.wait()
        await dying.stop()
        await self.gateway.ended(connection)
        assert answer.cancelled()
        assert (await self.gateway.deliver(content, "intake.2"))["code"] == 200
        await world.pass_time(seconds=8)
        await world.pass_time(seconds=60)
        [ticket] = await self.tickets(world)
        assert (ticket["problem"]["description"], ticket["messages"]) == ("无法登录", [])


# ---- the connection


async def nothing(_: bytes) -> None:
    pass


@pytest.fixture
async def connections(platform: Gateway, http: httpx2.AsyncClient) -> AsyncIterator[StreamConnections]:
    found = StreamConnections([(client_of(platform, http), nothing)])
    await found.start()
    yield found
    await found.stop()


async def test_a_message_is_acknowledged_as_the_platform_expects(
    platform: Gateway, connections: StreamConnections
) -> None:
    answer = await platform.deliver(PLATFORM.message("1", "x", NOON).decode())
    assert answer.pop("headers")["contentType"] == "application/json"
    assert answer == {"code": 200, "message": "OK", "data": '{"response": null}'}


async def test_a_ping_is_given_back(platform: Gateway, connections: StreamConnections) -> None:
    pending = await platform.send(await platform.connected(), '{"opaque": "7"}', "SYSTEM", "ping")
    answer = await asyncio.wait_for(pending, 10)
    assert (answer["code"], answer["data"]) == (200, '{"opaque": "7"}')


async def test_what_was_not_asked_for_is_not_taken(platform: Gateway, connections: StreamConnections) -> None:
    pending = await platform.send(await platform.connected(), "{}", "EVENT", "*")
    assert (await asyncio.wait_for(pending, 10))["code"] == 404


@pytest.mark.parametrize("frame", ["", "[]", "{", '{"type": 7}', "null"])
async def test_a_frame_that_is_none_hurts_nobody(platform: Gateway, connections: StreamConnections, frame: str) -> None:
    await (await platform.connected()).socket.send_text(frame)
    assert (await platform.deliver("{}"))["code"] == 200


async def test_who_is_told_to_connect_anew_does_so(platform: Gateway, connections: StreamConnections) -> None:
    first = await platform.connected()
    await platform.send(first, "{}", "SYSTEM", "disconnect")
    await platform.ended(first)
    assert (await platform.deliver("{}"))["code"] == 200
    assert len(platform.asked) == 2


async def test_a_connection_that_breaks_is_made_anew(platform: Gateway, connections: StreamConnections) -> None:
    first = await platform.connected()
    await first.socket.close(1011)
    await platform.ended(first)
    assert (await platform.deliver("{}"))["code"] == 200


async def test_a_gateway_that_does_not_answer_is_asked_again(platform: Gateway, http: httpx2.AsyncClient) -> None:
    platform.says = [
        Response(status_code=503),
        JSONResponse({"code": "authFailed"}, 401),
        Response(b"<html>"),
        JSONResponse({"endpoint": "https://dingtalk.com.attacker.example/connect", "ticket": "t"}),
        JSONResponse({"endpoint": "http://", "ticket": 7}),
        JSONResponse({}),
    ]
    found = StreamConnections([(client_of(platform, http), nothing)])
    await found.start()
    assert (await platform.deliver("{}"))["code"] == 200
    assert len(platform.asked) == 7
    await found.stop()


async def test_it_is_never_connected_to_what_is_not_public(platform: Gateway) -> None:
    async with outbound.client() as guarded:
        with pytest.raises(outbound.AddressNotAllowed):
            await client_of(platform, guarded)._open()


async def test_the_end_waits_for_what_is_being_stored(platform: Gateway, http: httpx2.AsyncClient) -> None:
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def take(_: bytes) -> None:
        begun.set()
        await go_on.wait()
        ended.set()

    found = StreamConnections([(client_of(platform, http), take)])
    await found.start()
    await platform.send(await platform.connected(), json.dumps({}))
    await begun.wait()
    stopping = asyncio.create_task(found.stop())
    await asyncio.sleep(0)
    go_on.set()
    await stopping
    assert ended.is_set()
