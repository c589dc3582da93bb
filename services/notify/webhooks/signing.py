"""Signatures as Standard Webhooks have them (https://github.com/standard-webhooks/standard-webhooks, spec)."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
KEY_BYTES = 32


def secret_of(key: bytes) -> str:
    """As people write it."""
    return PREFIX + base64.b64encode(key).decode()


def signed(secrets: Sequence[str], id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers; a signature for each secret, so that receivers may have either while it is rotated."""
    seconds = int(at.timestamp())
    content = f"{id}.{seconds}.".encode() + body
    keys = [base64.b64decode(one.removeprefix(PREFIX)) for one in secrets]
    marks = [base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys]
    return {
        "webhook-id": id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }
