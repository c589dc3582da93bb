"""What is decided about category and priority: by triage itself, and by people (P2.2, P2.3)."""

from datetime import datetime

from services.triage.diagnosis.classifier import Diagnosis
from services.triage.diagnosis.follow_ups import FollowUp
from services.triage.work.activities import record
from services.triage.work.domain import RANK, UNRANKED, WorkItem
from services.triage.work.values import TRIAGE, Actor
from services.triage.work.worklog import confirm_diagnosis
from shared.events import Event, Reason, TriageDiagnosed, TriageReclassified
from shared.terms import Category, Priority


def diagnose(item: WorkItem, diagnosis: Diagnosis, now: datetime) -> list[Event]:
    diagnosed = TriageDiagnosed(
        subject=item.id,
        time=now,
        category=diagnosis.category,
        priority=diagnosis.priority,
        queue=diagnosis.category.value,
        reasons=diagnosis.reasons,
        suggestions=diagnosis.suggestions,
        confirmed=diagnosis.is_confident,
        confidence=diagnosis.confidence,
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
    category = item.category if item.confirmed else diagnosis.category
    priority = diagnosis.priority if rises else item.priority
    sure = confirm_diagnosis(item, TRIAGE, now) if diagnosis.is_confident else []
    changed = _reclassify(item, category, priority, diagnosis.reasons, diagnosis.confidence, TRIAGE, now)
    item.reasons, item.confidence = diagnosis.reasons, diagnosis.confidence
    return changed + sure


def raise_priority(item: WorkItem, said: FollowUp, now: datetime) -> list[Event]:
    """The customer says that it has become worse, whoever has decided what it was before."""
    if item.disputed or not item.open or not said.outranks(item.priority):
        return []
    return _reclassify(item, item.category, said.priority, said.reasons, said.confidence, TRIAGE, now)


def classify(
    item: WorkItem, category: Category, priority: Priority, reason: str, by: Actor, now: datetime
) -> list[Event]:
    """A person decides; raises Closed, NotAssignee."""
    item.ensure_open()
    if item.assignee:
        item.ensure_assignee(by)
    reasons = [Reason(en=reason, zh=reason)]
    return _reclassify(item, category, priority, reasons, 0, by, now) + confirm_diagnosis(item, by, now)


def raise_at_least(item: WorkItem, priority: Priority, why: Reason, now: datetime) -> list[Event]:
    """To this one at least, for a reason beside what the ticket itself says."""
    if not item.open or RANK.get(priority, UNRANKED) >= RANK.get(item.priority, UNRANKED):
        return []
    return _reclassify(item, item.category, priority, [why], item.confidence, TRIAGE, now)


def _reclassify(
    item: WorkItem,
    category: Category,
    priority: Priority,
    reasons: list[Reason],
    confidence: float,
    by: Actor,
    now: datetime,
) -> list[Event]:
    if (category, priority) == (item.category, item.priority):
        return []
    changed = TriageReclassified(
        subject=item.id,
        time=now,
        category=category,
        priority=priority,
        queue=category.value,
        reasons=reasons,
        confirmed=item.confirmed or by is not TRIAGE,
        confidence=confidence,
        was=item.priority,
    )
    return record(item, changed, by)
