"""A work item: one ticket as the people see it who work on it, from its diagnosis to its end.

What it keeps has two sources: `facts.py`, what other services published, and `activities.py`, what was decided here.
"""

from bisect import bisect_left
from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field, computed_field

from services.triage.work.queue_order import sortable
from services.triage.work.values import (
    Action,
    Activity,
    Actor,
    Consent,
    Consultation,
    DeepAnalysis,
    KnowledgeSearch,
    LogAnalysis,
    Proposal,
    RemoteSession,
    ThirdParty,
    WorklogEntry,
    WorkState,
)
from shared.domain import Conflict, Forbidden, Listener, TooLarge
from shared.events import Evidence, Problem, Reason, Suggestion
from shared.terms import Category, Channel, Priority, Satisfaction, Text, WaitingFor

RANK = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2}
UNRANKED = 1  # a priority that only a newer version knows
# From the opening, while sla has not said by when a customer is answered (P6.1).
RESPONSE = {Priority.URGENT: timedelta(hours=2), Priority.HIGH: timedelta(hours=8), Priority.NORMAL: timedelta(days=1)}
UNKNOWN_RESPONSE = timedelta(hours=8)
FIRST_ALARM = timedelta(minutes=1)  # so long may nobody have an urgent ticket without an alarm
ASSIGNEE, ALARM = "assignee", "alarm"
ACTIVE = (WorkState.IN_PROGRESS, WorkState.IN_CONSULTATION)
MAX_ENTRIES = 1000
MAX_BYTES = 4_000_000  # of the fields in SIZED, as JSON
SIZED = {
    *("worklog", "sessions", "searches", "deep_analyses", "log_analyses", "proposals"),
    *("third_parties", "consultations"),
}


class Overtaken(Conflict):
    """It was written since capacity was reserved for its assignment."""

    title = Text("The ticket has just changed", "工单刚刚发生变化")


class AlreadyAssigned(Conflict):
    title = Text("Already assigned", "工单已分派给他人")


class NotAssignee(Forbidden):
    title = Text("You are not the assignee", "您不是该工单的处理人")


class Closed(Conflict):
    title = Text("The ticket is completed", "工单已完成")


class WrongState(Conflict):
    title = Text("Not possible in the ticket's current state", "工单当前状态不允许此操作")


class WorklogFull(Conflict):
    title = Text("The worklog is full", "工作日志已满")


class WorkItemTooLarge(TooLarge):
    title = Text("The work item is too large", "工单内容过大")


class WorkItem(Listener):
    """`work` is the state of our own work, on which our commands depend; the ticket's stage is intake's."""

    opening: str = ""  # id of the event that opened it
    disputed: bool = False  # another ticket was opened under its number: whose the facts are nobody knows any more
    problem: Problem
    customer: str
    company: str = ""
    contact_language: str = "zh"
    channel: Channel
    tier: str = ""
    opened_at: AwareDatetime

    category: Category
    priority: Priority
    queue: str
    reasons: list[Reason] = Field(default_factory=list)
    suggestions: list[Suggestion] = Field(default_factory=list)
    confidence: float = 0
    evidence: list[Evidence] = Field(default_factory=list)
    versions: dict[str, str] = Field(default_factory=dict)  # of what was asked for the diagnosis
    confirmed: bool = False
    taught: bool = False  # a person confirmed or corrected it

    assignee: str = ""
    assignee_name: str = ""
    last_assignee: str = ""  # who had it before
    assignee_is_senior: bool = False
    acknowledge_by: AwareDatetime | None = None  # of this assignment
    acknowledged: int = 0  # the revision of the last acknowledgement
    became_urgent: int = 0  # the revision at which it last did
    alarms: int = 0
    alarm_at: AwareDatetime | None = None  # of the next alarm
    team: str = ""  # empty: everybody's
    incidents: list[str] = Field(default_factory=list)  # those that it is part of; one, but while it changes from one

    waiting_for: WaitingFor = WaitingFor.NONE
    open: bool = True
    round: int = 1
    accepted_round: int = 0
    reopened_round: int = 1
    reopened_at: AwareDatetime | None = None
    consultation_due_at: AwareDatetime | None = None
    next_due: AwareDatetime | None = None
    due_is_provisional: bool = False
    response_due: AwareDatetime | None = None  # as sla said last
    breached: bool = False
    satisfaction: Satisfaction | None = None
    urges: int = 0

    consents: list[Consent] = Field(default_factory=list)
    worklog: list[WorklogEntry] = Field(default_factory=list)
    sessions: list[RemoteSession] = Field(default_factory=list)
    searches: list[KnowledgeSearch] = Field(default_factory=list)
    deep_analyses: list[DeepAnalysis] = Field(default_factory=list)
    log_analyses: list[LogAnalysis] = Field(default_factory=list)
    proposals: list[Proposal] = Field(default_factory=list)
    third_parties: list[ThirdParty] = Field(default_factory=list)
    consultations: list[Consultation] = Field(default_factory=list)

    # ---- derived

    @computed_field  # type: ignore[prop-decorator]
    @property
    def work(self) -> WorkState:
        if not self.open or self.accepted_round >= self.round:
            return WorkState.DONE
        if any(
            one.passed for proposal in self.proposals if proposal.round == self.round for one in proposal.verifications
        ):
            return WorkState.VERIFIED
        if not self.assignee:
            return WorkState.QUEUED
        if any(one.round == self.round and one.concluded_at is None for one in self.consultations):
            return WorkState.IN_CONSULTATION
        return WorkState.IN_PROGRESS

    @computed_field  # type: ignore[prop-decorator]
    @property
    def consultation_due(self) -> bool:
        """It is overdue, and since it was opened or reopened nobody has prepared a consultation."""
        if self.work is WorkState.DONE or self.consultation_due_at is None:
            return False
        if self.reopened_at and self.consultation_due_at <= self.reopened_at:
            return False
        return all(one.round < self.reopened_round or not one.invited for one in self.consultations)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def deep_analysis(self) -> bool:
        """A new problem that is not solved yet: its features are written down (P3.3)."""
        return bool(self.deep_analyses) and self.work in (WorkState.QUEUED, *ACTIVE)

    @property
    def title(self) -> str:
        return self.problem.title

    @property
    def is_urgent(self) -> bool:
        return self.priority is Priority.URGENT

    @property
    def needs_senior(self) -> bool:
        """Urgent ones go to a senior engineer at once, also when they become urgent (P2.4); of a disputed one a person
        says first whose it is."""
        if not (self.open and self.is_urgent) or self.disputed or self.work in (WorkState.DONE, WorkState.VERIFIED):
            return False
        if not self.assignee:
            return True
        return not self.assignee_is_senior and self.became_urgent > self.revisions.get(ASSIGNEE, 0)

    @property
    def awaits_acknowledgement(self) -> bool:
        if not (self.open and self.is_urgent and self.assignee and self.acknowledge_by) or self.disputed:
            return False
        return self.acknowledged <= self.revisions.get(ASSIGNEE, 0)

    @property
    def is_alarmed(self) -> bool:
        """Since it was last given to somebody, or given back."""
        return self.revisions.get(ALARM, 0) > self.revisions.get(ASSIGNEE, 0)

    @property
    def alarmed_since(self) -> datetime | None:
        """When the first of the alarms that stand was raised."""
        raised = (entry.at for entry in reversed(self.worklog) if entry.did is Activity.ALARMED)
        return next(raised, None) if self.is_alarmed else None

    @property
    def due_at(self) -> datetime | None:
        """When something is to be done about it by the clock: an alarm, or a reminder."""
        reminders = [one.remind_at for one in self.third_parties] if self.open else []
        reminders += [one.remind_at for one in self.open_actions]
        reminders += [one.until for one in self.sessions if one.ended_at is None]
        return min((at for at in (self.alarm_due_at, *reminders) if at), default=None)

    @property
    def open_actions(self) -> list[Action]:
        """Also of a completed ticket: they are to be done all the same."""
        return [one for held in self.consultations for one in held.actions if one.done_at is None]

    @property
    def alarm_due_at(self) -> datetime | None:
        """When it goes to somebody else, or the alarm is raised once more; None: no more."""
        if self.needs_senior:
            return (self.alarm_at if self.is_alarmed else None) or self.opened_at + FIRST_ALARM
        if self.awaits_acknowledgement:
            return self.alarm_at if self.is_alarmed else self.acknowledge_by
        return None

    def queue_key(self) -> str:
        """Sorts the queue: urgent ones first, all others by the moment by which their customer is to be answered, so
        that nothing waits for ever behind what comes later; then by priority, what came first, and the number. Empty
        when closed."""
        if not self.open:
            return ""
        due = self.response_due or self.opened_at + RESPONSE.get(self.priority, UNKNOWN_RESPONSE)
        rank = RANK.get(self.priority, UNRANKED)
        return f"{min(rank, 1)} {sortable(due)} {rank} {sortable(self.opened_at)} {self.id}"

    # ---- for every change

    def log(self, entry: WorklogEntry) -> bool:
        """In its order; False when it is there already."""
        at = bisect_left(self.worklog, entry.sort_key, key=lambda one: one.sort_key)
        if at < len(self.worklog) and self.worklog[at].sort_key == entry.sort_key:
            return False
        self.worklog.insert(at, entry)
        return True

    def ensure_open(self) -> None:
        if not self.open:
            raise Closed(f"{self.id} is completed", f"{self.id} 已完成")

    def ensure_involved(self, by: Actor) -> None:
        """Leads, the assignee, and the one before them, who gets the answer to what they asked then. Raises
        NotAssignee."""
        if not (by.is_lead or by.sub in (self.assignee, self.last_assignee)):
            raise self._not_assignee()

    def ensure_assignee(self, by: Actor) -> None:
        """Raises Closed, NotAssignee."""
        self.ensure_open()
        self.ensure_held_by(by)

    def ensure_held_by(self, by: Actor) -> None:
        """Also of a completed ticket. Raises NotAssignee."""
        if not (by.is_lead or (self.assignee and self.assignee == by.sub)):
            raise self._not_assignee()

    def ensure_state(self, *states: WorkState) -> None:
        if self.work not in states:
            label = self.work.label
            raise WrongState(f"{self.id} is {label.en}", f"{self.id} 当前状态为“{label.zh}”")

    def ensure_room(self) -> None:
        """Raises WorklogFull, WorkItemTooLarge. There is room for facts beyond these limits."""
        if len(self.worklog) >= MAX_ENTRIES:
            raise WorklogFull(
                f"the worklog of {self.id} has {MAX_ENTRIES} entries, which is the limit",
                f"{self.id} 的工作日志已达上限 {MAX_ENTRIES} 条",
            )
        size = len(self.model_dump_json(include=SIZED).encode())
        if size > MAX_BYTES:
            raise WorkItemTooLarge(
                f"the content of {self.id} has {size:,} bytes; the limit is {MAX_BYTES:,}",
                f"{self.id} 的内容已达 {size:,} 字节，上限为 {MAX_BYTES:,} 字节",
            )

    def _not_assignee(self) -> NotAssignee:
        if whose := self.assignee_name or self.assignee:
            return NotAssignee(
                f"{self.id} is assigned to {whose}; only the assignee or a lead can do this",
                f"{self.id} 的处理人是 {whose}，仅处理人或技术负责人可执行此操作",
            )
        return NotAssignee(f"{self.id} is not assigned; claim it first", f"{self.id} 尚未分派，请先领取")
