"""Diagnosing tickets when they are opened and when more is known, and what people find out about them."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from services.triage.categories.handlers import CategoryHandlers
from services.triage.diagnosis import domain, follow_ups, log_analysis
from services.triage.diagnosis.attached_logs import AttachedLogs, FileRead, ReportProgress
from services.triage.diagnosis.classifier import Beside, Diagnosis, classify
from services.triage.diagnosis.knowledge import SolvedCases
from services.triage.diagnosis_rules.domain import DiagnosisRule
from services.triage.diagnosis_rules.handlers import RuleHandlers
from services.triage.learning.handlers import LearningHandlers
from services.triage.logs.analysis import Analysis, Findings
from services.triage.routing.handlers import RoutingHandlers
from services.triage.third_party_systems.handlers import SystemHandlers
from services.triage.work import facts, knowledge
from services.triage.work.domain import WorkItem
from services.triage.work.handlers import WorkHandlers
from services.triage.work.values import TRIAGE_ORIGIN, Actor, LogAnalysis, excerpt
from shared import stack_traces
from shared.domain import Origin
from shared.events import (
    Event,
    Problem,
    TicketAmended,
    TicketMessagePosted,
    TicketOpened,
    TicketQuestionsAnswered,
    TicketReopened,
    TicketSolutionRejected,
    TicketUrged,
)
from shared.service import Now
from shared.stack_traces import fingerprints
from shared.telemetry import REUSED
from shared.terms import Category, Priority
from shared.texts import off_loop

logger = logging.getLogger(__name__)
MAX_NAMES = 200  # characters of the names of attachments


@dataclass(frozen=True)
class DiagnosisHandlers:
    work: WorkHandlers
    routing: RoutingHandlers
    cases: SolvedCases
    logs: AttachedLogs
    systems: SystemHandlers
    categories: CategoryHandlers
    rules: RuleHandlers
    learning: LearningHandlers
    many_users: int
    now: Now

    async def open(self, event: TicketOpened) -> None:
        diagnosis = await self.diagnose(event.problem, event.tier, event.channel)
        item = facts.opened(event)
        events = domain.diagnose(item, diagnosis, self.now())
        known = await self.routing.add(item, events, event)
        if known.opening not in ("", event.id) and not known.disputed:
            REUSED.labels("triage").inc()
            logger.error("%s was opened twice, by the events %s and %s", event.subject, known.opening, event.id)
            await self.work.hear(event)

    async def diagnose_again(self, event: TicketQuestionsAnswered | TicketAmended) -> None:
        """More is known of the problem; an answer to one question may say anything."""
        item = await self.work.store.get(event.subject)
        diagnosis = await self.diagnose(event.problem, item.tier, item.channel)
        answers = "\n".join(event.answers.values()) if isinstance(event, TicketQuestionsAnswered) else ""
        said = await off_loop(len(answers), follow_ups.read, answers) if answers else follow_ups.NOTHING

        def hear(item: WorkItem) -> list[Event]:
            if facts.hear(item, event):
                return domain.rediagnose(item, said.added_to(diagnosis), self.now())
            return domain.raise_priority(item, said, self.now())

        await self.routing.offer(await self.work.store.change(event.subject, hear, event))

    async def message_posted(self, event: TicketMessagePosted) -> None:
        if not (event.by_staff or event.internal):
            await self._hear_words(event, event.text)

    async def urged(self, event: TicketUrged) -> None:
        await self.work.hear(event)
        await self._hear_words(event, event.comment)

    async def rejected(self, event: TicketSolutionRejected) -> None:
        await self.work.hear(event)
        await self._hear_words(event, event.comment)

    async def reopened(self, event: TicketReopened) -> None:
        """A message that reopens a ticket is its reason as well."""
        await self.routing.reopen(event)
        await self._hear_words(event, event.reason)

    async def _hear_words(self, event: Event, text: str) -> None:
        """In a write of its own, and only where it changes something: most of what is said does not."""
        said = await off_loop(len(text), follow_ups.read, text) if text else follow_ups.NOTHING
        if said is follow_ups.NOTHING or not said.outranks((await self.work.store.get(event.subject)).priority):
            return
        decide = partial(domain.raise_priority, said=said, now=self.now())
        origin = replace(TRIAGE_ORIGIN, cause=event.id, key=f"{event.id}/said")
        await self.routing.offer(await self.work.store.change(event.subject, decide, origin))

    async def classify(
        self, ticket: str, category: Category, priority: Priority, reason: str, by: Actor, origin: Origin
    ) -> WorkItem:
        """As a person decides; in the queue anybody may who works on tickets. Raises Invalid: no such category."""
        known = await self.categories.known()
        if category != (await self.work.store.get(ticket)).category:
            known.ensure_active(category.value, "body.category")

        def allow(item: WorkItem) -> None:
            if item.assignee:
                item.ensure_involved(by)

        decide = partial(
            domain.classify,
            category=category,
            queue=known.queue_of(category),
            priority=priority,
            reason=reason,
            by=by,
            now=self.now(),
        )
        return await self.routing.offer(await self.work.store.change(ticket, decide, origin, allow))

    async def analyse_log(
        self,
        ticket: str,
        text: str,
        attachment: str,
        attachments: Sequence[str],
        root_cause: str,
        by: Actor,
        origin: Origin,
        report: ReportProgress | None = None,
    ) -> tuple[WorkItem, LogAnalysis, Findings, list[FileRead]]:
        """`text` is what was pasted, `attachments` are files of the ticket that are read where they lie; `tell` is told
        how far that is where nobody waits for it. Raises AttachmentNotFound, Invalid (one is no text, or too much to
        wait for), Unavailable (intake is away)."""
        analysis = Analysis(self.now().year)
        await off_loop(len(text), analysis.feed, text)
        read: list[FileRead] = []
        if attachments:
            await self.work.ensure_involved(ticket, by)
            read = await self.logs.read(ticket, attachments, analysis, report)
            attachment = attachment or ", ".join(one.name for one in read)[:MAX_NAMES]
        found = await off_loop(len(text) + sum(one.characters for one in read), analysis.finish)
        asked = "\n".join(group.title for group in found.groups)
        similar = await self.cases.like(asked, found.traces) if found.groups else []
        suspected = await self.systems.suspected(group.evidence for group in found.groups)
        content = "\n".join([attachment, *attachments, text])
        id = "a" + hashlib.sha256(content.encode()).hexdigest()[:12]
        decide = partial(
            log_analysis.analyse,
            by=by,
            id=id,
            found=found,
            suspected=suspected,
            similar=similar,
            root_cause=root_cause,
            attachment=attachment,
            now=self.now(),
        )
        item = await self.work.change(ticket, decide, origin, by)
        return item, next(one for one in item.log_analyses if one.id == id), found, read

    async def search_knowledge(self, ticket: str, query: str, by: Actor, origin: Origin) -> WorkItem:
        """What kb knows of this, or of the ticket's problem. Raises NotAssignee."""
        item = await self.work.ensure_involved(ticket, by)
        problem = item.problem
        asked = query or "\n".join(filter(None, (problem.title, problem.description, problem.error_text)))
        traces = await off_loop(len(asked), stack_traces.find, asked)
        found = await self.cases.find(asked, traces)
        decide = partial(knowledge.search, by=by, query=excerpt(asked), found=found, now=self.now())
        return await self.work.change(ticket, decide, origin, by)

    async def diagnose(
        self, problem: Problem, tier: str, channel: str, rules: Sequence[DiagnosisRule] | None = None
    ) -> Diagnosis:
        """Knowledge first (P3.3): what was solved before has a vote; without kb the words decide alone. `rules`: others
        than those that hold."""
        text = f"{problem.description}\n{problem.error_text}"
        traces = await off_loop(len(text), stack_traces.find, text)
        suggestions, meaning = await self.cases.like_and_meaning(f"{problem.title}\n{text}", traces)
        beside = Beside(
            suggestions=suggestions,
            meaning=meaning,
            has_trace=any(one.frames for one in traces),
            fingerprints=fingerprints(traces),
            tier=tier,
            channel=channel,
            many_users=self.many_users,
            rules=await self.rules.active() if rules is None else rules,
            categories=await self.categories.known(),
            learned=await self.learning.classify(f"{problem.title}\n{text}"),
        )
        return await off_loop(len(text), classify, problem, beside)
