"""What a log says about a ticket: its errors over time, and cases that had the same ones (P3.2)."""

from collections.abc import Sequence
from datetime import datetime

from services.triage.logs.analysis import Findings
from services.triage.work.activities import record
from services.triage.work.domain import WorkItem
from services.triage.work.values import Actor, excerpt
from services.triage.work.worklog import begin_work
from shared.events import Event, Suggestion, TriageLogAnalysed
from shared.stack_traces import fingerprints

MAX_EXCEPTIONS = 20


def analyse(
    item: WorkItem,
    by: Actor,
    id: str,
    found: Findings,
    suspected: Sequence[list[str]],
    similar: Sequence[Suggestion],
    root_cause: str,
    attachment: str,
    now: datetime,
) -> list[Event]:
    """`id` comes from the content: the same log again replaces its analysis. `suspected`: of each group the third-party
    systems that it points to."""
    events = begin_work(item, by, now)
    analysed = TriageLogAnalysed(
        subject=item.id,
        time=now,
        analysis=id,
        fingerprints=fingerprints(found.traces)[:MAX_EXCEPTIONS],
        exceptions=list(dict.fromkeys(excerpt(trace.title) for trace in found.traces))[:MAX_EXCEPTIONS],
        root_cause=root_cause,
        attachment=attachment,
        similar=list(similar),
        lines=found.lines,
        groups=[group.shown(systems) for group, systems in zip(found.groups, suspected, strict=True)],
        module=found.module,
        systems=list(dict.fromkeys(one for systems in suspected for one in systems)),
        operations=found.operations,
    )
    return events + record(item, analysed, by)
