"""Searching for articles and cases, by other services and by people."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.kb.search.catalog import SearchCatalog, Searches
from services.kb.search.domain import Filters, Found, Kind, Searched, explained
from shared.events import FoundCases, SearchCases, SimilarCase, Suggestion
from shared.stack_traces import find, fingerprints

MIN_SCORE_SUGGESTED = 0.4  # below it, what is found is more often chance than help
MIN_SCORE_LISTED = 0.1  # for a person, who judges by the titles
CASE_FACTOR = 0.8  # what likeness to a case counts for the article that solved it
MORE_CASES = 20  # are looked at than asked for, because several lead to one article
MOST_FINGERPRINTS = 20
NO_FILTERS = Filters()


@dataclass(frozen=True)
class SearchHandlers:
    catalog: SearchCatalog

    async def suggest(self, query: SearchCases) -> FoundCases:
        """For other services, which act on what they get: only what is likely to help."""
        filters = Filters(audience=query.audiences)
        query = await with_traces(query)
        cases = await self._look(query, Kind.CASE, NO_FILTERS, query.limit + MORE_CASES)
        articles = await self._articles(query, filters, MIN_SCORE_SUGGESTED, cases)
        likely = [one for one in cases if one.score >= MIN_SCORE_SUGGESTED and not query.audiences]
        return FoundCases(
            suggestions=[suggestion(one) for one in articles],
            cases=[similar(one) for one in likely[: query.limit]],
            complete=self.catalog.follower.is_complete,
            **(await self.catalog.meaning_of(query.text) if query.meaning else {}),
        )

    async def articles(self, query: SearchCases, filters: Filters = NO_FILTERS) -> list[Found]:
        """For people."""
        query = await with_traces(query)
        cases = await self._look(query, Kind.CASE, NO_FILTERS, query.limit + MORE_CASES)
        return await self._articles(query, filters, MIN_SCORE_LISTED, cases)

    async def cases(self, query: SearchCases, filters: Filters = NO_FILTERS) -> list[Found]:
        found = await self._look(await with_traces(query), Kind.CASE, filters, query.limit)
        return [one for one in found if one.score >= MIN_SCORE_LISTED]

    # ---- inside

    async def _articles(
        self, query: SearchCases, filters: Filters, least: float, cases: Sequence[Found]
    ) -> list[Found]:
        """Published articles that answer this, first those with the same fingerprint, then by likeness: their own, or
        that of a case which they solved."""
        found = await self._look(query, Kind.ARTICLE, filters, query.limit)
        scores = {one.id: one.score for one in found}
        solved: dict[str, Found] = {}
        for one in cases:
            id = one.what.article
            score = one.score if one.exact else one.score * CASE_FACTOR
            if id and score > scores.get(id, 0.0):
                scores[id], solved[id] = score, one
        known = {one.id: one.what for one in found if is_within(one.what, filters)}
        more = await self._read(self.catalog.articles, (id for id in solved if id not in known))
        known |= {id: what for id, what in more.items() if is_within(what, filters)}
        best = sorted((-score, id) for id, score in scores.items() if id in known and score >= least)
        return [
            Found(id, -score, known[id], solved[id].why, solved[id].passage)
            if id in solved
            else next(one for one in found if one.id == id)
            for score, id in best[: query.limit]
        ]

    async def _look(self, query: SearchCases, kind: Kind, filters: Filters, limit: int) -> list[Found]:
        """The best first. What the store no longer has, or has changed so that it must not be found, is left out."""
        exact = await self.catalog.with_fingerprints(query.fingerprints, kind, filters)
        alike = await self.catalog.alike(query.text, kind, filters, limit + len(exact))
        meant = {one.id for one in alike if one.by_meaning >= MIN_SCORE_LISTED}
        scores = {one.id: one.score for one in alike} | dict.fromkeys(exact, 1.0)
        place = {one.id: at for at, one in enumerate(alike)}
        best = sorted(scores, key=lambda id: (-scores[id], place.get(id, 0), id))[:limit]
        known = await self._read(self.catalog.articles if kind is Kind.ARTICLE else self.catalog.cases, best)
        return await asyncio.to_thread(
            lambda: [explained(id, scores[id], known[id], query, id in meant) for id in best if id in known]
        )

    async def _read(self, store: Searches, ids: Iterable[str]) -> dict[str, Searched]:
        wanted = list(ids)
        found = await store.where({"_id": {"$in": wanted}}) if wanted else ()
        return {one.id: what for one in found if (what := one.entry())}


async def with_traces(query: SearchCases) -> SearchCases:
    """With the fingerprints of what is pasted: a log, or a stack trace."""
    traces = await asyncio.to_thread(find, query.text)
    prints = list(dict.fromkeys([*query.fingerprints, *fingerprints(traces)]))[:MOST_FINGERPRINTS]
    return query.model_copy(update={"fingerprints": prints})


def is_within(what: Searched, filters: Filters) -> bool:
    """Whether what was found by way of a case, or has changed since it was indexed, may be shown."""
    return not filters.audience or what.audience in filters.audience


def suggestion(one: Found) -> Suggestion:
    what = one.what
    known = {"article": one.id, "title": what.title, "category": what.category}
    return Suggestion(**known, score=round(one.score, 4), exact=one.exact, why=one.why)


def similar(one: Found) -> SimilarCase:
    what = one.what
    known = {"ticket": one.id, "title": what.title, "category": what.category, "article": what.article}
    return SimilarCase(**known, solution=_solution(what.texts), score=round(one.score, 4), exact=one.exact, why=one.why)


def _solution(texts: Sequence[tuple[str, str]]) -> str:
    return next((text for name, text in texts if name == "solution"), "")[:1000]
