"""The hotline: what a telephone system tells of its calls, signed as Standard Webhooks
(https://github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md).

A body tells one state of one call:

    {"call_id": "…", "state": "ringing|answered|ended|missed", "direction": "inbound|outbound", "from": "…", "to": "…",
     "queue": "…", "agent": "…", "started_at": "…", "answered_at": "…", "ended_at": "…", "recording_url": "https://…"}

Each call is kept. A missed one is a request to be called back as well, unless the caller withheld their number; one
that was answered becomes a ticket by whoever took it.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from services.intake.calls.domain import CallUpdate
from services.intake.channels.adapter import BadSignature, Call, Reception, unreadable
from services.intake.channels.domain import Inbound, Sender, cleaned
from services.intake.channels.payload import moment, parsed, text
from shared.events import CallState
from shared.phones import e164
from shared.terms import Channel
from shared.texts import on_one_line

VALID_FOR = timedelta(minutes=5)
STATES = {"ringing": "started_at", "answered": "answered_at", "ended": "ended_at", "missed": "ended_at"}
ID_CHARACTERS = 190  # of a call, as its system names it
MISSED = "/missed"  # what the message of a missed call is called, after the call


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
        id, state = _line(text(told, "call_id"))[:ID_CHARACTERS], text(told, "state")
        if not id or state not in STATES:
            raise unreadable("call_id, state")
        outbound, at = text(told, "direction") == "outbound", _written(text(told, STATES[state])) or call.at
        number = e164(text(told, "to" if outbound else "from"), self.region)
        update = CallUpdate(
            call=id,
            state=CallState.of(state),
            number=number,
            dialled=_line(text(told, "queue") or text(told, "from" if outbound else "to")),
            agent=_line(text(told, "agent")),
            outbound=outbound,
            recording_url=_link(text(told, "recording_url")),
            began_at=_written(text(told, "started_at")) or at,
            at=at,
        )
        if state != "missed" or outbound or not number:
            return Reception(calls=[update])
        words = f"未接来电，请回电 {number} · Missed call, please call back {number}"
        missed = Inbound(
            id=f"{id}{MISSED}",
            conversation="missed",
            sender=Sender(id=number),
            text=f"{words}\n{update.dialled}" if update.dialled else words,
            sent_at=update.at,
        )
        return Reception([missed], calls=[update])

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


def _written(moment: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo and 1970 < found.year < 2200 else None


def _line(written: str) -> str:
    return cleaned(str(on_one_line(written)))[:200].strip()


def _link(written: str) -> str:
    """Shown to people, never fetched."""
    return written if written.startswith("https://") and len(written) <= 1_000 and written.isprintable() else ""
