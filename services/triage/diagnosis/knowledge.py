"""Solved cases like this one, asked of kb."""

import logging
import math
import struct
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass

from shared.bus import Bus
from shared.domain import Unavailable
from shared.events import FoundCases, SearchCases, Suggestion
from shared.reading.assessment import MessageMeaning
from shared.stack_traces import Trace, fingerprints

logger = logging.getLogger(__name__)
MAX_FINGERPRINTS = 20
MAX_TEXT = 20_000


@dataclass(frozen=True)
class SolvedCases:
    """`timeout` in seconds."""

    bus: Bus
    timeout: float

    async def like(self, text: str, traces: Sequence[Trace]) -> list[Suggestion]:
        """No case when kb does not answer in time."""
        return await self.find(text, traces) or []

    async def find(self, text: str, traces: Sequence[Trace]) -> list[Suggestion] | None:
        """None when kb does not answer in time."""
        answer = await self._ask(text, traces)
        return answer.suggestions if answer else None

    async def like_and_meaning(
        self, text: str, traces: Sequence[Trace]
    ) -> tuple[list[Suggestion], MessageMeaning | None]:
        """The same, and what the text means: none where kb has no model for it."""
        answer = await self._ask(text, traces, meaning=True)
        return (answer.suggestions, meaning_of(answer)) if answer else ([], None)

    async def _ask(self, text: str, traces: Sequence[Trace], meaning: bool = False) -> FoundCases | None:
        prints = fingerprints(traces)[:MAX_FINGERPRINTS]
        question = SearchCases(text=text[:MAX_TEXT], fingerprints=prints, meaning=meaning)
        try:
            return await self.bus.ask("kb.search", question, FoundCases, within=self.timeout)
        except Unavailable:
            return None


def meaning_of(answer: FoundCases) -> MessageMeaning | None:
    """None if there is none, or it cannot be read: a diagnosis can do without."""
    if not answer.meaning:
        return None
    try:
        halves = b64decode(answer.meaning, validate=True)
        vector = struct.unpack(f"<{len(halves) // 2}e", halves)
        if not all(map(math.isfinite, vector)):
            raise ValueError("not finite")
    except (ValueError, struct.error) as error:
        logger.warning("what kb tells of a meaning cannot be read: %s", error)
        return None
    return MessageMeaning(answer.meaning_model, vector)
