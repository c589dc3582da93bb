"""What experts read before a consultation, out of the worklog: background, what was tried, where it is stuck (P3.4)."""

from services.triage.work.domain import WorkItem
from services.triage.work.values import Activity

MAX_TEXT = 20_000  # characters
LAST = 30  # steps that were tried


def prepared(item: WorkItem) -> tuple[str, str, str]:
    return _background(item)[:MAX_TEXT], _tried(item)[:MAX_TEXT], _blockers(item)[:MAX_TEXT]


def _background(item: WorkItem) -> str:
    problem = item.problem
    where = " ".join(filter(None, (problem.product, problem.product_version, problem.module)))
    features = [one.features for one in item.deep_analyses[-1:]]
    causes = [one.root_cause for one in item.log_analyses]
    return _lines(problem.title, where, problem.description, problem.error_text, *features, *causes)


def _tried(item: WorkItem) -> str:
    steps = [
        f"{entry.text} → {entry.details.get('result', '')}"
        for entry in item.worklog
        if entry.did is Activity.STEP_TRIED
    ]
    solutions = [one.solution for one in item.proposals]
    return _lines(*steps[-LAST:], *solutions) or "—"


def _blockers(item: WorkItem) -> str:
    failed = [one.result for proposal in item.proposals for one in proposal.verifications if not one.passed]
    rejected = [entry.text for entry in item.worklog if entry.did is Activity.REJECTED]
    waited_for = [f"{one.party}: {one.reason}" for one in item.third_parties if one.answered_at is None]
    open_ones = [
        entry.details["hypothesis"]
        for entry in item.worklog
        if entry.did is Activity.STEP_TRIED and entry.details.get("hypothesis")
    ]
    return _lines(*failed, *rejected, *waited_for, *open_ones[-1:]) or "—"


def _lines(*texts: str) -> str:
    return "\n".join(dict.fromkeys(text for text in texts if text))
