"""Whether a request is the desk's webhook. Standard library alone; `secret` is `whsec_…`, `body` the raw bytes."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

TOLERANCE = 300  # seconds


def is_from_the_desk(secret: str, headers: Mapping[str, str], body: bytes, now: float | None = None) -> bool:
    """`headers` by their names in lower case. Leave out what has a `webhook-id` that was seen before."""
    id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not sent_at.isdecimal() or abs((now or time.time()) - int(sent_at)) > TOLERANCE:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mark = base64.b64encode(hmac.digest(key, f"{id}.{sent_at}.".encode() + body, hashlib.sha256)).decode()
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(one.encode(), f"v1,{mark}".encode()) for one in given)
