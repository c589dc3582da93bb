"""What a work item keeps of the search for the cause: steps that were tried, the knowledge base that was searched, and
the features of a new problem (P3.3)."""

from services.triage.work.domain import WorkItem
from services.triage.work.values import Activity, DeepAnalysis, KnowledgeSearch, WorklogEntry
from shared.events import TriageDeepAnalysisBegun, TriageKnowledgeSearched, TriageStepTried


def step_tried(item: WorkItem, event: TriageStepTried) -> None:
    details = {"round": str(event.round), "minutes": str(event.minutes), "result": event.result}
    if event.hypothesis:
        details["hypothesis"] = event.hypothesis
    item.log(WorklogEntry.of_activity(event, Activity.STEP_TRIED, event.step, **details))


def knowledge_searched(item: WorkItem, event: TriageKnowledgeSearched) -> None:
    found = ", ".join(one.article for one in event.found)
    details = {"round": str(event.round), "found": found, "answered": str(event.answered).lower()}
    entry = WorklogEntry.of_activity(event, Activity.KNOWLEDGE_SEARCHED, event.query, **details)
    if item.log(entry):
        search = KnowledgeSearch(
            id=entry.id,
            round=event.round,
            query=event.query,
            found=event.found,
            answered=event.answered,
            by=event.actor,
            at=event.time,
        )
        item.searches = sorted([*item.searches, search], key=lambda one: (one.at, one.id))


def deep_analysis_begun(item: WorkItem, event: TriageDeepAnalysisBegun) -> None:
    """Another one of the same round takes its place."""
    details = {"round": str(event.round), "modules": ", ".join(event.modules)}
    if not item.log(WorklogEntry.of_activity(event, Activity.DEEP_ANALYSIS_BEGUN, event.features, **details)):
        return
    begun = DeepAnalysis(
        round=event.round, features=event.features, modules=event.modules, by=event.actor, at=event.time
    )
    before = next((one for one in item.deep_analyses if one.round == event.round), None)
    if before is None or before.at <= begun.at:
        others = (one for one in item.deep_analyses if one.round != event.round)
        item.deep_analyses = sorted([*others, begun], key=lambda one: one.round)
