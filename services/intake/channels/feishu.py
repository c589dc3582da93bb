"""Feishu (飞书) and Lark: events of an app of one's own, encrypted.

Protocol: https://open.feishu.cn/document/server-docs/event-subscription-guide (addresses, encryption, signatures) and
/document/server-docs/im-v1/message/events/receive (messages). The vendor does not say how long a signature is valid; it
tries again for up to seven hours.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from services.intake.channels.adapter import BadSignature, Call, Reception, unreadable
from services.intake.channels.aes import AES_BLOCK, decrypt
from services.intake.channels.domain import FileRef, Inbound, Sender
from services.intake.channels.payload import items, moment, parsed, part, text
from shared.terms import Channel

VALID_FOR = timedelta(hours=8)
MENTION = re.compile(r"@_user_\d{1,4} ?")
KINDS = {"image": "image", "post": "image", "audio": "voice", "media": "video"}
WITHOUT_TEXT = {"image": "[图片]", "audio": "[语音]", "media": "[视频]", "file": "[文件]", "sticker": "[表情]"}


@dataclass(frozen=True)
class Feishu:
    """`encrypt_key` and `verification_token` as they stand with the app's events."""

    encrypt_key: str
    verification_token: str
    channel: ClassVar[Channel] = Channel.FEISHU
    max_bytes: ClassVar[int] = 512 * 1024

    def receive(self, call: Call) -> Reception:
        signature = call.headers.get("x-lark-signature")
        if signature is not None:
            self._verify(call, signature)
        event = parsed(self._decrypted(text(parsed(call.body), "encrypt")))
        token = text(event, "token") or text(part(event, "header"), "token")
        if not hmac.compare_digest(token.encode(), self.verification_token.encode()):
            raise BadSignature("The verification token is wrong", "校验 Token 错误")
        if text(event, "type") == "url_verification":
            challenge = json.dumps({"challenge": text(event, "challenge")})
            return Reception(answer=challenge.encode(), media_type="application/json")
        if signature is None:
            raise BadSignature("The signature is missing", "缺少签名")
        found = _message(event, call.at)
        return Reception([found] if found else [], b"{}", "application/json")

    def signature(self, timestamp: str, nonce: str, body: bytes) -> str:
        return hashlib.sha256(f"{timestamp}{nonce}{self.encrypt_key}".encode() + body).hexdigest()

    def _verify(self, call: Call, signature: str) -> None:
        timestamp, nonce = (call.headers.get(f"x-lark-request-{name}", "") for name in ("timestamp", "nonce"))
        if not hmac.compare_digest(self.signature(timestamp, nonce, call.body).encode(), signature.encode()):
            raise BadSignature("The signature is wrong", "签名错误")
        if abs(moment(f"{timestamp}000", datetime.min.replace(tzinfo=UTC)) - call.at) > VALID_FOR:
            raise BadSignature("The signature has expired", "签名已过期")

    def _decrypted(self, sealed: str) -> bytes:
        try:
            frame = base64.b64decode(sealed, validate=True)
        except ValueError:
            raise unreadable("encrypt") from None
        key = hashlib.sha256(self.encrypt_key.encode()).digest()
        return decrypt(key, frame[:AES_BLOCK], frame[AES_BLOCK:], AES_BLOCK)


def _message(event: dict[str, Any], now: datetime) -> Inbound | None:
    """None for what nobody wrote: other events, and the messages of apps."""
    about, message = part(event, "event"), part(part(event, "event"), "message")
    sender = part(about, "sender")
    if text(part(event, "header"), "event_type") != "im.message.receive_v1" or text(sender, "sender_type") != "user":
        return None
    id, who = text(message, "message_id"), text(part(sender, "sender_id"), "open_id")
    if not id or not who:
        raise unreadable("message_id, open_id")
    kind = text(message, "message_type")
    content = parsed(text(message, "content"))
    words = "".join(_words(content, kind))
    return Inbound(
        id=id,
        conversation=text(message, "chat_id"),
        sender=Sender(id=who),
        text=MENTION.sub("", words).strip() or WITHOUT_TEXT.get(kind, f"[{kind}]"),
        files=[one.model_copy(update={"of": id}) for one in _files(content, kind)],
        sent_at=moment(message.get("create_time"), now),
    )


def _words(content: dict[str, Any], kind: str) -> Iterator[str]:
    if kind == "text":
        yield text(content, "text")
    elif kind == "file":
        yield f"{WITHOUT_TEXT[kind]} {text(content, 'file_name')}"
    elif kind == "post":
        yield f"{text(content, 'title')}\n"
        for line in items(content, "content"):
            for one in line if isinstance(line, list) else []:
                if isinstance(one, dict):
                    yield text(one, "text") or (WITHOUT_TEXT["image"] if text(one, "tag") == "img" else "")
            yield "\n"


def _files(content: dict[str, Any], kind: str) -> Iterator[FileRef]:
    named = [one for line in items(content, "content") if isinstance(line, list) for one in line]
    for one in [content, *(element for element in named if isinstance(element, dict))]:
        if key := text(one, "image_key") if kind in ("image", "post") else text(one, "file_key"):
            yield FileRef(id=key, kind=KINDS.get(kind, "file"), name=text(one, "file_name"))
