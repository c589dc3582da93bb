"""Keeping the case of every completed ticket, and its solution as an article or as the reuse of one."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from services.kb.articles.domain import MAX_REUSES, Article
from services.kb.articles.handlers import ArticleHandlers
from services.kb.articles.ids import article_id
from services.kb.cases.domain import Case, accepted_round, article_content, reuse_of
from services.kb.cases.personal import Mask, length_of, masked
from services.kb.cases.store import Cases
from services.kb.cases.tags import extract_tags
from shared.domain import NotFound, Origin
from shared.events import (
    ContactErased,
    SolutionRound,
    TicketCompleted,
    TicketReopened,
    TriageConsultationConcluded,
    TriageLogAnalysed,
)
from shared.telemetry import REUSED
from shared.terms import Outcome
from shared.texts import off_loop

logger = logging.getLogger(__name__)
OWN = Origin.service("kb")


@dataclass(frozen=True)
class CaseHandlers:
    store: Cases
    articles: ArticleHandlers
    confidential: Sequence[str] = ()

    async def get(self, ticket: str) -> Case:
        """Raises NotFound."""
        case = await self.store.get(ticket)
        if case.awaited:
            raise NotFound(f"Case {ticket} does not exist", f"案例 {ticket} 不存在")
        return case

    async def of(self, tickets: Sequence[str]) -> dict[str, Case]:
        """Those of these tickets, as far as they have one."""
        found = await self.store.where({"_id": {"$in": list(tickets)}})
        return {case.id: case for case in found if not case.awaited}

    async def archive(self, event: TicketCompleted) -> None:
        """Keep the case, and its solution: as a reuse of the article that it names, else as a draft of its own.

        Also a completion that is received after a later one counts: what an article makes of it is its own matter. Each
        step writes what it knows before it looks at what others wrote, so that of two which belong together the second
        finds the first, in whichever order and on whichever replicas they are received. What ended without
        a solution is no case."""
        if event.outcome != Outcome.SOLVED:
            return
        known = await self.store.find(event.subject)
        if known and self._is_of_another(known, event):
            await self._keep(event, known.tags, known.article)
            return
        event = await off_loop(length_of(event), masked, event, self.confidential)
        accepted, problem = accepted_round(event), event.problem
        tags = await off_loop(len(problem.description) + len(problem.error_text), extract_tags, problem)
        if accepted is None:
            await self._keep(event, tags, "")
        elif accepted.article not in ("", article_id(event.subject)) and await self.articles.is_known(accepted.article):
            await self._keep(event, tags, accepted.article)
            await self.articles.record_reuse(accepted.article, *reuse_of(event, accepted), event)
        else:
            article = await self._draft_article(event, accepted, tags)
            case = await self._keep(event, tags, article)
            if case.reopening and not case.disputed:
                await self.articles.record_reopening(case.id, case.reopened_for, case.reopening, event.time, OWN)

    async def reopen(self, event: TicketReopened) -> None:
        """What was closed without a solution, by mistake, says nothing about one."""
        if event.undone:
            return
        if known := await self.store.find(event.subject):
            self._is_of_another(known, event)
        event = event.model_copy(update={"reason": Mask(confidential=self.confidential).text(event.reason)})
        case = await self.store.hear(event.subject, partial(Case.reopen, event=event), event)
        if not case.disputed:
            await self.articles.record_reopening(case.id, event.reason, event.revision, event.time, event)

    async def record_consultation(self, event: TriageConsultationConcluded) -> None:
        mask = Mask(confidential=self.confidential)
        await self.store.hear(event.subject, partial(Case.consulted, event=event, mask=mask), event)

    async def record_log(self, event: TriageLogAnalysed) -> None:
        if event.exceptions or event.root_cause:
            mask = Mask(confidential=self.confidential)
            await self.store.hear(event.subject, partial(Case.analysed, event=event, mask=mask), event)

    async def forget(self, event: ContactErased) -> None:
        """The cases of these tickets, and what was drafted from them and nobody has approved. What an editor has
        approved is the desk's own text."""
        for ticket in event.tickets:
            with suppress(NotFound):
                await self.store.change(ticket, Case.forget_words, event)
            with suppress(NotFound):
                await self.articles.change(article_id(ticket), Article.forget_words, event)

    def _is_of_another(self, known: Case, event: TicketCompleted | TicketReopened) -> bool:
        """The first time that is an alarm."""
        if not known.is_of_another(event):
            return False
        if not known.disputed:
            REUSED.labels("kb").inc()
            logger.error("%s is the case of another ticket, %s is not kept", event.subject, event.id)
        return True

    async def _keep(self, event: TicketCompleted, tags: list[str], article: str) -> Case:
        decide = partial(Case.archive, event=event, tags=tags, article=article)
        return await self.store.hear(event.subject, decide, event)

    async def _draft_article(self, event: TicketCompleted, accepted: SolutionRound, tags: list[str]) -> str:
        """Returns its id. Cases that name it may have been received before there was one: they are its reuses."""
        article = await self.articles.draft(event, article_content(event, accepted, tags))
        if article.reuse_count < MAX_REUSES:
            for case in await self.store.solved_by(article.id):
                if case.id != event.subject and (accepted_there := accepted_round(case)):
                    await self.articles.record_reuse(article.id, *reuse_of(case, accepted_there), OWN)
        return article.id
