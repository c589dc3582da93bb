"""What a log says about a ticket: its stack traces, and cases that had the same ones (P3.2)."""

from collections.abc import Sequence
from datetime import datetime

from services.triage.work.activities import record
from services.triage.work.domain import WorkItem
from services.triage.work.values import Actor, excerpt
from services.triage.work.worklog import begin_work
from shared.events import Event, Suggestion, TriageLogAnalysed
from shared.stack_traces import Trace, fingerprints

MAX_EXCEPTIONS = 20


def analyse(
    item: WorkItem,
    by: Actor,
    id: str,
    traces: Sequence[Trace],
    similar: Sequence[Suggestion],
    root_cause: str,
    attachment: str,
    now: datetime,
) -> list[Event]:
    """`id` comes from the content: the same log again replaces its analysis."""
    events = begin_work(item, by, now)
    analysed = TriageLogAnalysed(
        subject=item.id,
        time=now,
        analysis=id,
        fingerprints=fingerprints(traces)[:MAX_EXCEPTIONS],
        exceptions=list(dict.fromkeys(excerpt(trace.title) for trace in traces))[:MAX_EXCEPTIONS],
        root_cause=root_cause,
        attachment=attachment,
        similar=list(similar),
    )
    return events + record(item, analysed, by)
