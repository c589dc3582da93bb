"""Solved cases like this one, asked of kb."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.bus import Bus
from shared.domain import Unavailable
from shared.events import FoundCases, SearchCases, Suggestion
from shared.stack_traces import Trace, fingerprints

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
        question = SearchCases(text=text[:MAX_TEXT], fingerprints=fingerprints(traces)[:MAX_FINGERPRINTS])
        try:
            answer = await self.bus.ask("kb.search", question, FoundCases, within=self.timeout)
        except Unavailable:
            return None
        return answer.suggestions
