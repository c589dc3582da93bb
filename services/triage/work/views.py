"""What people see of the work on a ticket."""

from datetime import datetime

from pydantic import AliasChoices, Field

from services.triage.work.values import Activity, WorkState
from services.triage.work.views_investigation import ConfigChangeView, DeepAnalysisView, KnowledgeSearchView
from services.triage.work.views_logs import KeptLogAnalysis, SuggestionView
from services.triage.work.views_meetings import ConsultationView
from shared.http import View
from shared.terms import Category, Channel, Priority, Satisfaction, WaitingFor
from shared.views import ProblemView


class ReasonView(View):
    en: str
    """In English"""
    zh: str
    """In Chinese"""


class ConsentView(View):
    id: str
    """By which it is revoked"""
    scope: str
    """What the customer allows"""
    tool: str
    """The only tool that may be used; empty: any approved one"""
    expires_at: datetime | None
    """From when on it no longer holds; null: until it is revoked"""


class WorklogEntryView(View):
    id: str
    """The same each time"""
    done_at: datetime = Field(validation_alias="at")
    """When"""
    by: str
    """Who, as a subject"""
    did: Activity
    """What was done"""
    text: str
    """In the words of whoever did it"""
    details: dict[str, str]
    """What else is known, by name"""


class RemoteSessionView(View):
    id: str
    """By which it is ended"""
    tool: str
    """The approved tool"""
    purpose: str
    """What it was for"""
    consent: str
    """The id of the customer's consent that it was held under"""
    scope: str
    """What that allows"""
    started_by: str
    """The engineer, as a subject"""
    started_at: datetime
    """When it began"""
    until: datetime | None
    """When the consent that it is held under ends; null: when it is revoked"""
    ended_at: datetime | None
    """When it ended; null while it goes on"""
    key_steps: list[str]
    """What was done, in order"""
    changes: str
    """What was changed on the customer's side"""
    config_changes: list[ConfigChangeView]
    """Settings that were changed, one by one"""
    recording: str
    """Where the recording is"""
    recording_sha256: str
    """Its SHA-256"""
    cut_off: bool
    """Whether it ended because the customer revoked the consent, or its time was over"""


class VerificationView(View):
    environment: str
    """The test environment"""
    steps: str
    """What was done in it"""
    expected: str
    """What should come of it"""
    result: str
    """What came of it"""
    evidence: list[str]
    """Ids of attachments of the ticket"""
    passed: bool
    """Whether the solution works"""
    by: str
    """The engineer, as a subject"""
    verified_at: datetime = Field(validation_alias="at")
    """When"""


class ProposalView(View):
    round: int
    """From 1; a rejected solution begins another one"""
    solution: str
    """What to do"""
    root_cause: str
    """Why it happens"""
    article: str
    """The knowledge article that it is from; empty if it is new"""
    by: str
    """Who proposed it, as a subject"""
    proposed_at: datetime = Field(validation_alias="at")
    """When"""
    verifications: list[VerificationView]
    """How often it was verified, and with which result"""


class ThirdPartyView(View):
    id: str
    """Of this engagement"""
    party: str
    """Its name"""
    third_party: str
    """The id of its record; empty if it has none"""
    email: str
    """Where it was asked"""
    title: str
    """The title that it reads"""
    attachments: list[str]
    """Ids of the attachments that it can download"""
    shown_customer: str
    """What it reads of the customer"""
    due_at: datetime | None
    """When it is to have answered; null: no such time was agreed"""
    reason: str
    """What it was engaged for"""
    engaged_at: datetime
    """When"""
    answer: str
    """What it answered"""
    answer_attachments: list[str]
    """Ids of the attachments that came with that"""
    answered_at: datetime | None
    """When; null while it has not"""


class WorkView(View):
    """The work on a ticket: its diagnosis, who has it, and everything that was done."""

    ticket: str = Field(validation_alias=AliasChoices("ticket", "id"))
    """The ticket's number"""
    version: int
    """Counts its changes; the ETag names it"""
    disputed: bool
    """Whether another ticket was opened under this number: only people assign it"""
    problem: ProblemView
    """What the customer reported"""
    customer: str
    """The customer's name"""
    company: str
    """Their company; empty if there is none"""
    contact_language: str
    """zh or en"""
    channel: Channel
    """How the ticket was opened"""
    opened_at: datetime
    """When"""

    category: Category
    """What kind of problem it is"""
    priority: Priority
    """How urgent it is"""
    queue: str
    """The queue that it is in"""
    reasons: list[ReasonView]
    """Why it was diagnosed so"""
    suggestions: list[SuggestionView]
    """Solved cases that are like it, the most alike first"""
    confidence: float
    """How sure the diagnosis is, from 0 to 1"""
    confirmed: bool
    """Whether a person confirmed it"""

    assignee: str
    """The engineer, as a subject; empty if nobody has it"""
    assignee_name: str
    """Their name"""
    last_assignee: str
    """Who had it before, as a subject"""
    acknowledge_by: datetime | None
    """By when whoever was given an urgent ticket says that they have it; null: nothing is asked"""
    awaits_acknowledgement: bool
    """Whether they have not said so yet"""
    alarms: int
    """How often the last alarm was raised because nobody had it or acknowledged it"""
    team: str
    """The team that it was escalated to; empty: everybody's"""
    incidents: list[str]
    """The incident that it is part of; empty if it is of none"""

    work: WorkState
    """How far the work is; the ticket's stage is part of the ticket"""
    waiting_for: WaitingFor
    """Whom it waits for"""
    open: bool
    """Whether the ticket is not completed"""
    round: int
    """Rounds of solving so far, from 1"""
    accepted_round: int
    """The round whose solution the customer accepted; 0 if none"""
    reopened_round: int
    """The round that the last reopening began; 1 if there was none"""
    reopened_at: datetime | None
    """When it was last reopened"""
    consultation_due_at: datetime | None
    """By when experts must be consulted"""
    consultation_due: bool
    """Whether that is overdue and no consultation was opened"""
    due_at: datetime | None = Field(validation_alias="next_due")
    """The next deadline of its clocks; null while none runs"""
    due_is_provisional: bool
    """Whether that may move, because it is in a year whose days off are not announced yet"""
    breached: bool
    """Whether that deadline has passed"""
    satisfaction: Satisfaction | None
    """The customer's rating"""

    consents: list[ConsentView]
    """The customer's consents to remote assistance that were not revoked"""
    worklog: list[WorklogEntryView]
    """Everything that was done, in order"""
    sessions: list[RemoteSessionView]
    """Remote sessions, in order"""
    searches: list[KnowledgeSearchView]
    """What the knowledge base was asked, in order"""
    deep_analysis: bool
    """Whether it is a new problem whose features are written down, and that is not solved yet"""
    deep_analyses: list[DeepAnalysisView]
    """The features of a new problem, of each round"""
    log_analyses: list[KeptLogAnalysis]
    """Analyses of logs, in order"""
    proposals: list[ProposalView]
    """The solution of each round"""
    third_parties: list[ThirdPartyView]
    """Who else was engaged, in order"""
    consultations: list[ConsultationView]
    """Expert consultations, in order"""
