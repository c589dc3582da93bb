"""DingTalk (钉钉): a robot.

Protocol: https://open.dingtalk.com/document/orgapp/receive-message. In HTTP mode the signature covers the time alone,
not the body: so the account's name, which is part of the address, has to be hard to guess, and the address https. In
Stream mode (stream.py) the same bodies come over a connection of ours.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from services.intake.channels.adapter import BadSignature, Call, Reception, unreadable
from services.intake.channels.domain import FileRef, Inbound, Sender
from services.intake.channels.payload import items, moment, parsed, part, text
from shared.terms import Channel

VALID_FOR = timedelta(hours=1)
LONGEST_ADDRESS = 900  # characters
KINDS = {"picture": "image", "audio": "voice", "video": "video"}
WITHOUT_TEXT = {"picture": "[图片]", "audio": "[语音]", "video": "[视频]", "file": "[文件]"}


@dataclass(frozen=True)
class DingTalk:
    """`secret` is the robot's AppSecret."""

    secret: str
    channel: ClassVar[Channel] = Channel.DINGTALK
    max_bytes: ClassVar[int] = 256 * 1024

    def receive(self, call: Call) -> Reception:
        self._verify(call)
        return Reception([self.read(call.body, call.at)], b"{}", "application/json")

    def read(self, written: bytes, now: datetime) -> Inbound:
        """A message, whoever sent it. Raises Invalid."""
        body = parsed(written)
        id, kind = text(body, "msgId"), text(body, "msgtype")
        sender = text(body, "senderStaffId") or text(body, "senderId")
        if not id or not sender:
            raise unreadable("msgId, senderId")
        return Inbound(
            id=id,
            conversation=text(body, "conversationId"),
            sender=Sender(id=sender, name=text(body, "senderNick")),
            text="".join(_words(body, kind)).strip() or WITHOUT_TEXT.get(kind, f"[{kind}]"),
            files=list(_files(body, kind)),
            sent_at=moment(body.get("createAt"), now),
            reply_to=_session(body),
        )

    def signature(self, timestamp: str) -> str:
        signed = hmac.new(self.secret.encode(), f"{timestamp}\n{self.secret}".encode(), hashlib.sha256)
        return base64.b64encode(signed.digest()).decode()

    def _verify(self, call: Call) -> None:
        timestamp = call.headers.get("timestamp", "")
        signed = hmac.compare_digest(self.signature(timestamp).encode(), call.headers.get("sign", "").encode())
        if not signed:
            raise BadSignature("The signature is wrong", "签名错误")
        if abs(moment(timestamp, datetime.min.replace(tzinfo=UTC)) - call.at) > VALID_FOR:
            raise BadSignature("The signature has expired", "签名已过期")


def _session(body: dict[str, Any]) -> str:
    """Where the robot answers in this conversation, and until when."""
    until, address = body.get("sessionWebhookExpiredTime"), text(body, "sessionWebhook")
    return f"{until} {address}" if address and isinstance(until, int) and len(address) <= LONGEST_ADDRESS else ""


def _words(body: dict[str, Any], kind: str) -> Iterator[str]:
    if kind == "text":
        yield text(part(body, "text"), "content")
    elif kind == "richText":
        for one in items(part(body, "content"), "richText"):
            if isinstance(one, dict):
                yield text(one, "text") or WITHOUT_TEXT.get(text(one, "type"), "")
    elif kind == "audio":
        yield text(part(body, "content"), "recognition")
    elif kind == "file":
        yield f"{WITHOUT_TEXT[kind]} {text(part(body, 'content'), 'fileName')}"


def _files(body: dict[str, Any], kind: str) -> Iterator[FileRef]:
    content, robot = part(body, "content"), text(body, "robotCode")
    parts = [content] if kind != "richText" else [one for one in items(content, "richText") if isinstance(one, dict)]
    for one in parts:
        if code := text(one, "downloadCode"):
            named = KINDS.get(text(one, "type") or kind, "file")
            yield FileRef(id=code, of=robot, kind=named, name=text(one, "fileName"))
