from datetime import timedelta
from typing import Any

import pytest

from services.intake.channels.adapter import BadSignature, Call
from shared.domain import Invalid
from shared.events import TicketMessagePosted, TicketOpened
from shared.sealed import Sealer
from shared.testing import NOON, SECRET, World
from tests.intake.channels.kit import ChannelKit
from tests.intake.channels.platforms import Delivery, DingTalkPlatform

PLATFORM = DingTalkPlatform()


def call(delivery: Delivery) -> Call:
    return Call("POST", delivery.query, delivery.headers, delivery.body, NOON)


class TestDingTalk(ChannelKit):
    platform = PLATFORM

    async def test_where_the_robot_answers_is_told_to_notify_alone(self, world: World) -> None:
        for id, text in (("1", "无法登录"), ("2", "还是不行")):
            address = f"https://oapi.dingtalk.com/robot/sendBySession?session={id}"
            known: dict[str, Any] = {"sessionWebhook": address, "sessionWebhookExpiredTime": 1790000000000}
            content = PLATFORM.json(world.now(), msgId=id, msgtype="text", text={"content": text}, **known)
            assert (await self.deliver(world, PLATFORM.signed(content, world.now()))).status_code == 200
            await world.pass_time(seconds=8)
        [opened], [posted] = world.published(TicketOpened), world.published(TicketMessagePosted)
        told = [Sealer(SECRET).open(one.reply_to) for one in (opened, posted)]
        assert told == [
            f"1790000000000 https://oapi.dingtalk.com/robot/sendBySession?session={id}" for id in ("1", "2")
        ]
        assert "sendBySession" not in opened.model_dump_json()


@pytest.mark.parametrize("until", ["1790000000000", None, 1.5])
def test_an_address_that_does_not_say_until_when_is_left_out(until: Any) -> None:
    known = {"sessionWebhook": "https://oapi.dingtalk.com/x", "sessionWebhookExpiredTime": until}
    content = PLATFORM.json(NOON, msgId="1", msgtype="text", text={"content": "x"}, **known)
    [message] = PLATFORM.adapter.receive(call(PLATFORM.signed(content, NOON))).messages
    assert message.reply_to == ""


RICH = {"richText": [{"text": "点这里"}, {"type": "picture", "downloadCode": "d"}, {"text": "就报错"}, 7]}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"msgtype": "richText", "content": RICH}, "点这里[图片]就报错"),
        ({"msgtype": "picture", "content": {"downloadCode": "d"}}, "[图片]"),
        ({"msgtype": "audio", "content": {"recognition": "打不开", "downloadCode": "d"}}, "打不开"),
        ({"msgtype": "audio", "content": {"downloadCode": "d"}}, "[语音]"),
        ({"msgtype": "file", "content": {"fileName": "错误.log", "downloadCode": "d"}}, "[文件] 错误.log"),
        ({"msgtype": "text", "text": "not an object"}, "[text]"),
        ({"msgtype": "hologram"}, "[hologram]"),
    ],
)
def test_every_kind_of_message_is_taken(fields: dict[str, Any], text: str) -> None:
    content = PLATFORM.json(NOON, msgId="1", **fields)
    [message] = PLATFORM.adapter.receive(call(PLATFORM.signed(content, NOON))).messages
    assert (message.text, message.sender.id, message.sender.name) == (text, "zhang", "zhang nick")
    assert (message.sent_at, message.conversation) == (NOON, "c-1")


def test_who_is_not_of_the_company_has_another_id() -> None:
    content = PLATFORM.json(NOON, sender="", msgId="1", msgtype="text", senderId="$:LWCP_v1:x")
    [message] = PLATFORM.adapter.receive(call(PLATFORM.signed(content, NOON))).messages
    assert message.sender.id == "$:LWCP_v1:x"


def test_a_signature_is_valid_for_an_hour() -> None:
    content = PLATFORM.message("1", "x", NOON)
    for old in (timedelta(minutes=59), -timedelta(minutes=59)):
        assert PLATFORM.adapter.receive(call(PLATFORM.signed(content, NOON - old))).messages
    for old in (timedelta(minutes=61), -timedelta(minutes=61)):
        with pytest.raises(BadSignature):
            PLATFORM.adapter.receive(call(PLATFORM.signed(content, NOON - old)))


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "9" * 400, "１７７２４２４０００００００"])
def test_a_time_that_is_none_is_refused(timestamp: str) -> None:
    headers = {"timestamp": timestamp, "sign": PLATFORM.adapter.signature(timestamp)}
    with pytest.raises(BadSignature):
        PLATFORM.adapter.receive(call(Delivery(PLATFORM.message("1", "x", NOON), headers=headers)))


def test_a_message_without_id_or_sender_is_refused() -> None:
    wrong: list[dict[str, Any]] = [{"sender": ""}, {"msgId": ""}, {"msgId": 7}]
    for fields in wrong:
        known: dict[str, Any] = {"msgId": "1", "msgtype": "text", **fields}
        content = PLATFORM.json(NOON, **known)
        with pytest.raises(Invalid):
            PLATFORM.adapter.receive(call(PLATFORM.signed(content, NOON)))
