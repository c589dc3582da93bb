"""Platforms that send as the real ones do, each for one account."""

import base64
import hashlib
import hmac
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from xml.sax.saxutils import escape

from services.intake.channels.adapter import Adapter
from services.intake.channels.aes import encrypt
from services.intake.channels.dingtalk import DingTalk
from services.intake.channels.feishu import Feishu
from services.intake.channels.wecom import WeCom

AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


class Delivery(NamedTuple):
    """A request to the account's address."""

    body: bytes
    query: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}


class Platform(Protocol):
    @property
    def adapter(self) -> Adapter: ...

    def message(self, id: str, text: str, at: datetime, sender: str = "zhang", chat: str = "c-1") -> bytes:
        """What it says about one message, not signed yet."""

    def notices(self, at: datetime) -> list[bytes]:
        """What it says about things that nobody wrote."""

    def signed(self, content: bytes, at: datetime) -> Delivery: ...

    def forged(self, content: bytes, at: datetime) -> Delivery:
        """Signed by somebody who does not have the secret."""


def seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def milliseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))


@dataclass(frozen=True)
class WeComPlatform:
    adapter: WeCom = field(default_factory=lambda: WeCom("tok-en", AES_KEY, "ww-corp"))

    def message(self, id: str, text: str, at: datetime, sender: str = "zhang", chat: str = "c-1") -> bytes:
        return self.xml(
            MsgType="text", Content=text, MsgId=id, FromUserName=sender, AgentID=chat, CreateTime=seconds(at)
        )

    def notices(self, at: datetime) -> list[bytes]:
        known = {"MsgType": "event", "FromUserName": "zhang", "AgentID": "1", "CreateTime": seconds(at)}
        return [self.xml(**known, Event="enter_agent"), self.xml(**known, Event="subscribe")]

    def xml(self, **fields: str) -> bytes:
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
        return f"<xml><ToUserName>{self.adapter.receiver}</ToUserName>{inner}</xml>".encode("utf-8", "surrogatepass")

    def signed(self, content: bytes, at: datetime) -> Delivery:
        sealed, query = self.sealed(content, at, self.adapter)
        return Delivery(f"<xml><AgentID>1</AgentID><Encrypt>{sealed}</Encrypt></xml>".encode(), query)

    def forged(self, content: bytes, at: datetime) -> Delivery:
        sealed, query = self.sealed(content, at, WeCom("guessed", self.adapter.aes_key, self.adapter.receiver))
        return Delivery(f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode(), query)

    def sealed(self, content: bytes, at: datetime, by: WeCom) -> tuple[str, dict[str, str]]:
        key = base64.b64decode(f"{by.aes_key}=")
        frame = b"0123456789abcdef" + struct.pack(">I", len(content)) + content + by.receiver.encode()
        sealed = base64.b64encode(encrypt(key, key[:16], frame, 32)).decode()
        signature = by.signature(seconds(at), "n-1", sealed)
        return sealed, {"msg_signature": signature, "timestamp": seconds(at), "nonce": "n-1"}


@dataclass(frozen=True)
class DingTalkPlatform:
    adapter: DingTalk = field(default_factory=lambda: DingTalk("app-secret"))

    def message(self, id: str, text: str, at: datetime, sender: str = "zhang", chat: str = "c-1") -> bytes:
        return self.json(msgId=id, msgtype="text", text={"content": text}, at=at, sender=sender, chat=chat)

    def notices(self, at: datetime) -> list[bytes]:
        return []  # a robot is told of messages alone

    def json(self, at: datetime, sender: str = "zhang", chat: str = "c-1", **fields: Any) -> bytes:
        known = {
            "senderStaffId": sender,
            "senderNick": f"{sender} nick",
            "conversationId": chat,
            "conversationType": "1",
        }
        return json.dumps({**known, "createAt": int(milliseconds(at)), **fields}).encode()

    def signed(self, content: bytes, at: datetime) -> Delivery:
        return Delivery(content, headers=self._headers(at, self.adapter))

    def forged(self, content: bytes, at: datetime) -> Delivery:
        return Delivery(content, headers=self._headers(at, DingTalk("guessed")))

    def _headers(self, at: datetime, by: DingTalk) -> dict[str, str]:
        return {"timestamp": milliseconds(at), "sign": by.signature(milliseconds(at))}


@dataclass(frozen=True)
class FeishuPlatform:
    adapter: Feishu = field(default_factory=lambda: Feishu("encrypt-key", "verification-token"))

    def message(self, id: str, text: str, at: datetime, sender: str = "zhang", chat: str = "c-1") -> bytes:
        return self.event(at, {"text": text}, message_id=id, message_type="text", sender=sender, chat=chat)

    def notices(self, at: datetime) -> list[bytes]:
        header = {"event_type": "im.chat.updated_v1", "token": "verification-token"}
        return [self.json({"header": header, "event": {}}), self.json({"header": header})]

    def event(
        self,
        at: datetime,
        content: Mapping[str, Any],
        sender: str = "zhang",
        chat: str = "c-1",
        sender_type: str = "user",
        **message: Any,
    ) -> bytes:
        written = {"content": json.dumps(content), "chat_id": chat, "create_time": milliseconds(at), **message}
        who = {"sender_id": {"open_id": sender}, "sender_type": sender_type}
        header = {"event_id": f"e-{message}", "event_type": "im.message.receive_v1", "token": "verification-token"}
        return self.json({"schema": "2.0", "header": header, "event": {"sender": who, "message": written}})

    def json(self, content: Mapping[str, Any]) -> bytes:
        return json.dumps(content).encode()

    def signed(self, content: bytes, at: datetime) -> Delivery:
        return self._delivery(content, at, self.adapter)

    def forged(self, content: bytes, at: datetime) -> Delivery:
        return self._delivery(content, at, Feishu("guessed", "verification-token"))

    def sealed(self, content: bytes) -> bytes:
        key = hashlib.sha256(self.adapter.encrypt_key.encode()).digest()
        frame = b"0123456789abcdef" + encrypt(key, b"0123456789abcdef", content, 16)
        return self.json({"encrypt": base64.b64encode(frame).decode()})

    def _delivery(self, content: bytes, at: datetime, by: Feishu) -> Delivery:
        body = self.sealed(content)
        headers = {"x-lark-request-timestamp": seconds(at), "x-lark-request-nonce": "n-1"}
        return Delivery(body, headers={**headers, "x-lark-signature": by.signature(seconds(at), "n-1", body)})


def hmac_of(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
