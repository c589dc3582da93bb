"""One request to a receiver, and what it answered."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2

from services.notify.webhooks.payloads import HEADERS
from shared.outbound import AddressNotAllowed

WITHIN = 15.0  # seconds, for the whole of it
GONE = 410
FOR_NOW = {408, 425, 429}  # of the 4xx, those that say nothing against the event


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where none came; `error` is empty if it was taken. Nothing of its body: it is nobody's business."""

    status: int
    error: str
    seconds: float
    wait: timedelta = timedelta()

    @property
    def taken(self) -> bool:
        return not self.error

    @property
    def refused(self) -> bool:
        return 400 <= self.status < 500 and self.status not in FOR_NOW


async def post(http: httpx2.AsyncClient, url: str, body: bytes, headers: dict[str, str]) -> Answer:
    began = time.monotonic()
    status, error, wait = 0, "", timedelta()
    try:
        async with (
            asyncio.timeout(WITHIN),
            http.stream("POST", url, content=body, headers=HEADERS | headers) as response,
        ):
            status = response.status_code
            if not response.is_success:
                error = f"HTTP {status}"
                wait = asked_wait(response.headers.get("retry-after", ""), datetime.now(UTC))
    except TimeoutError:
        error = "timeout"
    except AddressNotAllowed:
        error = "address not allowed"
    except (httpx2.HTTPError, httpx2.InvalidURL) as failure:  # its words may hold the address, and that a token
        error = type(failure).__name__
    return Answer(status, error, time.monotonic() - began, wait)


def asked_wait(retry_after: str, now: datetime) -> timedelta:
    """Of a `Retry-After` (RFC 9110, 10.2.3): seconds or a date; nothing where it is neither."""
    if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 9:
        return timedelta(seconds=int(retry_after))
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return timedelta()
    return max(at.replace(tzinfo=at.tzinfo or UTC) - now, timedelta())
