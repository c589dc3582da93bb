"""What is decided about category and priority: by triage itself, and by people (P2.2, P2.3)."""

from dataclasses import dataclass, field
from datetime import datetime

from services.triage.diagnosis.classifier import Diagnosis
from services.triage.diagnosis.follow_ups import FollowUp
from services.triage.work.activities import record
from services.triage.work.domain import RANK, UNRANKED, WorkItem
from services.triage.work.values import TRIAGE, Actor
from services.triage.work.worklog import confirm_diagnosis
from shared.events import Event, Evidence, Reason, TriageDiagnosed, TriageReclassified
from shared.terms import Category, Priority


@dataclass(frozen=True)
class Decision:
    """What a ticket is from now on, and why."""

    category: Category
    priority: Priority
    queue: str
    reasons: list[Reason]
    confidence: float = 0
    evidence: list[Evidence] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)


def diagnose(item: WorkItem, diagnosis: Diagnosis, now: datetime) -> list[Event]:
    diagnosed = TriageDiagnosed(
        subject=item.id,
        time=now,
        category=diagnosis.category,
        priority=diagnosis.priority,
        queue=diagnosis.queue,
        reasons=diagnosis.reasons,
        suggestions=diagnosis.suggestions,
        confirmed=diagnosis.is_confident,
        confidence=diagnosis.confidence,
        evidence=diagnosis.evidence,
        versions=diagnosis.versions,
        team=diagnosis.team,
    )
    return record(item, diagnosed, TRIAGE)


def rediagnose(item: WorkItem, diagnosis: Diagnosis, now: datetime) -> list[Event]:
    """More is known. The priority only rises; a diagnosis that a person or good evidence confirmed gives way to nothing
    else."""
    if not item.open:
        return []
    item.suggestions = diagnosis.suggestions
    rises = RANK.get(diagnosis.priority, UNRANKED) < RANK.get(item.priority, UNRANKED)
    if item.confirmed and not rises:
        return []
    priority = diagnosis.priority if rises else item.priority
    category, queue = (item.category, item.queue) if item.confirmed else (diagnosis.category, diagnosis.queue)
    sure = confirm_diagnosis(item, TRIAGE, now) if diagnosis.is_confident else []
    new = Decision(
        category, priority, queue, diagnosis.reasons, diagnosis.confidence, diagnosis.evidence, diagnosis.versions
    )
    changed = _reclassify(item, new, TRIAGE, now)
    item.reasons, item.confidence = diagnosis.reasons, diagnosis.confidence
    item.evidence, item.versions = diagnosis.evidence, diagnosis.versions
    return changed + sure


def raise_priority(item: WorkItem, said: FollowUp, now: datetime) -> list[Event]:
    """The customer says that it has become worse, whoever has decided what it was before."""
    if item.disputed or not item.open or not said.outranks(item.priority):
        return []
    new = Decision(
        item.category, said.priority, item.queue, said.reasons, said.confidence, said.evidence, said.versions
    )
    return _reclassify(item, new, TRIAGE, now)


def classify(
    item: WorkItem, category: Category, priority: Priority, reason: str, by: Actor, now: datetime, queue: str = ""
) -> list[Event]:
    """A person decides; `queue` is that of the category. Raises Closed, NotAssignee."""
    item.ensure_open()
    if item.assignee:
        item.ensure_assignee(by)
    new = Decision(category, priority, queue or category.value, [Reason(en=reason, zh=reason)])
    return _reclassify(item, new, by, now) + confirm_diagnosis(item, by, now)


def raise_at_least(item: WorkItem, priority: Priority, why: Reason, now: datetime) -> list[Event]:
    """To this one at least, for a reason beside what the ticket itself says."""
    if not item.open or RANK.get(priority, UNRANKED) >= RANK.get(item.priority, UNRANKED):
        return []
    return _reclassify(item, Decision(item.category, priority, item.queue, [why], item.confidence), TRIAGE, now)


def _reclassify(item: WorkItem, new: Decision, by: Actor, now: datetime) -> list[Event]:
    """A ticket of the same category stays in its queue, also where that has another one by now."""
    if (new.category, new.priority) == (item.category, item.priority):
        return []
    changed = TriageReclassified(
        subject=item.id,
        time=now,
        category=new.category,
        priority=new.priority,
        queue=item.queue if new.category == item.category else new.queue,
        reasons=new.reasons,
        confirmed=item.confirmed or by is not TRIAGE,
        confidence=new.confidence,
        was=item.priority,
        evidence=new.evidence,
        versions=new.versions,
    )
    return record(item, changed, by)
