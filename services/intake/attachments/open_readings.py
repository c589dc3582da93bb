"""Packed files that are read piece by piece: a reading goes on where it ended, so that a file is unpacked once and not
from its beginning for each piece. Where several replicas are asked in turn, each passes over what the others gave."""

import time
from collections.abc import AsyncGenerator
from contextlib import suppress

MOST, KEPT_FOR = 8, 60.0  # readings that wait to go on, each with a piece in memory; seconds
SAMPLE = 512  # bytes of the beginning that are remembered


class Reading:
    """Of what `key` names, from its beginning on. `at`: from where on it can still be asked; `head`: how it begins."""

    def __init__(self, key: str, content: AsyncGenerator[bytes]) -> None:
        self.key, self.at, self.head = key, 0, b""
        self._content = content
        self._found = bytearray()
        self.kept_at = 0.0

    async def piece(self, start: int, most: int) -> tuple[bytes, bool]:
        """As many bytes from there on, and whether there are more. Raises what `content` raises; then it is over."""
        self._pass_to(start)
        while self.at < start or len(self._found) <= most:
            chunk = await anext(self._content, None)
            if chunk is None:
                break
            self.head += chunk[: SAMPLE - len(self.head)]
            self._found += chunk
            self._pass_to(start)
        if self.at < start:
            return b"", False
        return bytes(self._found[:most]), len(self._found) > most

    async def close(self) -> None:
        with suppress(RuntimeError):  # it is over already
            await self._content.aclose()

    def _pass_to(self, start: int) -> None:
        passed = min(max(start - self.at, 0), len(self._found))
        del self._found[:passed]
        self.at += passed


class OpenReadings:
    def __init__(self) -> None:
        self._waiting: list[Reading] = []

    def take(self, key: str, start: int) -> Reading | None:
        """The one that is nearest before it; nobody else has it until it is kept again. What has waited for long is not
        gone on with: the database may have given it up."""
        since = time.monotonic() - KEPT_FOR
        fitting = [one for one in self._waiting if one.key == key and one.at <= start and one.kept_at >= since]
        if not fitting:
            return None
        found = max(fitting, key=lambda one: one.at)
        self._waiting.remove(found)
        return found

    async def keep(self, reading: Reading) -> None:
        now = time.monotonic()
        reading.kept_at = now
        self._waiting.append(reading)
        fresh = [one for one in self._waiting if now - one.kept_at <= KEPT_FOR][-MOST:]
        gone = [one for one in self._waiting if one not in fresh]
        self._waiting = fresh
        for one in gone:
            await one.close()
