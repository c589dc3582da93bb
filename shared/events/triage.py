"""What triage tells: the work on tickets."""

from shared.events.envelope import Event, Part
from shared.events.kb import Suggestion
from shared.events.triage_work import ConfigChange
from shared.terms import Category, Moment, Priority

MAX_CANDIDATES = 10  # of an assignment that are told, some 10 kB at most


class Reason(Part):
    """Why triage decided as it did, for people to read."""

    en: str
    zh: str


class Evidence(Part):
    """What spoke for a diagnosis. `source`: `text` (a fact that was understood), `words` (parts of words), `meaning`,
    `answers`, `trace`, `case` (a solved one), `rule`, `learned`; `name` is the fact, the words, the model that knows
    what texts mean, the id of the case or the rule and its version; `speaks_for` a priority (`priority:urgent`),
    category or queue; `weight` what it adds to the logarithm of its odds, 0 where it decides alone; `quote` the
    customer's words."""

    source: str
    name: str
    speaks_for: str
    weight: float = 0
    quote: str = ""
    en: str = ""
    zh: str = ""


class Candidate(Part):
    """An engineer who was considered for a ticket: their score (the higher the better), and how many they had open."""

    engineer: str
    score: float
    open: int = 0


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
    evidence: list[Evidence] = []
    versions: dict[str, str] = {}  # of the models and rules that were asked
    team: str = ""  # whose the ticket is because of its category


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
    was: Priority | None = None  # the priority until now
    evidence: list[Evidence] = []
    versions: dict[str, str] = {}  # of the models and rules that were asked


class TriageAssigned(Event):
    """Who has the ticket from now on, by which rule, and who was considered for it: the best of them, of `considered`
    in all. `acknowledge_by`: it goes to somebody else unless they say by then that they have it."""

    kind = "triage.assigned"
    engineer: str
    engineer_name: str
    senior: bool
    by: str
    engineer_email: str = ""
    engineer_language: str = "zh"
    instead_of: str = ""  # who had it until now
    reason: str = ""
    rule: str = ""
    candidates: list[Candidate] = []
    considered: int = 0
    acknowledge_by: Moment | None = None


class TriageReleased(Event):
    kind = "triage.released"
    engineer: str
    reason: str


class TriageAcknowledged(Event):
    """The engineer says that they have seen the urgent ticket that they were given."""

    kind = "triage.acknowledged"
    engineer: str


class TriageAlarmRaised(Event):
    """An urgent ticket that nobody has (`assignee` is empty) or nobody acknowledges, told again at `next_at` unless
    that has changed; `times` counts since it began."""

    kind = "triage.alarm_raised"
    assignee: str
    assignee_name: str = ""
    team: str = ""
    times: int
    next_at: Moment


class TriageEscalated(Event):
    """The ticket is another team's from now on; `engineer` had it, and is released by an event of its own."""

    kind = "triage.escalated"
    team: str
    team_name: str
    from_team: str = ""
    engineer: str = ""
    reason: str


class TriageRemoteSessionStarted(Event):
    kind = "triage.remote_session_started"
    session: str
    tool: str
    consent: str
    purpose: str = ""
    scope: str = ""  # that of the consent
    until: Moment | None = None  # for as long as that is given


class TriageRemoteSessionEnded(Event):
    """`cut_off`: the customer revoked the consent, or its time is over; what was done is told by another one of these,
    when the engineer has written it down."""

    kind = "triage.remote_session_ended"
    session: str
    key_steps: list[str]
    changes: str = ""
    recording: str = ""
    cut_off: bool = False
    recording_sha256: str = ""
    config_changes: list[ConfigChange] = []


class LogBucket(Part):
    """How often in the minute, ten minutes, hour, day or month that begins with this text of an ISO 8601 time."""

    begins: str
    count: int


class LogGroup(Part):
    """One error of a log, however often it came. Times are as the log says them, ISO 8601 without a zone; empty where
    it has none. `systems`: ids of third-party systems that it points to."""

    fingerprint: str
    title: str
    count: int
    first_at: str = ""
    last_at: str = ""
    module: str = ""
    systems: list[str] = []
    buckets: list[LogBucket] = []


class LogOperation(Part):
    """What somebody did in the product, as its log says it."""

    at: str
    who: str
    did: str


class TriageLogAnalysed(Event):
    """Errors found in a log (P3.2): a fingerprint stays the same when only line numbers move. `module` is where most
    of them began, `systems` are ids of the third-party systems that they point to."""

    kind = "triage.log_analysed"
    analysis: str
    fingerprints: list[str]
    exceptions: list[str]
    root_cause: str = ""
    attachment: str = ""
    similar: list[Suggestion] = []
    lines: int = 0
    groups: list[LogGroup] = []
    module: str = ""
    systems: list[str] = []
    operations: list[LogOperation] = []


class TriageThirdPartyEngaged(Event):
    """`party` is a name, unique among those that are asked about a ticket and have not answered; `third_party` the id
    of its record, if there is one. With `email` it is asked by mail, with a page by signed link that shows `title`,
    `reason`, these attachments of the ticket, and `customer` where that was chosen; nothing else."""

    kind = "triage.third_party_engaged"
    party: str
    reason: str
    engagement: str = ""
    third_party: str = ""
    contact: str = ""
    email: str = ""
    language: str = "zh"
    title: str = ""
    attachments: list[str] = []
    customer: str = ""
    due_at: Moment | None = None


class TriageThirdPartyAnswered(Event):
    """`attachments`: ids of files that came with it, which staff alone see."""

    kind = "triage.third_party_answered"
    party: str
    answer: str
    engagement: str = ""
    attachments: list[str] = []


class TriageThirdPartyOverdue(Event):
    """It has not answered by `due_at`: told once, to it and to the engineer."""

    kind = "triage.third_party_overdue"
    party: str
    engagement: str
    due_at: Moment
    contact: str = ""
    email: str = ""
    language: str = "zh"
    title: str = ""
    reason: str = ""


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
    environment: str = ""
    expected: str = ""
    evidence: list[str] = []  # ids of attachments of the ticket


class TriageSolutionFailed(Event):
    kind = "triage.solution_failed"
    round: int
    steps: str
    result: str
    environment: str = ""
    expected: str = ""
    evidence: list[str] = []
