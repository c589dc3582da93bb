"""The contract of a channel, which is all that intake knows of a platform.

An adapter speaks the protocol of one platform for one account. It reads what the platform sends, without any I/O, and
says what to answer; intake stores the messages first and answers then, so that a platform whose answer is lost sends
again and nothing is lost, and nothing is taken twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from services.intake.calls.domain import CallUpdate
from services.intake.channels.domain import Inbound
from shared.domain import Forbidden, Invalid
from shared.terms import Channel, Text


class BadSignature(Forbidden):
    """It was not sent by the platform, or long ago."""

    title = Text("Signature verification failed", "签名校验失败")


class Call(NamedTuple):
    """A request of the platform: the names of `headers` are in lower case; `at` is when it came."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    at: datetime


@dataclass(frozen=True)
class Reception:
    """What was sent, which may be nothing that people wrote, the answer that the platform expects, and what a telephone
    system tells of its calls."""

    messages: Sequence[Inbound] = ()
    answer: bytes = b""
    media_type: str = "text/plain"
    calls: Sequence[CallUpdate] = ()


class Adapter(Protocol):
    """`max_bytes` is the longest body that its platform sends."""

    @property
    def channel(self) -> Channel: ...

    @property
    def max_bytes(self) -> int: ...

    def receive(self, call: Call) -> Reception:
        """Verify, then read. Raises BadSignature; Invalid for what is signed but cannot be read."""


def unreadable(what: str) -> Invalid:
    return Invalid(f"The request is not readable: {what}", f"无法解析该请求：{what}", "body")
