"""WeCom, with the vendor's own vectors."""

from datetime import UTC, datetime

import pytest

from services.intake.channels.adapter import BadSignature, Call
from services.intake.channels.wecom import WeCom
from shared.domain import Invalid, Refusal
from shared.testing import LEAD, NOON, World
from tests.intake.channels.kit import ChannelKit
from tests.intake.channels.platforms import Delivery, WeComPlatform, seconds

# From the sample code of https://developer.work.weixin.qq.com/document/path/90307
OFFICIAL = WeCom("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
SEALED = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3"
    "TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gs"
    "ijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
    "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIG"
    "HBZZIs2pDBS8R07+qN+E7Q=="
)
PLATFORM = WeComPlatform()


def call(delivery: Delivery, method: str = "POST") -> Call:
    return Call(method, delivery.query, delivery.headers, delivery.body, NOON)


class TestWeCom(ChannelKit):
    platform = PLATFORM

    async def test_the_address_check_is_answered_in_plain_text(self, world: World) -> None:
        sealed, query = PLATFORM.sealed(b"1616140317555161061", NOON, PLATFORM.adapter)
        async with world.as_(None, "intake") as platform:
            answer = await platform.get("/channels/kit", params={**query, "echostr": sealed})
        assert (answer.status_code, answer.content) == (200, b"1616140317555161061")

    async def test_what_is_picked_from_a_card_is_an_answer_once(self, world: World) -> None:
        await self.say(world, "1", "导出报表失败，程序报错")
        await world.pass_time(seconds=8)
        [ticket] = await self.tickets(world)
        assert {"error_text", "environment"} <= {one["field"] for one in ticket["questions"]}
        await self.say(world, "2", "新问题：无法打印")
        await world.pass_time(seconds=8)
        content = picked(ticket["ticket"], world.now(), error_text="1", environment="1")
        for _ in range(3):
            answer = await self.deliver(world, PLATFORM.signed(content, world.now()))
            assert answer.status_code == 200
            await world.pass_time(seconds=8)
        async with world.as_(LEAD, "intake") as lead:
            found = (await lead.get(f"/v1/tickets/{ticket['ticket']}")).json()
        assert (found["problem"]["error_text"], found["problem"]["environment"]) == ("没有任何报错提示", "Windows 11")
        assert not {"error_text", "environment"} & {one["field"] for one in found["questions"]}
        [message] = found["messages"]
        assert (message["by_staff"], message["channel"]) == (False, "wecom")
        assert len(await self.tickets(world)) == 2

    async def test_a_card_of_somebody_elses_ticket_says_nothing_there(self, world: World) -> None:
        await self.say(world, "1", "导出报表失败，程序报错")
        await world.pass_time(seconds=8)
        [ticket] = await self.tickets(world)
        content = picked(ticket["ticket"], world.now(), sender="li", environment="1")
        await self.deliver(world, PLATFORM.signed(content, world.now()))
        await world.pass_time(seconds=8)
        [first, other] = await self.tickets(world)
        assert (first["messages"], first["problem"]["environment"]) == ([], "")
        assert other["problem"]["description"] == "操作系统: Windows 11"


def picked(
    ticket: str, at: datetime, sender: str = "zhang", key: str = "zh", id: str = "0" * 32, **options: str
) -> bytes:
    items = "".join(
        f"<SelectedItem><QuestionKey>{field}</QuestionKey><OptionIds><OptionId>{option}</OptionId></OptionIds>"
        "</SelectedItem>"
        for field, option in options.items()
    )
    head = PLATFORM.xml(
        MsgType="event",
        Event="template_card_event",
        EventKey=key,
        TaskId=f"{ticket}@{id}",
        CardType="multiple_interaction",
        ResponseCode="r",
        FromUserName=sender,
        AgentID="7",
        CreateTime=seconds(at),
    )
    return head.replace(b"</xml>", f"<SelectedItems>{items}</SelectedItems></xml>".encode())


@pytest.mark.parametrize(
    "content",
    [
        picked("TK-2026-000001", NOON, environment="0"),
        picked("TK-2026-000001", NOON, environment="99"),
        picked("TK-2026-000001", NOON, environment="-1"),
        picked("TK-2026-000001", NOON, environment="１"),
        picked("TK-2026-000001", NOON, steps="1"),
        picked("TK-2026-000001", NOON),
        picked("TK-2026-000001", NOON, key="other", environment="1"),
        picked("TK-2026-000001", NOON, sender="", environment="1"),
        picked("TK-2026-000001", NOON, id="of another app", environment="1"),
        picked("$ne", NOON, environment="1"),
    ],
)
def test_a_card_that_says_nothing_is_no_message(content: bytes) -> None:
    assert list(PLATFORM.adapter.receive(call(PLATFORM.signed(content, NOON))).messages) == []


def test_the_vendors_address_check() -> None:
    signature = "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    query = {"msg_signature": signature, "timestamp": "1409659589", "nonce": "263014780", "echostr": ECHO}
    assert OFFICIAL.receive(Call("GET", query, {}, b"", NOON)).answer == b"1616140317555161061"


def test_the_vendors_message() -> None:
    signature = "477715d11cdb4164915debcba66cb864d751f3e6"
    query = {"msg_signature": signature, "timestamp": "1409659813", "nonce": "1372623149"}
    body = f"<xml><ToUserName><![CDATA[{OFFICIAL.receiver}]]></ToUserName><Encrypt><![CDATA[{SEALED}]]></Encrypt></xml>"
    [message] = OFFICIAL.receive(Call("POST", query, {}, body.encode(), NOON)).messages
    assert (message.sender.id, message.text, message.conversation) == ("mycreate", "hello", "218")
    assert message.id == "4561255354251345929"
    assert message.sent_at == datetime.fromtimestamp(1409659813, UTC)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"MsgType": "image", "PicUrl": "http://x", "MediaId": "m"}, "[图片]"),
        ({"MsgType": "voice", "MediaId": "m"}, "[语音]"),
        ({"MsgType": "location", "Label": "上海市"}, "[位置] 上海市"),
        ({"MsgType": "link", "Title": "发布说明", "Url": "https://x.example"}, "发布说明\nhttps://x.example"),
        ({"MsgType": "hologram"}, "[hologram]"),
        ({"MsgType": "text", "Content": "  <b>&amp;\u2028 "}, "<b>&amp;"),
    ],
)
def test_every_kind_of_message_is_taken(fields: dict[str, str], text: str) -> None:
    content = PLATFORM.xml(**fields, MsgId="1", FromUserName="zhang", CreateTime="yesterday")
    [message] = PLATFORM.adapter.receive(call(PLATFORM.signed(content, NOON))).messages
    assert (message.text, message.sent_at) == (text, NOON)


def test_what_nobody_wrote_is_no_message() -> None:
    for content in (
        *PLATFORM.notices(NOON),
        PLATFORM.xml(MsgType="text", Content="x", MsgId="1", FromUserName="sys"),
        PLATFORM.xml(MsgType="text", Content="x", MsgId="1"),
    ):
        assert list(PLATFORM.adapter.receive(call(PLATFORM.signed(content, NOON))).messages) == []


def test_what_is_for_another_company_is_refused() -> None:
    other = WeCom(PLATFORM.adapter.token, PLATFORM.adapter.aes_key, "ww-other")
    sealed, query = PLATFORM.sealed(PLATFORM.notices(NOON)[0], NOON, other)
    with pytest.raises(BadSignature):
        PLATFORM.adapter.receive(Call("POST", query, {}, f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode(), NOON))


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><xml><Encrypt>&a;</Encrypt></xml>'


@pytest.mark.parametrize("body", [BOMB, OUTSIDE, b"", b"<xml>", b"\xff" * 100])
def test_xml_that_is_meant_to_hurt_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        PLATFORM.adapter.receive(Call("POST", {}, {}, body, NOON))
    with pytest.raises(Refusal):
        PLATFORM.adapter.receive(call(PLATFORM.signed(body, NOON)))
