"""The files that people send, fetched from simulators of the platforms on a socket."""

from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import httpx2
import pytest
from fastapi import Response
from fastapi.responses import JSONResponse

from services.intake.app import create_app
from services.intake.channels.accounts import Account
from services.intake.channels.domain import ChannelThread, FileRef, PendingFile
from services.intake.channels.handlers import ChannelHandlers
from services.intake.channels.media import MediaSource
from services.intake.channels.platforms import DingTalkMedia, FeishuMedia, PlatformMedia, WeComMedia
from services.intake.tickets.handlers import INTAKE
from shared import outbound
from shared.events import Event
from shared.messengers.platform import PlatformRefusal, TokenRefused
from shared.testing import LEAD, NOON, Servers, World, running
from tests.intake.channels.platforms import DingTalkPlatform, FeishuPlatform, Platform, WeComPlatform
from tests.intake.channels.simulators import PNG, Simulator, simulator

LOOPBACK = [ip_network("127.0.0.0/8")]
KINDS: list[type[PlatformMedia]] = [WeComMedia, DingTalkMedia, FeishuMedia]
FILE = FileRef(id="f-1", of="m-1", kind="image")


@pytest.fixture
async def platform() -> AsyncIterator[Simulator]:
    async with simulator() as found:
        found.files["f-1"] = PNG
        yield found


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with outbound.client(LOOPBACK) as client:
        yield client


async def content_of(source: MediaSource, file: FileRef = FILE) -> tuple[str, str, bytes]:
    async with source.open(file) as fetched:
        return fetched.name, fetched.media_type, b"".join([chunk async for chunk in fetched.chunks])


@pytest.mark.parametrize("kind", KINDS)
async def test_a_file_is_fetched_with_one_token_for_many(
    platform: Simulator, http: httpx2.AsyncClient, kind: type[PlatformMedia]
) -> None:
    source = kind(http, platform.url, "app", "right")
    name = "screen.png" if kind is WeComMedia else "image.jpg"
    assert await content_of(source) == (name, "image/png", PNG)
    assert await content_of(source, FILE.model_copy(update={"name": "错误.png"})) == ("错误.png", "image/png", PNG)
    assert sum("oken" in path for path in platform.asked) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_a_token_that_is_no_longer_taken_is_asked_for_again(
    platform: Simulator, http: httpx2.AsyncClient, kind: type[PlatformMedia]
) -> None:
    source = kind(http, platform.url, "app", "right")
    await content_of(source)
    platform.token = "token-2"
    assert (await content_of(source))[2] == PNG


@pytest.mark.parametrize("kind", KINDS)
async def test_what_the_platform_does_not_have_is_gone(
    platform: Simulator, http: httpx2.AsyncClient, kind: type[PlatformMedia]
) -> None:
    source = kind(http, platform.url, "app", "right")
    with pytest.raises(PlatformRefusal):
        await content_of(source, FILE.model_copy(update={"id": "f-2"}))


@pytest.mark.parametrize("kind", KINDS)
async def test_who_has_the_wrong_secret_gets_nothing(
    platform: Simulator, http: httpx2.AsyncClient, kind: type[PlatformMedia]
) -> None:
    if kind is DingTalkMedia:
        platform.says = [JSONResponse({"code": "InvalidAuthentication"}, 401) for _ in range(2)]
    with pytest.raises((PlatformRefusal, TokenRefused)):
        await content_of(kind(http, platform.url, "app", "wrong"))


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_platform_that_is_away_is_no_answer(platform: Simulator, http: httpx2.AsyncClient, status: int) -> None:
    platform.says = [Response(status_code=status)]
    with pytest.raises(httpx2.HTTPError):
        await content_of(WeComMedia(http, platform.url, "app", "right"))


async def test_no_platform_leads_into_our_networks(platform: Simulator) -> None:
    async with outbound.client() as guarded:
        with pytest.raises(outbound.AddressNotAllowed):
            await content_of(WeComMedia(guarded, platform.url, "app", "right"))
    async with outbound.client(LOOPBACK) as http:
        platform.says = [JSONResponse({"downloadUrl": "http://10.0.0.1/secret"})]
        with pytest.raises(outbound.AddressNotAllowed):
            await content_of(DingTalkMedia(http, platform.url, "app", "right"))
        for address in ("", "file:///etc/passwd", "http://", 7):
            platform.says = [JSONResponse({"downloadUrl": address})]
            with pytest.raises((PlatformRefusal, httpx2.HTTPError)):
                await content_of(DingTalkMedia(http, platform.url, "app", "right"))


# ---- onto the ticket


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


MESSAGES: list[tuple[Platform, type[PlatformMedia], bytes]] = [
    (
        WeComPlatform(),
        WeComMedia,
        WeComPlatform().xml(MsgType="image", MediaId="f-1", MsgId="1", FromUserName="zhang"),
    ),
    (
        DingTalkPlatform(),
        DingTalkMedia,
        DingTalkPlatform().json(
            NOON,
            msgId="1",
            msgtype="richText",
            robotCode="r-1",
            content={"richText": [{"text": "见图"}, {"type": "picture", "downloadCode": "f-1"}]},
        ),
    ),
    (
        FeishuPlatform(),
        FeishuMedia,
        FeishuPlatform().event(NOON, {"image_key": "f-1"}, message_id="1", message_type="image"),
    ),
]


async def send(world: World, simulated: Simulator, http: httpx2.AsyncClient, which: int, secret: str = "right") -> None:
    platform, kind, content = MESSAGES[which]
    channels: ChannelHandlers = world.apps["intake"].state.service.channels
    assert isinstance(channels.accounts, dict)
    media = kind(http, simulated.url, "app", secret)
    channels.accounts["kit"] = replace(Account("kit", "", platform.adapter), media=media)
    delivery = platform.signed(content, world.now())
    async with world.as_(None, "intake", **delivery.headers) as sender:
        answer = await sender.post("/channels/kit", params=dict(delivery.query), content=delivery.body)
    assert answer.status_code == 200
    await world.pass_time(seconds=8)


async def only_ticket(world: World) -> dict[str, Any]:
    async with world.as_(LEAD, "intake") as lead:
        [row] = (await lead.get("/v1/tickets")).json()["items"]
        found: dict[str, Any] = (await lead.get(f"/v1/tickets/{row['ticket']}")).json()
    return found


@pytest.mark.parametrize("which", range(3))
async def test_a_picture_is_on_the_ticket_once(
    world: World, platform: Simulator, http: httpx2.AsyncClient, which: int
) -> None:
    await send(world, platform, http, which)
    await world.pass_time(minutes=5)
    ticket = await only_ticket(world)
    [attachment] = ticket["attachments"]
    assert (attachment["size"], attachment["media_type"]) == (len(PNG), "image/png")
    assert ticket["messages"] == []


async def test_the_text_does_not_wait_for_a_platform_that_is_away(
    world: World, platform: Simulator, http: httpx2.AsyncClient
) -> None:
    platform.says = [Response(status_code=503) for _ in range(3)]
    await send(world, platform, http, 0)
    assert (await only_ticket(world))["attachments"] == []
    for _ in range(6):
        await world.pass_time(seconds=60)
    assert len((await only_ticket(world))["attachments"]) == 1


async def test_a_file_that_never_comes_is_named_in_a_note(
    world: World, platform: Simulator, http: httpx2.AsyncClient
) -> None:
    platform.says = [Response(status_code=503) for _ in range(100)]
    await send(world, platform, http, 0)
    for _ in range(16):
        await world.pass_time(minutes=10)
    ticket = await only_ticket(world)
    [note] = ticket["messages"]
    assert (note["internal"], note["text"]) == (True, "文件未能获取 · File not fetched: image (the platform is away)")
    channels: ChannelHandlers = world.apps["intake"].state.service.channels
    assert [one.due_at for one in await channels.threads.where({})] == [None]
    assert await channels.files.where({}) == []


async def test_what_an_earlier_release_had_begun_to_fetch_is_fetched_once(
    world: World, platform: Simulator, http: httpx2.AsyncClient
) -> None:
    """It kept what was still to be fetched in the thread."""
    platform.says = [Response(status_code=503) for _ in range(3)]
    await send(world, platform, http, 0)
    channels: ChannelHandlers = world.apps["intake"].state.service.channels
    [one] = await channels.files.where({})
    await channels.files.remove([one.id])
    kept = PendingFile(key=one.id, ticket=one.ticket, file=one.file, since=one.since, due_at=world.now())

    def put(thread: ChannelThread) -> list[Event]:
        thread.files, thread.due_at = [kept], world.now()
        return []

    [thread] = await channels.threads.where({})
    await channels.threads.change(thread.id, put, INTAKE)
    platform.says.clear()
    for _ in range(3):
        await world.pass_time(minutes=2)
    assert len((await only_ticket(world))["attachments"]) == 1
    assert [(one.files, one.due_at) for one in await channels.threads.where({})] == [([], None)]


async def test_a_file_that_is_gone_is_named_in_a_note_once(
    world: World, platform: Simulator, http: httpx2.AsyncClient
) -> None:
    platform.files.clear()
    await send(world, platform, http, 0)
    await world.pass_time(minutes=10)
    [note] = (await only_ticket(world))["messages"]
    assert note["text"].startswith("文件未能获取 · File not fetched: image (40007")
