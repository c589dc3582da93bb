"""Readings of logs as the API shows them."""

from datetime import datetime

from services.triage.diagnosis.views_logs import FileReadView, TemplateView, TraceView
from services.triage.log_jobs.domain import JobState, LogJob
from services.triage.work.access import ReasonView
from shared.http import View


class LogJobResultView(View):
    analysis: str
    """The id of the log analysis that is kept on the work item"""
    files: list[FileReadView]
    """The attachments that were read"""
    traces: list[TraceView]
    """The stack traces and lines with error codes, at most 50"""
    templates: list[TemplateView]
    """What most lines say"""
    first_at: str
    """The earliest time in it"""
    last_at: str
    """The latest time in it"""
    uncounted: int
    """Lines for whose kind was no room"""


class LogJobView(View):
    """A reading of attached logs in the background."""

    id: str
    """Its id"""
    state: JobState
    """How far it is"""
    asked_at: datetime
    """When it was asked for"""
    ended_at: datetime | None
    """When it was over; null before"""
    attachments: list[str]
    """What is read"""
    characters: int
    """How much was read so far"""
    why: ReasonView
    """Why it failed"""
    result: LogJobResultView | None
    """What was found; it is kept for a week"""

    @classmethod
    def of(cls, job: LogJob) -> "LogJobView":
        return cls.model_validate({**job.model_dump(), "why": ReasonView(en=job.why.en, zh=job.why.zh)})
