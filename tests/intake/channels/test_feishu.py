"""Feishu, with the vendor's own vector."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from services.intake.channels.adapter import BadSignature, Call
from services.intake.channels.aes import decrypt
from shared.domain import Invalid
from shared.testing import NOON, World
from tests.intake.channels.kit import ChannelKit
from tests.intake.channels.platforms import Delivery, FeishuPlatform

PLATFORM = FeishuPlatform()
CHALLENGE = {"challenge": "c-1", "token": "verification-token", "type": "url_verification"}


def call(delivery: Delivery) -> Call:
    return Call("POST", delivery.query, delivery.headers, delivery.body, NOON)


class TestFeishu(ChannelKit):
    platform = PLATFORM

    async def test_the_address_check_is_answered_though_it_is_not_signed(self, world: World) -> None:
        answer = await self.deliver(world, Delivery(PLATFORM.sealed(PLATFORM.json(CHALLENGE))))
        assert (answer.status_code, answer.json()) == (200, {"challenge": "c-1"})


def test_the_vendors_encryption() -> None:
    """From the page on encryption of the vendor's documentation."""
    frame = base64.b64decode("P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=")
    key = hashlib.sha256(b"test key").digest()
    assert decrypt(key, frame[:16], frame[16:], 16) == b"hello world"


def test_only_an_address_check_may_come_unsigned() -> None:
    with pytest.raises(BadSignature):
        PLATFORM.adapter.receive(call(Delivery(PLATFORM.sealed(PLATFORM.message("1", "x", NOON)))))
    for token in ("", "other", 7):
        with pytest.raises(BadSignature):
            PLATFORM.adapter.receive(call(Delivery(PLATFORM.sealed(PLATFORM.json({**CHALLENGE, "token": token})))))


POST = {
    "title": "导出",
    "content": [[{"tag": "text", "text": "点 "}, {"tag": "a", "text": "这里"}], [{"tag": "img", "image_key": "k"}], 7],
}


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("text", {"text": "@_user_1 打不开"}, "打不开"),
        ("post", POST, "导出\n点 这里\n[图片]"),
        ("image", {"image_key": "k"}, "[图片]"),
        ("file", {"file_key": "k", "file_name": "错误.log"}, "[文件] 错误.log"),
        ("hologram", {}, "[hologram]"),
    ],
)
def test_every_kind_of_message_is_taken(kind: str, content: dict[str, Any], text: str) -> None:
    event = PLATFORM.event(NOON, content, message_id="om-1", message_type=kind)
    [message] = PLATFORM.adapter.receive(call(PLATFORM.signed(event, NOON))).messages
    assert (message.text, message.id, message.sender.id, message.sent_at) == (text, "om-1", "zhang", NOON)


def test_what_nobody_wrote_is_no_message() -> None:
    by_app = PLATFORM.event(NOON, {"text": "x"}, message_id="om-1", message_type="text", sender_type="app")
    for content in (*PLATFORM.notices(NOON), by_app):
        assert list(PLATFORM.adapter.receive(call(PLATFORM.signed(content, NOON))).messages) == []


def test_a_signature_is_valid_as_long_as_the_platform_tries() -> None:
    content = PLATFORM.message("1", "x", NOON)
    assert PLATFORM.adapter.receive(call(PLATFORM.signed(content, NOON - timedelta(hours=7, minutes=6)))).messages
    with pytest.raises(BadSignature):
        PLATFORM.adapter.receive(call(PLATFORM.signed(content, NOON - timedelta(days=1))))


def test_content_that_is_no_json_is_refused() -> None:
    event = json.loads(PLATFORM.message("om-1", "x", NOON))
    for content in ("", "[]", "{", 7):
        event["event"]["message"]["content"] = content
        with pytest.raises(Invalid):
            PLATFORM.adapter.receive(call(PLATFORM.signed(PLATFORM.json(event), NOON)))
