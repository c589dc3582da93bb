"""The hotline: what a telephone system tells of its calls, signed as Standard Webhooks
(https://github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md).

A body tells one state of one call:

    {"call_id": "…", "state": "ringing|answered|ended|missed", "from": "…", "to": "…", "queue": "…", "ended_at": "…"}

A missed call is a request to be called back, unless the caller withheld their number. A call that was answered becomes
a ticket by whoever took it.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import phonenumbers

from services.intake.channels.adapter import BadSignature, Call, Reception, unreadable
from services.intake.channels.domain import Inbound, Sender
from services.intake.channels.payload import moment, parsed, text
from shared.terms import Channel

VALID_FOR = timedelta(minutes=5)
STATES = ("ringing", "answered", "ended", "missed")


@dataclass(frozen=True)
class Hotline:
    """`secret` is the key in base64, with `whsec_` before it or not; `region` is that of numbers without a code."""

    secret: str
    region: str = "CN"
    channel: ClassVar[Channel] = Channel.HOTLINE
    max_bytes: ClassVar[int] = 32 * 1024

    def receive(self, call: Call) -> Reception:
        self._verify(call)
        told = parsed(call.body)
        id, state = text(told, "call_id"), text(told, "state")
        if not id or state not in STATES:
            raise unreadable("call_id, state")
        number = e164(text(told, "from"), self.region)
        if state != "missed" or not number:
            return Reception()
        dialled = text(told, "queue") or text(told, "to")
        words = f"未接来电，请回电 {number} · Missed call, please call back {number}"
        missed = Inbound(
            id=f"{id}/missed",
            conversation="missed",
            sender=Sender(id=number),
            text=f"{words}\n{dialled}" if dialled else words,
            sent_at=_written(text(told, "ended_at")) or call.at,
        )
        return Reception([missed])

    def signature(self, id: str, timestamp: str, body: bytes) -> str:
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
        return f"v1,{base64.b64encode(signed.digest()).decode()}"

    def _verify(self, call: Call) -> None:
        id, timestamp, given = (call.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
        expected = self.signature(id, timestamp, call.body).encode()
        if not any(hmac.compare_digest(expected, one.encode()) for one in given.split(" ")[:10]):
            raise BadSignature("The signature is wrong", "签名错误")
        if abs(moment(f"{timestamp}000", datetime.min.replace(tzinfo=UTC)) - call.at) > VALID_FOR:
            raise BadSignature("The signature has expired", "签名已过期")


def e164(written: str, region: str) -> str:
    """`+8613800138000`; empty for what is no number that can be called back."""
    try:
        number = phonenumbers.parse(written[:40], region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _written(moment: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo and 1970 < found.year < 2200 else None
