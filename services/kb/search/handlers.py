"""Searching for articles and cases, by other services and by people."""

from dataclasses import dataclass

from services.kb.search.catalog import SearchCatalog
from services.kb.search.domain import FoundCase
from shared.events import FoundCases, SearchCases, Suggestion

MIN_SCORE_SUGGESTED = 0.25  # below it, what is found is more often chance than help
MIN_SCORE_LISTED = 0.05  # for a person, who judges by the titles


@dataclass(frozen=True)
class SearchHandlers:
    catalog: SearchCatalog

    async def suggest(self, query: SearchCases) -> FoundCases:
        """For other services, which act on what they get: only what is likely to help."""
        await self.catalog.refresh()
        return FoundCases(suggestions=self.catalog.suggest(query, MIN_SCORE_SUGGESTED))

    async def articles(self, query: SearchCases) -> list[Suggestion]:
        """For people."""
        await self.catalog.refresh()
        return self.catalog.suggest(query, MIN_SCORE_LISTED)

    async def cases(self, text: str, limit: int) -> list[FoundCase]:
        await self.catalog.refresh()
        return self.catalog.similar_cases(text, limit, MIN_SCORE_LISTED)
