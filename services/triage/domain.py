"""A work item: one ticket as the people see it who work on it, from its diagnosis to its end."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pydantic import AwareDatetime, Field

from services.triage.classify import Diagnosis
from services.triage.engineers import Engineer
from services.triage.records import (
    TRIAGE,
    Consent,
    Consultation,
    Did,
    Entry,
    LogAnalysis,
    Person,
    Proposal,
    RemoteSession,
    ThirdParty,
)
from shared.domain import Conflict, Forbidden, Listener, NotFound
from shared.events import (
    Event,
    Problem,
    Reason,
    Suggestion,
    TicketOpened,
    TicketReopened,
    TriageAssigned,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageQueued,
    TriageReclassified,
    TriageReleased,
)
from shared.terms import Category, Channel, Priority, Satisfaction, Stage, Text, WaitingFor

RANK = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2}
UNRANKED = 1  # a priority that only a newer version knows
WITHOUT_CLOCK = timedelta(days=30)  # behind those with a clock that runs, oldest first
AT_WORK = (Stage.HANDLING, Stage.CONSULTATION)
MOST_ENTRIES = 1000


class AlreadyTaken(Conflict):
    title = Text("Somebody else has it", "工单已被他人领取")


class NotTheirs(Forbidden):
    title = Text("Only who has the ticket or a lead may do this", "仅限工单处理人或技术负责人操作")


class Closed(Conflict):
    title = Text("The ticket is completed", "工单已完成")


class WrongStage(Conflict):
    title = Text("Not possible at this stage", "当前阶段不允许此操作")


class NoSuchPart(NotFound):
    title = Text("The work item has no such part", "工单中没有该记录")


class WorklogFull(Conflict):
    title = Text("The worklog is full", "工作记录已满")


class WorkItem(Listener):
    problem: Problem
    customer: str
    company: str = ""
    contact_language: str = "zh"
    channel: Channel

    category: Category
    priority: Priority
    queue: str
    reasons: list[Reason] = Field(default_factory=list)
    suggestions: list[Suggestion] = Field(default_factory=list)
    confidence: float = 0
    confirmed: bool = False

    stage: Stage = Stage.DIAGNOSIS
    waiting_for: WaitingFor = WaitingFor.NONE
    assignee: str = ""
    assignee_name: str = ""
    claimed_with: str = ""
    opened_at: AwareDatetime
    round: int = 1
    open: bool = True
    next_due: AwareDatetime | None = None
    breached: bool = False
    consultation_due: bool = False
    satisfaction: Satisfaction | None = None

    consents: list[Consent] = Field(default_factory=list)
    worklog: list[Entry] = Field(default_factory=list)
    sessions: list[RemoteSession] = Field(default_factory=list)
    log_analyses: list[LogAnalysis] = Field(default_factory=list)
    proposals: list[Proposal] = Field(default_factory=list)
    third_parties: list[ThirdParty] = Field(default_factory=list)
    consultations: list[Consultation] = Field(default_factory=list)

    # ---- what others read from it

    @property
    def title(self) -> str:
        return self.problem.title

    @property
    def is_urgent(self) -> bool:
        return self.priority is Priority.URGENT

    @property
    def needs_a_senior(self) -> bool:
        """Urgent ones go to a senior engineer at once (P2.4)."""
        return self.open and self.is_urgent and not self.assignee

    def pressing(self) -> str:
        """The place in the queue, as text that sorts: priority, then what is due first; empty when closed."""
        if not self.open:
            return ""
        due = self.next_due or self.opened_at + WITHOUT_CLOCK
        return f"{RANK.get(self.priority, UNRANKED)} {due.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f} {self.id}"

    # ---- diagnosis

    @classmethod
    def begin(cls, event: TicketOpened, diagnosis: Diagnosis, now: datetime) -> tuple["WorkItem", list[Event]]:
        item = cls(
            id=event.subject,
            problem=event.problem,
            customer=event.customer,
            company=event.company,
            contact_language=event.contact.language,
            channel=event.channel,
            category=diagnosis.category,
            priority=diagnosis.priority,
            queue=diagnosis.category.value,
            reasons=diagnosis.reasons,
            suggestions=diagnosis.suggestions,
            confidence=diagnosis.confidence,
            confirmed=diagnosis.is_sure,
            opened_at=event.time,
            waiting_for=event.waiting_for,
        )
        item.log(Did.DIAGNOSED, TRIAGE, now, category=item.category.value, priority=item.priority.value)
        diagnosed = TriageDiagnosed(
            subject=item.id,
            time=now,
            category=item.category,
            priority=item.priority,
            queue=item.queue,
            reasons=item.reasons,
            suggestions=item.suggestions,
            confirmed=item.confirmed,
        )
        return item, [diagnosed, TriageQueued(subject=item.id, time=now, queue=item.queue)]

    def learn(self, problem: Problem, diagnosis: Diagnosis, now: datetime) -> list[Event]:
        """More is known. A diagnosis that a person or good evidence confirmed gives way only to a higher priority."""
        if not self.open:
            return []
        self.problem, self.suggestions = problem, diagnosis.suggestions
        rises = RANK.get(diagnosis.priority, UNRANKED) < RANK.get(self.priority, UNRANKED)
        if self.confirmed and not rises:
            return []
        category = self.category if self.confirmed else diagnosis.category
        self.reasons, self.confidence = diagnosis.reasons, diagnosis.confidence
        sure = self.confirm(TRIAGE, now) if diagnosis.is_sure else []
        return self._reclassify(category, diagnosis.priority, diagnosis.reasons, TRIAGE, now) + sure

    def classify(self, category: Category, priority: Priority, reason: str, by: Person, now: datetime) -> list[Event]:
        """A person decides; raises Closed, NotTheirs."""
        self.must_be_open()
        if self.assignee:
            self.must_be_theirs(by)
        reasons = [Reason(en=reason, zh=reason)]
        events = self._reclassify(category, priority, reasons, by, now, reason)
        if events:
            self.reasons = reasons
        return events + self.confirm(by, now)

    def _reclassify(
        self,
        category: Category,
        priority: Priority,
        reasons: Sequence[Reason],
        by: Person,
        now: datetime,
        text: str = "",
    ) -> list[Event]:
        if (category, priority) == (self.category, self.priority):
            return []
        self.category, self.priority, self.queue = category, priority, category.value
        self.log(Did.RECLASSIFIED, by, now, text, category=category.value, priority=priority.value)
        changed = TriageReclassified(
            subject=self.id,
            time=now,
            category=category,
            priority=priority,
            queue=self.queue,
            reasons=list(reasons),
            confirmed=self.confirmed or by is not TRIAGE,
        )
        return [changed]

    def confirm(self, by: Person, now: datetime) -> list[Event]:
        if self.confirmed:
            return []
        self.confirmed = True
        self.log(Did.CONFIRMED, by, now)
        return [TriageDiagnosisConfirmed(subject=self.id, time=now, confirmed_by=by.sub)]

    # ---- who works on it

    def claim(self, engineer: Engineer, reason: str, key: str, now: datetime) -> list[Event]:
        """Raises Closed, AlreadyTaken. Who has it already keeps it."""
        self.must_be_open()
        if self.assignee == engineer.id:
            return []
        if self.assignee:
            raise AlreadyTaken(f"{self.assignee_name} has {self.id}", f"{self.id} 已由 {self.assignee_name} 处理")
        self.claimed_with = key
        by = Person(engineer.id, engineer.name)
        return self._give(engineer, by, reason, now) + self.confirm(by, now)

    def assign(self, engineer: Engineer, reason: str, by: Person, now: datetime) -> list[Event]:
        """By a lead, whoever has it now; raises Closed."""
        self.must_be_open()
        if self.assignee == engineer.id:
            return []
        return self._give(engineer, by, reason, now) + self.confirm(by, now)

    def give_at_once(self, senior: Engineer, now: datetime) -> list[Event]:
        """By triage itself; it stays with whoever took it meanwhile."""
        if not self.needs_a_senior:
            return []
        return self._give(senior, TRIAGE, "", now)

    def _give(self, engineer: Engineer, by: Person, reason: str, now: datetime) -> list[Event]:
        before, self.assignee, self.assignee_name = self.assignee, engineer.id, engineer.name
        if self.stage is Stage.DIAGNOSIS:
            self.stage = Stage.HANDLING
        self.log(Did.ASSIGNED, by, now, reason, engineer=engineer.id, name=engineer.name)
        assigned = TriageAssigned(
            subject=self.id,
            time=now,
            engineer=engineer.id,
            engineer_name=engineer.name,
            senior=engineer.is_senior,
            by=by.sub,
            engineer_email=engineer.email,
            engineer_language=engineer.language,
            instead_of=before,
        )
        return [assigned]

    def release(self, reason: str, by: Person, now: datetime) -> list[Event]:
        """Back to the queue; raises Closed, NotTheirs, WrongStage."""
        self.must_be_theirs(by)
        self.must_be_at(Stage.HANDLING)
        before, self.assignee, self.assignee_name, self.claimed_with = self.assignee, "", "", ""
        self.stage = Stage.DIAGNOSIS
        self.log(Did.RELEASED, by, now, reason, engineer=before)
        released = TriageReleased(subject=self.id, time=now, engineer=before, reason=reason)
        return [released, TriageQueued(subject=self.id, time=now, queue=self.queue)]

    def reopen(self, event: TicketReopened, engineer: Engineer | None, now: datetime) -> list[Event]:
        """Back to the engineer who had it, when they are there; else to the queue."""
        if event.round <= self.round or self.is_overtaken("open", event):
            return []
        self.open, self.round, self.waiting_for = True, event.round, WaitingFor.NONE
        self.satisfaction, self.consultation_due = None, False
        before, self.assignee, self.assignee_name, self.claimed_with = self.assignee, "", "", ""
        self.stage = Stage.DIAGNOSIS
        self.log(Did.REOPENED, Person(event.actor), event.time, event.reason)
        if engineer:
            return self._give(engineer, TRIAGE, "", now)
        queued = TriageQueued(subject=self.id, time=now, queue=self.queue)
        if not before:
            return [queued]
        return [TriageReleased(subject=self.id, time=now, engineer=before, reason=event.reason), queued]

    # ---- what every change needs

    def log(self, did: Did, by: Person, now: datetime, text: str = "", **details: str) -> None:
        self.worklog.append(Entry(at=now, by=by.sub, did=did, text=text, details=details))

    def must_be_open(self) -> None:
        if not self.open:
            raise Closed(f"{self.id} is completed", f"{self.id} 已完成")

    def must_be_theirs(self, by: Person) -> None:
        self.must_be_open()
        if by.is_lead or (self.assignee and self.assignee == by.sub):
            return
        whose = self.assignee_name or self.assignee
        if whose:
            raise NotTheirs(f"{self.id} is worked on by {whose}", f"{self.id} 由 {whose} 处理")
        raise NotTheirs(f"{self.id} is in the queue; claim it first", f"{self.id} 尚在队列中，请先领取")

    def must_be_at(self, *stages: Stage) -> None:
        if self.stage not in stages:
            raise WrongStage(
                f"{self.id} is at the stage '{self.stage.label.en}'", f"{self.id} 处于“{self.stage.label.zh}”阶段"
            )

    def must_have_room(self) -> None:
        if len(self.worklog) >= MOST_ENTRIES:
            raise WorklogFull(f"{self.id} has {MOST_ENTRIES} entries", f"{self.id} 的记录已达 {MOST_ENTRIES} 条")
