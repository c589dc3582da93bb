"""Dead letters: what a service could not handle, or the bus would not take, kept with its error in a stream of its own
where people list it and give it to the service again."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nats.js.errors import NotFoundError

from shared.bus.delivery import Delivery
from shared.bus.link import Link
from shared.bus.names import MESSAGE_ID, TARGET_SERVICE, TRACEPARENT
from shared.domain import Conflict, NotFound
from shared.events import CONTENT_TYPE
from shared.outbox import Refused
from shared.telemetry import DEAD_LETTERED

logger = logging.getLogger(__name__)
ERROR, SUBJECT, TRIES, SEQUENCE = "Bihuan-Error", "Bihuan-Subject", "Bihuan-Tries", "Bihuan-Sequence"
CUT = "Bihuan-Cut-From"  # its size, when only the beginning is kept
UNSENT = "Bihuan-Unsent"  # the id of an event that never came into the stream
SHOWN = 65_536  # characters


@dataclass(frozen=True)
class DeadLetter:
    """Its sequence among the dead letters and that in the stream of events (0: the bus never took it), for which
    service, its subject, why, after how many tries, when, how large it is (bytes), and what it says, cut to what can
    be shown. `event_id` is that of the event, empty where it had none."""

    sequence: int
    event_sequence: int
    service: str
    subject: str
    error: str
    tries: int
    dead_lettered_at: datetime
    size: int
    body: str
    event_id: str = ""


class DeadLetters:
    def __init__(self, link: Link) -> None:
        self._link = link
        self._names = link.names

    # ---- in

    async def add_delivery(self, delivery: Delivery, error: str, tries: int) -> None:
        id, parent = delivery.headers.get(MESSAGE_ID, ""), delivery.headers.get(TRACEPARENT, "")
        await self.add(delivery.subject, delivery.body, delivery.sequence, id, parent, error, tries)

    async def add(
        self, subject: str, body: bytes, sequence: int, id: str, traceparent: str, error: str, tries: int
    ) -> None:
        """Only afterwards may it be acknowledged. One that is too large with its error is cut."""
        headers = {
            MESSAGE_ID: f"{self._names.service}:{sequence}:{id}",
            SEQUENCE: str(sequence),
            TRIES: str(tries),
            TRACEPARENT: traceparent,
        }
        await self._keep(subject, body, error, headers)
        logger.error("dead letter: %s %d after %d tries: %s", subject, sequence, tries, error)

    async def add_unsent(self, subject: str, body: bytes, id: str, error: str) -> None:
        """One that the bus would not take: nobody has received it."""
        await self._keep(subject, body, error, {MESSAGE_ID: f"unsent:{self._names.service}:{id}", UNSENT: id})
        logger.error("dead letter: %s was refused by the bus: %s", subject, error)

    async def _keep(self, subject: str, body: bytes, error: str, headers: dict[str, str]) -> None:
        # As JSON, which is ASCII: the client does not read other headers.
        headers |= {SUBJECT: subject, ERROR: json.dumps(" ".join(error.split())[:800])}
        headers = {name: value for name, value in headers.items() if value}
        if len(body) > (room := self._link.room(headers) - 200):
            headers[CUT] = str(len(body))
            body = body[:room]
        await self._link.publish(self._names.dead_stream, self._names.dead, body, headers)
        DEAD_LETTERED.labels(self._names.service).inc()

    # ---- out

    async def list(self, after: int, limit: int, service: str) -> list[DeadLetter]:
        """Those of this service, oldest first, whose sequence is greater than `after`."""
        found: list[DeadLetter] = []
        while len(found) < limit:
            try:
                raw = await self._link.js.get_msg(
                    self._names.dead_stream, seq=after + 1, next=True, subject=self._names.dead_of(service)
                )
            except NotFoundError:
                break
            after = raw.seq or 0
            found.append(_read(raw))
        return found

    async def get(self, sequence: int) -> DeadLetter:
        """Raises NotFound."""
        return _read(await self._raw(sequence))

    async def _raw(self, sequence: int) -> Any:
        try:
            return await self._link.js.get_msg(self._names.dead_stream, seq=sequence)
        except NotFoundError as error:
            raise _no_letter(sequence) from error

    async def replay(self, sequence: int) -> DeadLetter:
        """Give it to its service once more, whichever that is, or to the bus when it never got there, and take it off
        the list. Raises NotFound, Conflict when only its beginning was kept or the bus still refuses it."""
        raw = await self._raw(sequence)
        known = raw.headers or {}
        if CUT in known:
            raise Conflict(
                "The event was too large to be kept whole, so it cannot be replayed",
                "内容过大，仅保留了开头部分，无法重放",
            )
        letter = _read(raw)
        headers = {"Content-Type": CONTENT_TYPE}
        if UNSENT in known:
            headers[MESSAGE_ID] = known[UNSENT]
        else:
            about = (
                f"{sequence}:{known.get(MESSAGE_ID, '')}"  # the stream may have been made again, and numbers with it
            )
            headers |= {MESSAGE_ID: f"replay:{letter.service}:{about}", TARGET_SERVICE: letter.service}
        try:
            await self._link.publish(self._names.stream, letter.subject, raw.data or b"", headers)
        except Refused as error:
            raise Conflict(f"The message bus rejected it: {error}", f"消息总线拒收：{error}") from error
        await self._link.js.delete_msg(self._names.dead_stream, sequence)
        return letter

    async def newest(self) -> int:
        """The sequence of the last one that there was."""
        return int((await self._link.api(f"STREAM.INFO.{self._names.dead_stream}"))["state"]["last_seq"])

    async def drop(self, sequence: int) -> None:
        """Take it off the list for good. Raises NotFound."""
        await self._raw(sequence)
        await self._link.js.delete_msg(self._names.dead_stream, sequence)


def _read(raw: Any) -> DeadLetter:
    headers: Mapping[str, str] = raw.headers or {}
    body: bytes = raw.data or b""
    return DeadLetter(
        sequence=raw.seq or 0,
        event_sequence=int(headers.get(SEQUENCE, "0")),
        service=str(raw.subject).rpartition(".")[2],
        subject=headers.get(SUBJECT, ""),
        error=_error(headers),
        tries=int(headers.get(TRIES, "0")),
        dead_lettered_at=raw.time,
        size=int(headers.get(CUT, len(body))),
        body=body[:SHOWN].decode(errors="replace"),
        event_id=headers.get(MESSAGE_ID, "").rpartition(":")[2],
    )


def _error(headers: Mapping[str, str]) -> str:
    text = str(headers.get(ERROR, ""))
    try:
        return str(json.loads(text))
    except ValueError:  # of a release that wrote it as it was
        return text


def _no_letter(sequence: int) -> NotFound:
    return NotFound(f"Dead letter {sequence} does not exist", f"死信 {sequence} 不存在")
