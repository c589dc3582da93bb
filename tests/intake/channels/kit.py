"""What every channel has to pass that platforms call: subclass `ChannelKit` with a platform that sends as the real one
does, or `HttpConformance` where what comes is not what a person wrote.

class TestMyMessenger(ChannelKit):
    platform = MyMessengerPlatform()
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_network
from typing import ClassVar

import httpx2
import pytest
from fastapi import Response

from services.intake.app import create_app
from services.intake.channels.accounts import Account
from services.intake.channels.handlers import ChannelHandlers
from shared import outbound
from shared.events import TicketMessagePosted, TicketOpened
from shared.mongo import TRANSIENT_ERRORS
from shared.testing import LEAD, Servers, World, running
from tests.intake.channels.conformance import USUAL, Conformance, Notion, Outcome, Said, Sending, outcome_of
from tests.intake.channels.platforms import Delivery, Platform
from tests.intake.channels.simulators import PNG, Simulator, simulator

LOOPBACK = [ip_network("127.0.0.0/8")]
MOST_WAITING = 4  # messages, in place of many
GARBAGE = [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"<xml>", b"<xml/>", b'{"msgId": 7}', b"[" * 5_000, b"\0" * 64]

HURTFUL = [
    "a\ud800b",
    "x\0y\x1b[31m",
    "<script>alert(1)</script>]]>&amp;",
    "\u202egnp.exe",
    "{{ 7 * 7 }} ${x} $ne",
    " \t ",
    "\n\n",
    "é" * 4_000,
]


class HttpConformance(Conformance):
    platform: ClassVar[Platform]
    file = "f-1"
    stores = (ChannelHandlers, "_store")

    def __init_subclass__(cls) -> None:
        if platform := getattr(cls, "platform", None):
            cls.channel, cls.lacks = platform.adapter.channel, platform.lacks

    @pytest.fixture
    async def world(self, servers: Servers) -> AsyncIterator[World]:
        async with running(servers, create_app) as world:
            await self.connect(world, "intake")
            yield world

    def accounts_of(self, world: World, app: str = "intake") -> dict[str, Account]:
        channels: ChannelHandlers = world.apps[app].state.service.channels
        assert isinstance(channels.accounts, dict)
        return channels.accounts

    async def connect(self, world: World, app: str) -> None:
        self.accounts_of(world, app)["kit"] = Account("kit", "", self.platform.adapter)

    @pytest.fixture
    async def fetched_from(self, world: World) -> AsyncIterator[Simulator]:
        async with simulator() as found, outbound.client(LOOPBACK) as http:
            found.files[self.file] = PNG
            accounts = self.accounts_of(world)
            accounts["kit"] = replace(accounts["kit"], media=self.platform.media(http, found.url))
            yield found

    async def deliver(self, world: World, delivery: Delivery, app: str = "intake") -> httpx2.Response:
        async with world.as_(None, app, **delivery.headers) as platform:
            return await platform.post("/channels/kit", params=dict(delivery.query), content=delivery.body)

    async def send(self, world: World, said: Said, way: Sending = USUAL) -> Outcome:
        content = self.platform.message(said.id, said.text, way.at or world.now(), said.sender, files=said.files)
        sign = self.platform.forged if way.forged else self.platform.signed
        return outcome_of((await self.deliver(world, sign(content, way.signed or world.now()), way.app)).status_code)

    async def send_too_large(self, world: World) -> Outcome:
        answer = await self.deliver(world, Delivery(b"x" * (self.platform.adapter.max_bytes + 1)))
        assert answer.status_code == 413
        return Outcome.REFUSED

    async def test_what_is_not_signed_is_refused(self, world: World) -> None:
        content = self.platform.message("1", "无法登录", world.now())
        for delivery in (self.platform.forged(content, world.now()), Delivery(content)):
            answer = await self.deliver(world, delivery)
            assert answer.status_code in (403, 422)
            assert answer.headers["content-type"] == "application/problem+json"
        await world.pass_time(minutes=2)
        assert await self.tickets(world) == []

    async def test_what_nobody_wrote_opens_nothing(self, world: World) -> None:
        for content in self.platform.notices(world.now()):
            assert (await self.deliver(world, self.platform.signed(content, world.now()))).status_code == 200
        await world.pass_time(minutes=2)
        assert await self.tickets(world) == []

    @pytest.mark.parametrize("content", GARBAGE)
    async def test_what_cannot_be_read_is_refused_and_nothing_else_happens(self, world: World, content: bytes) -> None:
        answers = [await self.deliver(world, self.platform.signed(content, world.now()))]
        answers.append(await self.deliver(world, Delivery(content)))
        assert all(answer.status_code in (200, 403, 422) for answer in answers), [one.text for one in answers]
        await world.pass_time(minutes=2)
        assert await self.tickets(world) == []

    async def test_who_sends_without_end_is_held_up_and_nobody_else(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("services.intake.channels.domain.MAX_WAITING", MOST_WAITING)
        for number in range(MOST_WAITING):
            assert await self.send(world, Said(str(number), f"第 {number} 条")) is Outcome.TAKEN
        beyond = Said("beyond", "最后一条")
        sent = asyncio.create_task(self.send(world, beyond))
        await self.take(world, Said("other", "Printing fails", sender="li"))
        if await sent is Outcome.LATER:
            assert await self.send(world, beyond) is Outcome.TAKEN
        await self.gather(world)
        [mine] = [one for one in await self.tickets(world) if "第 0 条" in one["problem"]["description"]]
        assert all(f"第 {number} 条" in mine["problem"]["description"] for number in range(MOST_WAITING))
        [message] = mine["messages"]
        assert "最后一条" in message["text"]

    async def test_files_of_a_platform_that_is_slow_busy_or_away_come_later_and_no_text_waits(
        self, world: World, fetched_from: Simulator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if Notion.FETCHED in self.lacks:
            assert self.lacks[Notion.FETCHED]
            assert self.platform.media(httpx2.AsyncClient(), fetched_from.url) is None
            return
        monkeypatch.setattr("services.intake.channels.fetching.ROUND_SECONDS", 0.2)
        never = asyncio.Event()
        fetched_from.says = [never, self.platform.busy, Response(status_code=503)]
        await self.take(world, Said("1", "", files=(self.file,)), Said("2", "Printing fails", sender="li"))
        assert len(await self.tickets(world)) == 2
        monkeypatch.setattr("services.intake.channels.fetching.ROUND_SECONDS", 60)
        never.set()
        attached = []
        for _ in range(8):
            await world.pass_time(minutes=2)
            attached = [file for one in await self.tickets(world) for file in one["attachments"]]
        assert [one["size"] for one in attached] == [len(PNG)]
        assert fetched_from.says == []
        assert all(one["messages"] == [] for one in await self.tickets(world))


class ChannelKit(HttpConformance):
    async def say(self, world: World, id: str, text: str, **who: str) -> None:
        content = self.platform.message(id, text, world.now(), **who)
        answer = await self.deliver(world, self.platform.signed(content, world.now()))
        assert answer.status_code == 200, answer.text

    async def test_who_wrote_is_known_by_the_platforms_name_and_the_first_line_is_the_title(self, world: World) -> None:
        await self.say(world, "1", "导出报表失败\n昨天还可以")
        assert await self.tickets(world) == []
        await world.pass_time(seconds=8)
        [ticket] = await self.tickets(world)
        assert (ticket["problem"]["title"], ticket["problem"]["description"]) == (
            "导出报表失败",
            "导出报表失败\n昨天还可以",
        )
        assert ticket["taken_by"] == f"channel:{self.channel}"
        [opened] = world.published(TicketOpened)
        assert opened.contact.address == f"{self.channel}:kit:zhang"
        assert opened.actor == f"channel:{self.channel}:kit:zhang"

    async def test_what_is_meant_to_hurt_is_a_text_like_any_other(self, world: World) -> None:
        """Or it is refused; and nothing that it left fails later."""
        taken = 0
        for number, text in enumerate(HURTFUL):
            content = self.platform.message(str(number), text, world.now(), sender=f"s{number}")
            answer = await self.deliver(world, self.platform.signed(content, world.now()))
            assert answer.status_code in (200, 422), answer.text
            taken += answer.status_code == 200
        await world.pass_time(seconds=8)
        tickets = await self.tickets(world)
        assert len(tickets) == taken >= 5
        assert all("\0" not in one["problem"]["description"] for one in tickets)
        assert all(one["problem"]["title"].strip() for one in tickets)

    async def test_who_never_stops_is_heard_after_a_minute(self, world: World) -> None:
        for id in range(14):
            await self.say(world, str(id), f"第 {id} 条")
            await world.pass_time(seconds=5)
        [ticket] = await self.tickets(world)
        assert ticket["problem"]["title"] == "第 0 条"

    async def test_what_staff_answers_says_by_which_channel_the_customer_wrote(self, world: World) -> None:
        await self.say(world, "1", "无法登录")
        await world.pass_time(seconds=8)
        [ticket] = await self.tickets(world)
        async with world.as_(LEAD, "intake") as lead:
            await lead.post(f"/v1/tickets/{ticket['ticket']}/messages", json={"text": "请重设密码"})
        await world.settle()
        assert [(one.by_staff, one.channel) for one in world.published(TicketMessagePosted)] == [(True, self.channel)]

    async def test_another_person_and_another_problem_get_their_own_ticket(self, world: World) -> None:
        await self.say(world, "1", "无法登录")
        await self.say(world, "2", "Printing fails", sender="li")
        await world.pass_time(seconds=8)
        await self.say(world, "3", "新问题：报表为空")
        await world.pass_time(seconds=8)
        await self.say(world, "4", "只有六月的")
        await world.pass_time(seconds=8)
        found = await self.tickets(world)
        assert sorted(one["problem"]["description"] for one in found) == ["Printing fails", "报表为空", "无法登录"]
        [with_message] = [one for one in found if one["messages"]]
        assert (with_message["problem"]["description"], with_message["messages"][0]["text"]) == (
            "报表为空",
            "只有六月的",
        )

    @pytest.mark.parametrize("ended", [False, True])
    async def test_what_a_killed_process_had_begun_is_ended_once(
        self, world: World, monkeypatch: pytest.MonkeyPatch, ended: bool
    ) -> None:
        """After the ticket was written, but not that it was; a message that came meanwhile is not lost."""
        channels: ChannelHandlers = world.apps["intake"].state.service.channels
        await self.say(world, "1", "无法登录")
        world.time = world.time.replace(minute=world.time.minute + 1)

        async def killed(*_: object) -> str:
            if ended:
                await put(*_)
            raise TRANSIENT_ERRORS[0]("killed")

        put = type(channels)._put.__get__(channels)
        with monkeypatch.context() as broken:
            broken.setattr(type(channels), "_put", lambda self, *args: killed(*args))
            [thread] = await channels.threads.where({})
            with pytest.raises(TRANSIENT_ERRORS[0]):
                await channels.deliver([thread.id])
        await self.say(world, "2", "密码错误")
        await world.pass_time(seconds=31)
        await world.pass_time(seconds=31)
        [ticket] = await self.tickets(world)
        assert ticket["problem"]["description"] == "无法登录"
        assert [one["text"] for one in ticket["messages"]] == ["密码错误"]
