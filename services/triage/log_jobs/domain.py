"""One reading of attached logs: who asked for it, how far it is, and what came of it (P3.2).

A replica that reads renews its lease; when it dies, another one begins again after that.
"""

from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from services.triage.work.values import Actor
from shared.domain import Aggregate, Value
from shared.events import Event
from shared.terms import Term, Text

LEASE = timedelta(seconds=60)
AGAIN = timedelta(seconds=10)  # after intake did not answer
MOST_TRIES = 5
MOST_TRACES, MOST_FRAMES = 50, 30


class JobState(Term):
    QUEUED = "queued", "queued", "排队中"
    RUNNING = "running", "running", "分析中"
    FINISHED = "finished", "finished", "已完成"
    FAILED = "failed", "failed", "失败"


class FoundTrace(Value):
    language: str
    type: str
    message: str
    fingerprint: str
    frames: list[str]


class FoundTemplate(Value):
    text: str
    count: int


class FileSummary(Value):
    attachment: str
    name: str
    characters: int
    complete: bool


class JobResult(Value):
    """`analysis`: the id of what is kept on the work item."""

    analysis: str
    files: list[FileSummary]
    traces: list[FoundTrace]
    templates: list[FoundTemplate]
    first_at: str
    last_at: str
    uncounted: int


class LogJob(Aggregate):
    """`due_at`: when it is begun, or begun again because nobody renews its lease; None when there is nothing more to
    do. `run` tells one begin from another, so that who was slow writes over nobody."""

    ticket: str
    by: str
    by_name: str = ""
    by_lead: bool = False
    attachments: list[str]
    attachment: str = ""
    root_cause: str = ""
    state: JobState = JobState.QUEUED
    asked_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    run: str = ""
    tries: int = 0
    characters: int = 0  # read so far
    result: JobResult | None = None
    why: Text = Field(default=Text("", ""))

    @property
    def actor(self) -> Actor:
        return Actor(self.by, self.by_name, self.by_lead)

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.FINISHED, JobState.FAILED)

    def ask(self, now: datetime) -> list[Event]:
        """The same again begins anew when it is over; else it goes on."""
        if self.is_over:
            self.state, self.asked_at, self.due_at, self.ended_at = JobState.QUEUED, now, now, None
            self.tries, self.characters, self.result, self.why = 0, 0, None, Text("", "")
        return []

    def begin(self, run: str, now: datetime) -> list[Event]:
        """Only when it is due: else another replica has begun it."""
        if self.is_over or self.due_at is None or self.due_at > now:
            return []
        if self.tries == MOST_TRIES:  # whoever read it did not live to tell
            too_often = Text(f"it was begun {MOST_TRIES} times and never finished", f"已尝试 {MOST_TRIES} 次，均未完成")
            self._end(JobState.FAILED, now)
            self.why = too_often
            return []
        self.state, self.run, self.due_at, self.characters = JobState.RUNNING, run, now + LEASE, 0
        self.tries += 1
        return []

    def go_on(self, run: str, characters: int, now: datetime) -> list[Event]:
        if self.is_run(run):
            self.characters, self.due_at = characters, now + LEASE
        return []

    def finish(self, run: str, result: JobResult, now: datetime) -> list[Event]:
        if self.is_run(run):
            self._end(JobState.FINISHED, now)
            self.result, self.characters = result, sum(one.characters for one in result.files)
        return []

    def fail(self, run: str, why: Text, now: datetime) -> list[Event]:
        if self.is_run(run):
            self._end(JobState.FAILED, now)
            self.why = why
        return []

    def put_off(self, run: str, why: Text, now: datetime) -> list[Event]:
        """What was asked for could not be had just now."""
        if self.tries >= MOST_TRIES:
            return self.fail(run, why, now)
        if self.is_run(run):
            self.state, self.run, self.due_at = JobState.QUEUED, "", now + AGAIN
        return []

    def is_run(self, run: str) -> bool:
        return self.state is JobState.RUNNING and self.run == run

    def _end(self, state: JobState, now: datetime) -> None:
        self.state, self.ended_at, self.due_at, self.run = state, now, None, ""
