"""A messenger that nobody knows, as a stranger would add it: its adapter, a platform that sends, and the kit."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from services.intake.channels.adapter import BadSignature, Call, Reception, unreadable
from services.intake.channels.domain import Inbound, Sender
from services.intake.channels.payload import moment, parsed, text
from shared.terms import Channel
from tests.intake.channels.kit import ChannelKit
from tests.intake.channels.platforms import Delivery, milliseconds


@dataclass(frozen=True)
class Pigeon:
    """JSON, signed with HMAC-SHA256 over time and body."""

    secret: str
    channel: ClassVar[Channel] = Channel.of("pigeon")
    max_bytes: ClassVar[int] = 32 * 1024

    def receive(self, call: Call) -> Reception:
        at = call.headers.get("x-pigeon-time", "")
        given = call.headers.get("x-pigeon-signature", "")
        if not hmac.compare_digest(self.signature(at, call.body).encode(), given.encode()):
            raise BadSignature("The signature is wrong", "签名错误")
        if abs(moment(at, datetime.min.replace(tzinfo=UTC)) - call.at) > timedelta(minutes=5):
            raise BadSignature("The signature has expired", "签名已过期")
        note = parsed(call.body)
        if text(note, "kind") == "arrived":
            return Reception()
        if not text(note, "id") or not text(note, "from"):
            raise unreadable("id, from")
        sender = Sender(id=text(note, "from"))
        sent_at = moment(note.get("at"), call.at)
        message = Inbound(
            id=text(note, "id"),
            conversation=text(note, "loft"),
            sender=sender,
            text=text(note, "text"),
            sent_at=sent_at,
        )
        return Reception([message], b"coo")

    def signature(self, at: str, body: bytes) -> str:
        return hmac.new(self.secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class PigeonPlatform:
    adapter: Pigeon = field(default_factory=lambda: Pigeon("s"))

    def message(self, id: str, text: str, at: datetime, sender: str = "zhang", chat: str = "c-1") -> bytes:
        note = {"id": id, "from": sender, "loft": chat, "text": text, "at": int(milliseconds(at))}
        return json.dumps(note).encode()

    def notices(self, at: datetime) -> list[bytes]:
        return [b'{"kind": "arrived"}']

    def signed(self, content: bytes, at: datetime) -> Delivery:
        return self._by(self.adapter, content, at)

    def forged(self, content: bytes, at: datetime) -> Delivery:
        return self._by(Pigeon("guessed"), content, at)

    def _by(self, who: Pigeon, content: bytes, at: datetime) -> Delivery:
        time = milliseconds(at)
        headers = {"x-pigeon-time": time, "x-pigeon-signature": who.signature(time, content)}
        return Delivery(content, headers=headers)


class TestPigeon(ChannelKit):
    platform = PigeonPlatform()
