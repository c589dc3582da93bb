"""The solution of a round, and its verification in a test environment before the customer is asked (P4.1)."""

from collections.abc import Sequence
from datetime import datetime

from services.triage.work import knowledge
from services.triage.work.activities import record
from services.triage.work.domain import ACTIVE, WorkItem
from services.triage.work.values import Actor, WorkState
from services.triage.work.worklog import begin_work
from shared.domain import Conflict, Invalid
from shared.events import BothLanguages, Event, TriageSolutionFailed, TriageSolutionProposed, TriageSolutionVerified
from shared.terms import Text


class NoSolution(Conflict):
    title = Text("No solution has been proposed", "尚未提出解决方案")


class EvidenceMissing(Invalid):
    title = Text("Evidence of the internal verification is required", "请提供内部验证凭据")


def propose(item: WorkItem, by: Actor, solution: str, root_cause: str, article: str, now: datetime) -> list[Event]:
    events = begin_work(item, by, now)
    item.ensure_state(*ACTIVE)
    knowledge.ensure_known(item, article)
    proposed = TriageSolutionProposed(
        subject=item.id, time=now, round=item.round, solution=solution, root_cause=root_cause, article=article
    )
    return events + record(item, proposed, by)


def verify(
    item: WorkItem,
    by: Actor,
    environment: str,
    steps: str,
    expected: str,
    result: str,
    evidence: Sequence[str],
    passed: bool,
    now: datetime,
) -> list[Event]:
    """The engineer has tried the solution in a test environment; when it works the customer is asked next. `evidence`
    are attachments of the ticket, at least one where it passed. Raises NoSolution, EvidenceMissing."""
    events = begin_work(item, by, now)
    item.ensure_state(*ACTIVE)
    proposal = next((one for one in item.proposals if one.round == item.round), None)
    if proposal is None:
        raise NoSolution(
            f"no solution has been proposed in round {item.round} of {item.id}",
            f"{item.id} 第 {item.round} 轮尚未提出解决方案",
        )
    if not passed:
        failed = TriageSolutionFailed(
            subject=item.id,
            time=now,
            round=item.round,
            environment=environment,
            steps=steps,
            expected=expected,
            result=result,
            evidence=list(evidence),
        )
        return events + record(item, failed, by)
    if not evidence:
        raise EvidenceMissing(
            "Attach evidence to the ticket, such as a screenshot or a log, and name it in `evidence`",
            "请先将截图或日志等验证凭据作为附件上传到工单，并填写到 `evidence`",
            "body.evidence",
        )
    verified = TriageSolutionVerified(
        subject=item.id,
        time=now,
        round=item.round,
        solution=proposal.solution,
        root_cause=proposal.root_cause,
        article=proposal.article,
        environment=environment,
        steps=steps,
        expected=expected,
        result=result,
        evidence=list(evidence),
        assignee=item.assignee,
        assignee_name=item.assignee_name,
        category=item.category,
        priority=item.priority,
    )
    return events + record(item, verified, by)


def solve_with_incident(
    item: WorkItem, solution: BothLanguages, root_cause: str, steps: str, result: str, by: Actor, now: datetime
) -> list[Event]:
    """The solution of its incident, which was verified there, is proposed to this customer too; whoever has it, or
    nobody. Nothing where a solution waits for its customer already."""
    if item.disputed or not item.open or item.work in (WorkState.VERIFIED, WorkState.DONE):
        return []
    text = solution.in_(item.contact_language)
    proposed = TriageSolutionProposed(subject=item.id, time=now, round=item.round, solution=text, root_cause=root_cause)
    verified = TriageSolutionVerified(
        subject=item.id,
        time=now,
        round=item.round,
        solution=text,
        root_cause=root_cause,
        steps=steps,
        result=result,
        assignee=item.assignee,
        assignee_name=item.assignee_name,
        category=item.category,
        priority=item.priority,
    )
    return record(item, proposed, by) + record(item, verified, by)
