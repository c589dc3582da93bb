"""Knowledge first (P3.3): before a first solution the knowledge base was searched; a problem that it does not know has
its features written down, and goes to deep analysis."""

from collections.abc import Sequence
from datetime import datetime

from services.triage.work.activities import record
from services.triage.work.domain import ACTIVE, WorkItem
from services.triage.work.values import Actor
from services.triage.work.worklog import begin_work
from shared.domain import Conflict
from shared.events import Event, Suggestion, TriageDeepAnalysisBegun, TriageKnowledgeSearched
from shared.terms import Text


class KnowledgeNotSearched(Conflict):
    title = Text("The knowledge base has not been searched", "尚未检索知识库")


class FeaturesMissing(Conflict):
    title = Text("The features of the new problem are not written down", "尚未记录新问题的特征")


def search(item: WorkItem, by: Actor, query: str, found: Sequence[Suggestion] | None, now: datetime) -> list[Event]:
    """`found` is None when kb did not answer: that it was asked is on record, and work goes on."""
    events = begin_work(item, by, now)
    searched = TriageKnowledgeSearched(
        subject=item.id,
        time=now,
        round=item.round,
        query=query,
        found=list(found or ()),
        answered=found is not None,
    )
    return events + record(item, searched, by)


def begin_deep_analysis(item: WorkItem, by: Actor, features: str, modules: Sequence[str], now: datetime) -> list[Event]:
    """Raises KnowledgeNotSearched: only a search shows that the problem is new."""
    events = begin_work(item, by, now)
    item.ensure_state(*ACTIVE)
    _ensure_searched(item)
    begun = TriageDeepAnalysisBegun(
        subject=item.id, time=now, round=item.round, features=features, modules=list(dict.fromkeys(modules))
    )
    return events + record(item, begun, by)


def ensure_known(item: WorkItem, article: str) -> None:
    """Before the first solution of a ticket. It is a new problem when the solution is from no article, and kb answered
    every time that it knows no case like it. Raises KnowledgeNotSearched, FeaturesMissing."""
    if item.proposals:
        return
    _ensure_searched(item)
    is_new = not article and all(one.answered and not one.found for one in item.searches)
    if is_new and not item.deep_analyses:
        raise FeaturesMissing(
            f"nobody has solved a problem like {item.id} before: write down its features first",
            f"知识库中没有与 {item.id} 类似的案例，请先记录问题特征并转入深度分析",
        )


def _ensure_searched(item: WorkItem) -> None:
    if not item.searches:
        raise KnowledgeNotSearched(f"search the knowledge base for {item.id} first", f"请先为 {item.id} 检索知识库")
