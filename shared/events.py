"""Every event that crosses a service border. Reading this file is reading the system.

An event is a fact, named in the past tense. On the wire it is a CloudEvent 1.0 in structured JSON
(https://github.com/cloudevents/spec, cloudevents/spec.md and bindings/nats-protocol-binding.md):
`type` is `bihuan.<kind>.v<version>`, `subject` the ticket number, or, where no ticket is concerned,
the id of what changed. Fields are only ever added, and only with a default; a break is a new class.

Order: `revision` counts the changes of the maker's aggregate. Of two facts about one matter the greater revision
holds; clocks of several machines are never compared. One change tells one fact about a matter at most.
"""

import json
import re
from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.terms import (
    Category,
    Channel,
    ClockKind,
    Moment,
    Priority,
    Satisfaction,
    Stage,
    Status,
    WaitingFor,
    Whole,
)

CONTENT_TYPE = "application/cloudevents+json"
NAMESPACE = "bihuan"


class Malformed(Exception):
    """The bytes are no event: no JSON, no CloudEvent, wrong data. Says what is wrong, never what it says."""


class UnknownType(Exception):
    """A CloudEvent of a type or version that is not known here, perhaps to a newer replica."""


class Event(BaseModel):
    """What all events carry: which fact (`id`), about what (`subject`), when (`time`), the version of the aggregate
    that the change made (`revision`, 0 where it is not known), who did it (`actor`: a person's `sub`,
    `mailto:<address>` for a guest, `service:<name>`), which event or request led to it (`cause`), and the trace that
    it belongs to."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
    kind: ClassVar[str] = ""
    schema_version: ClassVar[int] = 1

    subject: str
    time: Moment
    id: str = Field(default_factory=lambda: uuid4().hex)
    revision: int = Field(0, ge=0)
    actor: str = ""
    cause: str = ""
    traceparent: str = ""

    @classmethod
    def type(cls) -> str:
        return f"{NAMESPACE}.{cls.kind}.v{cls.schema_version}"

    @classmethod
    def dataschema(cls) -> str:
        """The `$id` of its data's JSON Schema in docs/asyncapi.json."""
        return f"urn:{NAMESPACE}:event:{cls.kind}:v{cls.schema_version}"

    @classmethod
    def source(cls) -> str:
        """The service that makes it, as a CloudEvents source."""
        return f"/{NAMESPACE}/{MAKER[cls.kind.split('.')[0]]}"

    def to_wire(self) -> bytes:
        data = self.model_dump_json(exclude=ENVELOPE, by_alias=True)
        head = {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source(),
            "type": self.type(),
            "subject": self.subject,
            "time": self.time.isoformat(),
            "datacontenttype": "application/json",
            "dataschema": self.dataschema(),
        }
        head |= {k: v for k in ("revision", "actor", "cause", "traceparent") if (v := getattr(self, k))}
        return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "data": {data}}}'.encode()

    @staticmethod
    def from_wire(body: bytes) -> "Event":
        """The event in these bytes. Raises Malformed, UnknownType."""
        try:
            envelope = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Malformed(f"not JSON ({type(error).__name__})") from None
        if not isinstance(envelope, dict) or envelope.get("specversion") != "1.0" or not envelope.get("id"):
            raise Malformed("not a CloudEvent 1.0")
        name = str(envelope.get("type"))
        kind = BY_TYPE.get(name)
        if kind is None:
            if TYPE.fullmatch(name):
                raise UnknownType(name)
            raise Malformed("not one of our types")
        data = envelope.get("data")
        if not isinstance(data, dict):
            raise Malformed("data is not an object")
        try:
            return kind.model_validate({**data, **{k: envelope[k] for k in ENVELOPE if k in envelope}})
        except ValidationError as error:
            wrong = ", ".join(".".join(map(str, e["loc"]))[:80] for e in error.errors(include_input=False)[:10])
            raise Malformed(f"{kind.type()}: {error.error_count()} wrong fields: {wrong}") from None


ENVELOPE = set(Event.model_fields)
TYPE = re.compile(rf"{NAMESPACE}\.[a-z_]{{1,40}}\.[a-z_]{{1,60}}\.v[0-9]{{1,4}}")
# Which service makes the events whose kind begins with this word.
MAKER = {"ticket": "intake", "customer": "intake", "triage": "triage", "sla": "sla", "kb": "kb", "notify": "notify"}


class Part(BaseModel):
    """A value inside an event."""

    model_config = ConfigDict(frozen=True, extra="ignore")


# ---- intake: the ticket -------------------------------------------------------------------------
# `assignee` is who had the ticket then, as intake knew it: empty for nobody, None where it is not told.


class Contact(Part):
    """A person on the customer's side. `sub` is who they are when they sign in, empty for a guest."""

    name: str
    sub: str = ""
    email: str = ""
    phone: str = ""
    language: str = "zh"


class Problem(Part):
    """What was collected about a request (P1.2)."""

    title: str
    description: str
    product: str = ""
    product_version: str = ""
    module: str = ""
    environment: str = ""
    steps: str = ""
    error_text: str = ""
    users_affected: int | None = None
    business_blocked: bool | None = None


class Question(Part):
    """A guided question: `field` is the fact of `Problem` that is missing."""

    field: str
    en: str
    zh: str


class TicketOpened(Event):
    """A ticket that waits for its customer from the start says so here and does not say it again. `customer` is the id
    of a customer, `customer_name` what people read."""

    kind = "ticket.opened"
    problem: Problem
    customer: str
    customer_name: str = ""
    company: str = ""
    contact: Contact
    channel: Channel
    taken_by: str
    missing: list[str] = []
    linked: list[str] = []
    questions: list[Question] = []
    waiting_for: WaitingFor = WaitingFor.NONE


class TicketLinked(Event):
    """Earlier tickets of the same customer were linked (P1.5)."""

    kind = "ticket.linked"
    to: list[str]


class TicketQuestionsAsked(Event):
    kind = "ticket.questions_asked"
    questions: list[Question]
    at_opening: bool = False


class TicketQuestionsAnswered(Event):
    """`problem` is the whole of what is known now."""

    kind = "ticket.questions_answered"
    answers: dict[str, str]
    problem: Problem
    missing: list[str] = []
    assignee: str | None = None


class TicketAmended(Event):
    """`problem` is the whole of what is known now, `changed` the names of its fields that are new."""

    kind = "ticket.amended"
    problem: Problem
    changed: list[str] = []


class TicketStageChanged(Event):
    """The ticket went from one stage to another, once in a change at most. `why` is the last word of the kind of what
    moved it: `assigned`, `solution_rejected`, `reopened`; `feedback_ran_out` when it was time."""

    kind = "ticket.stage_changed"
    before: Stage = Field(alias="from")
    after: Stage = Field(alias="to")
    status: Status
    why: str


class TicketMessagePosted(Event):
    """Somebody wrote on the ticket. `internal` notes never reach the customer, and their text not the bus. What staff
    write down in the customer's words is the customer's (`by_staff` is false); then `recorded_by` says who typed it."""

    kind = "ticket.message_posted"
    message: str
    author: str
    by_staff: bool
    internal: bool
    text: str
    recorded_by: str = ""
    assignee: str | None = None


class TicketAttachmentAdded(Event):
    kind = "ticket.attachment_added"
    attachment: str
    name: str
    size: int
    media_type: str
    sha256: str
    by_staff: bool = False


class TicketWaiting(Event):
    kind = "ticket.waiting"
    waiting_for: WaitingFor


class TicketResumed(Event):
    kind = "ticket.resumed"
    waited_for: WaitingFor


class TicketConsentGiven(Event):
    """Written consent to remote assistance (P3.1): `words` is what the customer wrote."""

    kind = "ticket.consent_given"
    consent: str
    scope: str
    given_by: str
    words: str
    expires_at: Moment | None = None


class TicketConsentRevoked(Event):
    kind = "ticket.consent_revoked"
    consent: str


class TicketLinkRequested(Event):
    """The desk is to send the customer a link for one `action` in this round, to their own address and nobody else's:
    `accept_solution`, `reject_solution`, `give_feedback` or `give_consent`."""

    kind = "ticket.link_requested"
    action: str
    round: int
    to: str


class TicketSolutionAccepted(Event):
    """The customer's yes in production (P4.2): the ticket is resolved. What they said on the telephone was written
    down by one member of staff and confirmed by another."""

    kind = "ticket.solution_accepted"
    round: int
    comment: str = ""
    recorded_by: str = ""
    confirmed_by: str = ""


class TicketSolutionRejected(Event):
    """The customer's no: back to handling; `round` is the one that begins now."""

    kind = "ticket.solution_rejected"
    round: int
    comment: str
    assignee: str | None = None
    recorded_by: str = ""
    confirmed_by: str = ""


class TicketFeedbackGiven(Event):
    kind = "ticket.feedback_given"
    satisfaction: Satisfaction
    comment: str = ""


class TicketCalledBack(Event):
    kind = "ticket.called_back"
    cause_of_dissatisfaction: str
    notes: str = ""


class TicketPlanAgreed(Event):
    """The second service plan after a dissatisfied customer was called back (P5.2)."""

    kind = "ticket.plan_agreed"
    plan: str


class TicketPlanCarriedOut(Event):
    kind = "ticket.plan_carried_out"
    result: str


class SolutionRound(Part):
    """One round of double verification (P4): internal steps and result, then the customer's word; by whom that was
    written down and confirmed when they said it on the telephone."""

    round: int
    solution: str
    root_cause: str = ""
    steps: str = ""
    result: str = ""
    verified_by: str = ""
    verified_at: Moment | None = None
    accepted: bool | None = None
    comment: str = ""
    answered_at: Moment | None = None
    article: str = ""
    recorded_by: str = ""
    confirmed_by: str = ""


class TicketCompleted(Event):
    """Archived: the whole standard case (P5.3). Where that is too large for one event its longest texts are cut, and
    `shortened` says so."""

    kind = "ticket.completed"
    problem: Problem
    customer: str
    customer_name: str = ""
    company: str = ""
    category: Category | None = None
    priority: Priority | None = None
    assignee: str = ""
    rounds: list[SolutionRound] = []
    fingerprints: list[str] = []
    satisfaction: Satisfaction | None = None
    feedback_comment: str = ""
    cause_of_dissatisfaction: str = ""
    second_plan: str = ""
    opened_at: Moment
    resolved_at: Moment | None = None
    shortened: bool = False


class TicketReopened(Event):
    kind = "ticket.reopened"
    reason: str
    round: int
    assignee: str | None = None


class CustomerMerged(Event):
    """Somebody said that two customers are one: `subject` is found to be `into`; empty when they are two again."""

    kind = "customer.merged"
    into: str
    reason: str = ""


# ---- triage: the work ---------------------------------------------------------------------------


class Reason(Part):
    """Why triage decided as it did, for people to read."""

    en: str
    zh: str


class Suggestion(Part):
    """A solved case like this one, found by kb."""

    article: str
    title: str
    score: float
    category: Category | None = None
    exact: bool = False


class TriageDiagnosed(Event):
    """Category and priority are known (P2.2, P2.3). `confirmed` is false while a person has yet to agree."""

    kind = "triage.diagnosed"
    category: Category
    priority: Priority
    queue: str
    reasons: list[Reason]
    suggestions: list[Suggestion] = []
    confirmed: bool
    confidence: float = 0  # from 0 to 1


class TriageDiagnosisConfirmed(Event):
    kind = "triage.diagnosis_confirmed"
    confirmed_by: str


class TriageReclassified(Event):
    kind = "triage.reclassified"
    category: Category
    priority: Priority
    queue: str
    reasons: list[Reason] = []
    confirmed: bool = True  # false when triage itself has changed its mind and is not sure yet
    confidence: float = 0  # from 0 to 1; a person's word has none


class TriageAssigned(Event):
    kind = "triage.assigned"
    engineer: str
    engineer_name: str
    senior: bool
    by: str
    engineer_email: str = ""
    engineer_language: str = "zh"
    instead_of: str = ""  # who had it until now
    reason: str = ""


class TriageReleased(Event):
    kind = "triage.released"
    engineer: str
    reason: str


class TriageRemoteSessionStarted(Event):
    kind = "triage.remote_session_started"
    session: str
    tool: str
    consent: str
    purpose: str = ""


class TriageRemoteSessionEnded(Event):
    kind = "triage.remote_session_ended"
    session: str
    key_steps: list[str]
    changes: str = ""
    recording: str = ""


class TriageLogAnalysed(Event):
    """Traces found in a log (P3.2): `fingerprint` stays the same when only line numbers move."""

    kind = "triage.log_analysed"
    analysis: str
    fingerprints: list[str]
    exceptions: list[str]
    root_cause: str = ""
    attachment: str = ""
    similar: list[Suggestion] = []


class TriageThirdPartyEngaged(Event):
    kind = "triage.third_party_engaged"
    party: str
    reason: str


class TriageThirdPartyAnswered(Event):
    kind = "triage.third_party_answered"
    party: str
    answer: str


class TriageSolutionProposed(Event):
    kind = "triage.solution_proposed"
    round: int
    solution: str
    root_cause: str = ""
    article: str = ""


class TriageSolutionVerified(Event):
    """The internal verification passed (P4.1): the customer is asked next. It also says who has the ticket and what was
    diagnosed, because what the customer answers may come before the assignment and the diagnosis are heard."""

    kind = "triage.solution_verified"
    round: int
    solution: str
    root_cause: str = ""
    article: str = ""
    steps: str
    result: str
    assignee: str = ""
    assignee_name: str = ""
    category: Category | None = None
    priority: Priority | None = None


class TriageSolutionFailed(Event):
    kind = "triage.solution_failed"
    round: int
    steps: str
    result: str


class TriageConsultationOpened(Event):
    kind = "triage.consultation_opened"
    background: str
    tried: str
    stuck_at: str
    invited: list[str]
    round: int = 1


class TriageConsultationConcluded(Event):
    kind = "triage.consultation_concluded"
    conclusions: str
    action_items: list[str]


# ---- sla: the clocks ----------------------------------------------------------------------------


class SlaDeadlineMoved(Event):
    """What a list of tickets shows: the first clock that runs, or ran, out (none while all are paused or stopped),
    and whether one is late. Told from the diagnosis on."""

    kind = "sla.deadline_moved"
    clock: ClockKind | None
    due_at: Moment | None
    late: bool


class SlaWarned(Event):
    kind = "sla.warned"
    clock: ClockKind
    due_at: Moment


class SlaBreached(Event):
    kind = "sla.breached"
    clock: ClockKind
    due_at: Moment


class SlaMet(Event):
    """A clock stopped at `time`; `within_target` says whether in time, `elapsed_seconds` is the sum of its ledger. What
    was heard later may change that: of several about one clock the one with the greatest revision holds, also against
    a breach that was told before."""

    kind = "sla.met"
    clock: ClockKind
    elapsed_seconds: float
    target_seconds: float
    within_target: bool


class SlaConsultationDue(Event):
    kind = "sla.consultation_due"
    due_at: Moment


class SlaCallBackDue(Event):
    kind = "sla.call_back_due"
    due_at: Moment


class WorkingHours(Part):
    """From `start` until before `end`, as HH:MM; 24:00 is midnight."""

    start: str
    end: str


class WorkingWeek(Part):
    """`weekly` begins with Monday; `overrides` say of single days (YYYY-MM-DD) whether they are `off` or `work`, and
    win over the public holidays of `country` (two letters, or none)."""

    zone: str
    weekly: list[list[WorkingHours]]
    country: str = ""
    overrides: dict[str, str] = {}


class SlaCalendarChanged(Event):
    """`week` holds since `time`."""

    kind = "sla.calendar_changed"
    calendar: str
    week: WorkingWeek | None = None


class PromisedTime(Part):
    """So many `hours`, `working_hours` or `working_days`."""

    amount: float
    unit: str


class SlaPolicyChanged(Event):
    """What is promised to tickets opened from `valid_from` on: by clock, then by priority. An empty `company` is
    everybody who has no policy of their own."""

    kind = "sla.policy_changed"
    company: str
    valid_from: Moment
    calendar: str
    promises: dict[str, dict[str, PromisedTime]]


# ---- kb: the memory -----------------------------------------------------------------------------


class KbCaseArchived(Event):
    kind = "kb.case_archived"
    tags: list[str]
    article: str = ""


class KbArticleDrafted(Event):
    """`subject` is the article's id; `ticket` the one it was learnt from."""

    kind = "kb.article_drafted"
    ticket: str
    title: str
    tags: list[str]


class KbArticleApproved(Event):
    kind = "kb.article_approved"
    title: str
    article_revision: int = 0


class KbArticlePublished(Event):
    kind = "kb.article_published"
    title: str
    tags: list[str]
    article_revision: int = 0


class KbArticleStale(Event):
    kind = "kb.article_stale"
    title: str
    reason: str


class KbArticleReused(Event):
    """`subject` is the ticket that was helped."""

    kind = "kb.article_reused"
    article: str
    title: str
    by: str


# ---- notify: the voice --------------------------------------------------------------------------


class NotifyDelivered(Event):
    kind = "notify.delivered"
    delivery: str
    recipient: str
    channel: str
    template: str


class NotifyFailed(Event):
    kind = "notify.failed"
    delivery: str
    recipient: str
    channel: str
    template: str
    error: str


EVENTS: tuple[type[Event], ...] = tuple(Event.__subclasses__())
BY_TYPE: dict[str, type[Event]] = {event.type(): event for event in EVENTS}


# ---- the one question that is asked over the bus -------------------------------------------------


class SearchCases(BaseModel):
    """Asked of kb (`bihuan.kb.search`, request/reply): solved cases like this text."""

    model_config = ConfigDict(extra="ignore")

    text: str = Field(max_length=20_000)
    fingerprints: list[str] = Field(default=[], max_length=20)
    limit: Whole = Field(default=5, ge=1, le=20)


class FoundCases(BaseModel):
    model_config = ConfigDict(extra="ignore")

    suggestions: list[Suggestion]


def wire_time(moment: datetime) -> datetime:
    """Cut to milliseconds, which is all that MongoDB keeps."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def as_dict(event: Event) -> dict[str, Any]:
    return json.loads(event.to_wire())  # type: ignore[no-any-return]
