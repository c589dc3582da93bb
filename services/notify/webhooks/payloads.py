"""What is sent of an event: a CloudEvent in structured JSON, of which receivers see what customers see."""

import json
from datetime import datetime
from typing import Any

from services.notify.stream.visibility import public_envelope
from services.notify.webhooks.domain import Payload
from shared.events import CONTENT_TYPE, NAMESPACE, Event

MOST_BYTES = 64 * 1024  # of a full one; what is larger is sent thin
HEADERS = {"content-type": CONTENT_TYPE, "user-agent": "Bihuan-Webhooks/1"}


def body_of(event: Event, payload: Payload, url: str) -> bytes:
    """`url` is the desk's. A thin one says what happened to which ticket, and where that is to be read (`dataref`, see
    cloudevents/extensions/dataref.md)."""
    envelope = public_envelope(event)
    if payload is Payload.FULL and len(full := _written(envelope)) <= MOST_BYTES:
        return full
    for name in ("data", "dataschema", "datacontenttype"):
        envelope.pop(name, None)
    return _written({**envelope, "dataref": f"{url}/v1/tickets/{event.subject}"})


def test_body(webhook: str, id: str, now: datetime) -> bytes:
    """Of an event that never happened."""
    return _written(
        {
            "specversion": "1.0",
            "id": id,
            "source": f"/{NAMESPACE}/notify",
            "type": f"{NAMESPACE}.webhook.test.v1",
            "subject": webhook,
            "time": now.isoformat(),
            "datacontenttype": "application/json",
            "data": {},
        }
    )


def _written(envelope: dict[str, Any]) -> bytes:
    return json.dumps(envelope, ensure_ascii=False).encode()
