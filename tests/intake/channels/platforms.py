"""Platforms that send as the real ones do, each for one account."""

import base64
import hashlib
import hmac
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Protocol
from xml.sax.saxutils import escape

import httpx2
from fastapi import Response
from fastapi.responses import JSONResponse

from services.intake.channels.adapter import Adapter
from services.intake.channels.aes import encrypt
from services.intake.channels.dingtalk import DingTalk
from services.intake.channels.feishu import Feishu
from services.intake.channels.hotline import Hotline
from services.intake.channels.media import MediaSource
from services.intake.channels.platforms import DingTalkMedia, FeishuMedia, WeComMedia
from services.intake.channels.wecom import WeCom
from tests.intake.channels.conformance import Notion

# From the reference implementation's tests: https://github.com/standard-webhooks/standard-webhooks
HOTLINE_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NUMBERS = {"zhang": "138 0013 8000", "li": "139 0013 9000"}
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


class Delivery(NamedTuple):
    """A request to the account's address."""

    body: bytes
    query: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}


class Platform(Protocol):
    @property
    def adapter(self) -> Adapter: ...

    @property
    def lacks(self) -> Mapping[Notion, str]:
        """What it has no notion of, and why."""

    @property
    def busy(self) -> Response:
        """What its server of files answers to who asks too often."""

    def media(self, http: httpx2.AsyncClient, url: str) -> MediaSource | None:
        """Its server of files, which is at `url`."""

    def message(
        self, id: str, text: str, at: datetime, sender: str = "zhang", chat: str = "c-1", files: Sequence[str] = ()
    ) -> bytes:
        """What it says about one message, not signed yet; of one with files, by their ids, in its own way."""

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

    lacks: ClassVar[Mapping[Notion, str]] = {}

    @property
    def busy(self) -> Response:
        return JSONResponse({"errcode": 45009, "errmsg": "api freq out of limit"})

    def media(self, http: httpx2.AsyncClient, url: str) -> MediaSource:
        return WeComMedia(http, url, "app", "right")

    def message(
        self, id: str, text: str, at: datetime, sender: str = "zhang", chat: str = "c-1", files: Sequence[str] = ()
    ) -> bytes:
        if files:
            known = {"MsgType": "image", "MsgId": id, "FromUserName": sender, "AgentID": chat}
            return self.xml(**known, MediaId=files[0], CreateTime=seconds(at))
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

    lacks: ClassVar[Mapping[Notion, str]] = {}

    @property
    def busy(self) -> Response:
        return JSONResponse({"code": "Forbidden.AccessDenied.QpsLimitForApi", "message": "too fast"}, 403)

    def media(self, http: httpx2.AsyncClient, url: str) -> MediaSource:
        return DingTalkMedia(http, url, "app", "right")

    def message(
        self, id: str, text: str, at: datetime, sender: str = "zhang", chat: str = "c-1", files: Sequence[str] = ()
    ) -> bytes:
        if files:
            sent: list[dict[str, str]] = [{"type": "picture", "downloadCode": one} for one in files]
            content = {"richText": [{"text": text}, *sent]}
            return self.json(
                msgId=id, msgtype="richText", robotCode="r-1", content=content, at=at, sender=sender, chat=chat
            )
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

    lacks: ClassVar[Mapping[Notion, str]] = {}

    @property
    def busy(self) -> Response:
        return JSONResponse({"code": 99991400, "msg": "request trigger frequency limit"}, 400)

    def media(self, http: httpx2.AsyncClient, url: str) -> MediaSource:
        return FeishuMedia(http, url, "app", "right")

    def message(
        self, id: str, text: str, at: datetime, sender: str = "zhang", chat: str = "c-1", files: Sequence[str] = ()
    ) -> bytes:
        if files:
            picture = {"image_key": files[0]}
            return self.event(at, picture, message_id=id, message_type="image", sender=sender, chat=chat)
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


@dataclass(frozen=True)
class HotlinePlatform:
    """A telephone system: what is said of a missed call is the queue that it was in."""

    adapter: Hotline = field(default_factory=lambda: Hotline(HOTLINE_SECRET))
    lacks: ClassVar[Mapping[Notion, str]] = {
        Notion.FILES: "a recording is a link, which people follow",
        Notion.FETCHED: "there are no files",
    }

    @property
    def busy(self) -> Response:
        return Response(status_code=429)

    def media(self, http: httpx2.AsyncClient, url: str) -> None:
        return None

    def message(
        self, id: str, text: str, at: datetime, sender: str = "zhang", chat: str = "c-1", files: Sequence[str] = ()
    ) -> bytes:
        known = {"from": NUMBERS[sender], "to": "400-820-8820", "queue": text, "ended_at": at.isoformat()}
        recording = {"recording_url": f"https://pbx.example/{files[0]}"} if files else {}
        return self.state("missed", id, **known, **recording)

    def state(self, state: str, id: str = "c-1", **more: Any) -> bytes:
        return json.dumps({"call_id": id, "state": state, **more}).encode()

    def notices(self, at: datetime) -> list[bytes]:
        known = {"from": NUMBERS["zhang"], "to": "400-820-8820"}
        withheld = self.state("missed", "c-2", **{"from": "anonymous"})
        return [*(self.state(one, **known) for one in ("ringing", "answered", "ended")), withheld]

    def signed(self, content: bytes, at: datetime) -> Delivery:
        return self._by(self.adapter, content, at)

    def forged(self, content: bytes, at: datetime) -> Delivery:
        return self._by(Hotline("whsec_Z3Vlc3NlZCBieSBzb21lYm9keSBlbHNl"), content, at)

    def _by(self, who: Hotline, content: bytes, at: datetime) -> Delivery:
        names = {"webhook-id": "msg_1", "webhook-timestamp": seconds(at)}
        return Delivery(content, headers={**names, "webhook-signature": who.signature("msg_1", seconds(at), content)})


def hmac_of(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
