"""A messenger that nobody knows, as a stranger would add it: its adapter and where its files are, a platform that
sends, and the kit."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import quote

import httpx2
from fastapi import Response

from services.intake.channels.adapter import BadSignature, Call, Reception, unreadable
from services.intake.channels.domain import FileRef, Inbound, Sender
from services.intake.channels.media import Fetched, download, fetched
from services.intake.channels.payload import items, moment, parsed, text
from shared.terms import Channel
from tests.intake.channels.conformance import Notion
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
            text=text(note, "text") or "[parcel]",
            files=[FileRef(id=one) for one in items(note, "parcels") if isinstance(one, str)],
            sent_at=sent_at,
        )
        return Reception([message], b"coo")

    def signature(self, at: str, body: bytes) -> str:
        return hmac.new(self.secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class PigeonMedia:
    http: httpx2.AsyncClient
    url: str

    @asynccontextmanager
    async def open(self, file: FileRef) -> AsyncIterator[Fetched]:
        request = self.http.build_request("GET", f"{self.url}/parcels/{quote(file.id, '')}")
        response = await download(self.http, request)
        try:
            yield fetched(response, file)
        finally:
            await response.aclose()


@dataclass(frozen=True)
class PigeonPlatform:
    adapter: Pigeon = field(default_factory=lambda: Pigeon("s"))
    lacks: ClassVar[Mapping[Notion, str]] = {}

    @property
    def busy(self) -> Response:
        return Response(status_code=429)

    def media(self, http: httpx2.AsyncClient, url: str) -> PigeonMedia:
        return PigeonMedia(http, url)

    def message(
        self, id: str, text: str, at: datetime, sender: str = "zhang", chat: str = "c-1", files: Sequence[str] = ()
    ) -> bytes:
        note = {"id": id, "from": sender, "loft": chat, "text": text, "parcels": files, "at": int(milliseconds(at))}
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
