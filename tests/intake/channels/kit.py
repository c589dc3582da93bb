"""What every channel has to pass: subclass `ChannelKit` with a platform that sends as the real one does.

class TestMyMessenger(ChannelKit):
    platform = MyMessengerPlatform()
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, ClassVar

import httpx2
import pytest

from services.intake.app import create_app
from services.intake.channels.accounts import Account
from services.intake.channels.handlers import ChannelHandlers
from shared.events import TicketMessagePosted, TicketOpened
from shared.mongo import TRANSIENT_ERRORS
from shared.testing import LEAD, Servers, World, running
from tests.intake.channels.platforms import Delivery, Platform

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


class ChannelKit:
    platform: ClassVar[Platform]

    @pytest.fixture
    async def world(self, servers: Servers) -> AsyncIterator[World]:
        async with running(servers, create_app) as world:
            self.connect(world, "intake")
            yield world

    def connect(self, world: World, app: str) -> None:
        channels: ChannelHandlers = world.apps[app].state.service.channels
        assert isinstance(channels.accounts, dict)
        channels.accounts["kit"] = Account("kit", "", self.platform.adapter)

    async def deliver(self, world: World, delivery: Delivery, app: str = "intake") -> httpx2.Response:
        async with world.as_(None, app, **delivery.headers) as platform:
            return await platform.post("/channels/kit", params=dict(delivery.query), content=delivery.body)

    async def say(self, world: World, id: str, text: str, **who: str) -> None:
        content = self.platform.message(id, text, world.now(), **who)
        answer = await self.deliver(world, self.platform.signed(content, world.now()))
        assert answer.status_code == 200, answer.text

    async def tickets(self, world: World) -> list[dict[str, Any]]:
        """Oldest first, with their messages."""
        async with world.as_(LEAD, "intake") as lead:
            rows = reversed((await lead.get("/v1/tickets")).json()["items"])
            return [(await lead.get(f"/v1/tickets/{row['ticket']}")).json() for row in rows]

    # ---- what it must do

    async def test_a_message_becomes_a_ticket_of_this_channel(self, world: World) -> None:
        await self.say(world, "1", "导出报表失败\n昨天还可以")
        assert await self.tickets(world) == []
        await world.pass_time(seconds=8)
        [ticket] = await self.tickets(world)
        assert (ticket["problem"]["title"], ticket["problem"]["description"]) == (
            "导出报表失败",
            "导出报表失败\n昨天还可以",
        )
        channel = self.platform.adapter.channel
        assert (ticket["channel"], ticket["taken_by"]) == (channel, f"channel:{channel}")
        [opened] = world.published(TicketOpened)
        assert (opened.channel, opened.contact.address) == (channel, f"{channel}:kit:zhang")
        assert opened.actor == f"channel:{channel}:kit:zhang"

    async def test_what_is_delivered_again_has_no_further_effect(self, world: World) -> None:
        content = self.platform.message("1", "无法登录", world.now())
        for wait in (0, 1, 8, 60, 3_000):
            answer = await self.deliver(world, self.platform.signed(content, world.now()))
            assert answer.status_code == 200
            await world.pass_time(seconds=wait)
        [ticket] = await self.tickets(world)
        assert ticket["messages"] == []
        assert world.published(TicketMessagePosted) == []

    async def test_two_replicas_take_one_message_once(self, world: World) -> None:
        await world.start(create_app, ".2")
        self.connect(world, "intake.2")
        delivery = self.platform.signed(self.platform.message("1", "无法登录", world.now()), world.now())
        answers = await asyncio.gather(*(self.deliver(world, delivery, app) for app in ("intake", "intake.2") * 5))
        assert {answer.status_code for answer in answers} == {200}
        await world.pass_time(seconds=8)
        await world.pass_time(seconds=60)
        [ticket] = await self.tickets(world)
        assert (ticket["problem"]["description"], ticket["messages"]) == ("无法登录", [])

    async def test_what_others_have_signed_is_refused(self, world: World) -> None:
        content = self.platform.message("1", "无法登录", world.now())
        for delivery in (self.platform.forged(content, world.now()), Delivery(content)):
            answer = await self.deliver(world, delivery)
            assert answer.status_code in (403, 422)
            assert answer.headers["content-type"] == "application/problem+json"
        await world.pass_time(minutes=2)
        assert await self.tickets(world) == []

    async def test_what_is_sent_once_more_a_day_later_changes_nothing(self, world: World) -> None:
        delivery = self.platform.signed(self.platform.message("1", "无法登录", world.now()), world.now())
        assert (await self.deliver(world, delivery)).status_code == 200
        await world.pass_time(days=1)
        assert (await self.deliver(world, delivery)).status_code in (200, 403)
        await world.pass_time(minutes=2)
        [ticket] = await self.tickets(world)
        assert ticket["messages"] == []

    async def test_what_nobody_wrote_opens_nothing(self, world: World) -> None:
        for content in self.platform.notices(world.now()):
            assert (await self.deliver(world, self.platform.signed(content, world.now()))).status_code == 200
        await world.pass_time(minutes=2)
        assert await self.tickets(world) == []

    async def test_what_is_too_large_is_refused_unread(self, world: World) -> None:
        body = b"x" * (self.platform.adapter.max_bytes + 1)
        answer = await self.deliver(world, Delivery(body))
        assert answer.status_code == 413

    @pytest.mark.parametrize("content", GARBAGE)
    async def test_what_cannot_be_read_is_refused_and_nothing_else_happens(self, world: World, content: bytes) -> None:
        answers = [await self.deliver(world, self.platform.signed(content, world.now()))]
        answers.append(await self.deliver(world, Delivery(content)))
        assert all(answer.status_code in (200, 403, 422) for answer in answers), [one.text for one in answers]
        await world.pass_time(minutes=2)
        assert await self.tickets(world) == []

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

    async def test_a_burst_becomes_one_ticket(self, world: World) -> None:
        for id, text in (("1", "无法登录"), ("2", "从今天早上开始"), ("3", "错误代码 500")):
            await self.say(world, id, text)
            await world.pass_time(seconds=5)
        await world.pass_time(seconds=4)
        [ticket] = await self.tickets(world)
        assert ticket["problem"]["description"] == "无法登录\n从今天早上开始\n错误代码 500"
        assert ticket["messages"] == []

    async def test_who_never_stops_is_heard_after_a_minute(self, world: World) -> None:
        for id in range(14):
            await self.say(world, str(id), f"第 {id} 条")
            await world.pass_time(seconds=5)
        [ticket] = await self.tickets(world)
        assert ticket["problem"]["title"] == "第 0 条"

    async def test_what_they_write_later_goes_to_their_ticket(self, world: World) -> None:
        await self.say(world, "1", "无法登录")
        await world.pass_time(seconds=8)
        await self.say(world, "2", "现在提示密码错误")
        await world.pass_time(seconds=8)
        [ticket] = await self.tickets(world)
        [message] = ticket["messages"]
        channel = self.platform.adapter.channel
        assert (message["text"], message["channel"], message["by_staff"]) == ("现在提示密码错误", channel, False)
        async with world.as_(LEAD, "intake") as lead:
            await lead.post(f"/v1/tickets/{ticket['ticket']}/messages", json={"text": "请重设密码"})
        await world.settle()
        assert [(one.by_staff, one.channel) for one in world.published(TicketMessagePosted)] == [
            (False, channel),
            (True, channel),
        ]

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
