"""The solution of a round, and its verification in a test environment before the customer is asked (P4.1)."""

from datetime import datetime

from services.triage.work.activities import record
from services.triage.work.domain import ACTIVE, WorkItem
from services.triage.work.values import Actor
from services.triage.work.worklog import begin_work
from shared.domain import Conflict
from shared.events import Event, TriageSolutionFailed, TriageSolutionProposed, TriageSolutionVerified
from shared.terms import Text


class NoSolution(Conflict):
    title = Text("No solution has been proposed", "尚未提出解决方案")


def propose(item: WorkItem, by: Actor, solution: str, root_cause: str, article: str, now: datetime) -> list[Event]:
    events = begin_work(item, by, now)
    item.ensure_state(*ACTIVE)
    proposed = TriageSolutionProposed(
        subject=item.id, time=now, round=item.round, solution=solution, root_cause=root_cause, article=article
    )
    return events + record(item, proposed, by)


def verify(item: WorkItem, by: Actor, steps: str, result: str, passed: bool, now: datetime) -> list[Event]:
    """The engineer has tried the solution in a test environment; when it works the customer is asked next."""
    events = begin_work(item, by, now)
    item.ensure_state(*ACTIVE)
    proposal = next((one for one in item.proposals if one.round == item.round), None)
    if proposal is None:
        raise NoSolution(
            f"no solution has been proposed in round {item.round} of {item.id}",
            f"{item.id} 第 {item.round} 轮尚未提出解决方案",
        )
    if not passed:
        failed = TriageSolutionFailed(subject=item.id, time=now, round=item.round, steps=steps, result=result)
        return events + record(item, failed, by)
    verified = TriageSolutionVerified(
        subject=item.id,
        time=now,
        round=item.round,
        solution=proposal.solution,
        root_cause=proposal.root_cause,
        article=proposal.article,
        steps=steps,
        result=result,
        assignee=item.assignee,
        assignee_name=item.assignee_name,
        category=item.category,
        priority=item.priority,
    )
    return events + record(item, verified, by)
