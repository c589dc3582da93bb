"""JSON from outside: what is not there, or of another kind than it should be, is empty."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.intake.channels.adapter import unreadable

LATEST_MILLISECOND = 7_258_118_400_000  # the year 2200


def parsed(body: bytes | str) -> dict[str, Any]:
    """Raises Invalid for what is no JSON object."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise unreadable("JSON") from None
    if not isinstance(found, dict):
        raise unreadable("JSON")
    return found


def part(of: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def items(of: Mapping[str, Any], name: str) -> list[Any]:
    found = of.get(name)
    return found if isinstance(found, list) else []


def text(of: Mapping[str, Any], name: str) -> str:
    found = of.get(name)
    return found if isinstance(found, str) else ""


def moment(milliseconds: object, otherwise: datetime) -> datetime:
    """Of a number, or a text of digits."""
    written = str(milliseconds)
    if written.isascii() and written.isdigit() and int(written[:16]) < LATEST_MILLISECOND and len(written) <= 16:
        return datetime.fromtimestamp(int(written) / 1000, UTC)
    return otherwise
