"""What streams, consumers, subjects and headers are called, how long we wait for what, and what may go wrong."""

from dataclasses import dataclass
from hashlib import sha256

import nats.errors

from shared.events import Event

TRACEPARENT = "traceparent"
MESSAGE_ID = "Nats-Msg-Id"
ALL_SERVICES = "*"  # whose dead letters are listed
TARGET_SERVICE = "Bihuan-Only"  # a replayed dead letter is for this service alone
CONNECTION_ERRORS: tuple[type[Exception], ...] = (nats.errors.Error,)  # what the client raises while the server is away

DEDUPE_WINDOW = 600.0  # seconds in which the stream drops a second event with the same id
RETENTION = 90 * 86400.0  # seconds that the streams remember
PUBLISH_WITHIN = 3.0  # seconds


class OffsetExpired(Exception):
    """The sequence that was asked for is no longer in the stream."""


@dataclass(frozen=True)
class Limits:
    """How much at once, and how long. All times in seconds.

    `waits` are those before each retry of an event that fails; then it is a dead letter. The first `quick` of them are
    waited for in memory. `transient_waits` are those while a server is away, the last one again and again. An event is
    offered to somebody else when nobody said for `ack_wait` that it is still being worked on.
    """

    at_once: int = 16
    waits: tuple[float, ...] = (0.2, 1.0, 5.0, 30.0, 60.0, 300.0)
    quick: int = 2
    transient_waits: tuple[float, ...] = (0.2, 0.5, 1.0, 2.0, 5.0)
    handle_within: float = 20.0
    ack_wait: float = 5.0
    start_within: float = 5.0  # a bus that is not there by then is connected to later
    gather: float = 0.1  # from the first event of many that are handled at once until they are
    poll_every: float = 15.0  # for what other replicas left in the store
    unknown_wait: float = 300.0  # between two checks of events whose type is not known here
    unknown_for: float = 86_400.0  # then they are dead letters
    idle_timeout: float = 15.0  # after which followers are told that there is nothing new
    replicas: int = 1  # of the streams
    max_bytes: int = 2 * 1024**3  # of the stream of events

    @property
    def window(self) -> int:
        """Events that one replica holds or has asked for: what it handles at once, and as many that it begins next."""
        return 2 * self.at_once + 4


@dataclass(frozen=True)
class Names:
    prefix: str
    service: str

    @property
    def stream(self) -> str:
        return self.prefix.upper()

    @property
    def dead_stream(self) -> str:
        return f"{self.stream}_DEAD"

    @property
    def inbox(self) -> str:
        """Below which all that is answered to this service arrives, and nobody else listens."""
        return f"_INBOX.{self.prefix}.{self.service}"

    @property
    def events(self) -> str:
        return f"{self.prefix}.>"

    @property
    def dead(self) -> str:
        return self.dead_of(self.service)

    def dead_of(self, service: str) -> str:
        return f"{self.prefix}-dead.{service}"

    def subject(self, event: type[Event]) -> str:
        return self.of(event.kind, event.schema_version)

    def of(self, kind: str, version: int) -> str:
        return f"{self.prefix}.{kind}.v{version}"

    def question(self, question: str) -> str:
        return f"{self.prefix}-ask.{question}"

    def question_to_all(self, question: str) -> str:
        """Every replica receives it."""
        return f"{self.prefix}-ask-all.{question}"

    def notice(self, notice: str) -> str:
        """Every replica that listens just now receives it, and nothing keeps it."""
        return f"{self.prefix}-now.{notice}"


def digest(body: bytes) -> str:
    """What may be said of content that must not be shown."""
    return f"{len(body)} bytes, sha256 {sha256(body).hexdigest()[:16]}"
