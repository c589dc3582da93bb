"""Documents as this process has just written them, so that the change that follows soon need not read them again.

Whoever decides upon one compares its version when they write, as always: one that somebody else has changed meanwhile
is read after all. Where that is often so, because other replicas change the same documents, nothing is taken from here
until it would have been right again.
"""

import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple

from shared.mongo import packed, unpacked

KEPT_FOR = 30.0  # seconds
ROOM = 4_000_000  # bytes of all of them
LARGEST = 100_000  # bytes of one
WORTH_IT = 0.75  # of those that were used, so many must have been current
WEIGHT = 0.1  # of the latest


class _Kept(NamedTuple):
    at: float
    version: int
    packed: bytes


class Recent:
    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._bytes = 0
        self._current = 1.0  # share of those that were current when they were looked for

    def put(self, id: str, doc: Mapping[str, Any]) -> None:
        self.drop(id)
        content = packed(doc)
        if len(content) > LARGEST:
            return
        self._kept[id] = _Kept(time.monotonic(), doc["version"], content)
        self._bytes += len(content)
        while self._bytes > ROOM:
            self.drop(next(iter(self._kept)))

    def put_read(self, id: str, doc: Mapping[str, Any]) -> None:
        """As it was read: it may be older than what was written here."""
        kept = self._kept.get(id)
        if kept is None or kept.version <= doc["version"]:
            self.put(id, doc)

    def get(self, id: str) -> dict[str, Any] | None:
        """A copy of the document; None when it has to be read."""
        kept = self._kept.get(id)
        if kept is None or self._current < WORTH_IT or time.monotonic() - kept.at > KEPT_FOR:
            return None
        return unpacked(kept.packed)

    def saw(self, id: str, version: int) -> None:
        """The document has this version now: was what is kept of it current?"""
        if kept := self._kept.get(id):
            self._current += WEIGHT * ((kept.version == version) - self._current)

    def drop(self, id: str) -> None:
        if gone := self._kept.pop(id, None):
            self._bytes -= len(gone.packed)
