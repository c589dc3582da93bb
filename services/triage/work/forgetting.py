"""A work item of a person who is forgotten: what was done, when and by whom stays, and no word of anybody."""

from services.triage.work.domain import WorkItem
from shared.erasing import ERASED, forget
from shared.events import Event

_KEPT = """
    id opening company contact_language queue assignee assignee_name last_assignee by started_by opened_by consent
    tier team answers party third_party article fingerprints product product_version module modules tool attachment
    evidence recording_sha256 incidents incident
"""
KEPT = frozenset(_KEPT.split())  # texts that are ids or terms


def forget_words(item: WorkItem) -> list[Event]:
    customer = item.company or ERASED
    words: dict[str, object] = {"reasons": [], "evidence": [], "versions": item.versions, "customer": customer}
    forget(item, KEPT, **words)
    return []
