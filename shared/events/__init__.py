"""Every event that crosses a service border, by the service that makes it. Reading these files is reading the system.

An event is a fact, named in the past tense. On the wire it is a CloudEvent 1.0 in structured JSON
(https://github.com/cloudevents/spec, cloudevents/spec.md and bindings/nats-protocol-binding.md):
`type` is `bihuan.<kind>.v<version>`, `subject` the ticket number, or, where no ticket is concerned,
the id of what changed. Fields are only ever added, and only with a default; a break is a new class.

Order: `revision` counts the changes of the maker's aggregate. Of two facts about one matter the greater revision
holds; clocks of several machines are never compared. One change tells one fact about a matter at most.
"""

from shared.events.customers import (
    CallChanged,
    CallState,
    CustomerMerged,
    ProductReleaseUpcoming,
    ProductVersionReleased,
)
from shared.events.envelope import (
    BY_TYPE,
    CONTENT_TYPE,
    ENVELOPE,
    MAKER,
    NAMESPACE,
    Event,
    Malformed,
    Part,
    UnknownType,
    as_dict,
    wire_time,
)
from shared.events.incidents import (
    BothLanguages,
    IncidentDismissed,
    IncidentOpened,
    IncidentPriorityRaised,
    IncidentProposed,
    IncidentResolved,
    IncidentTicketAdded,
    IncidentTicketRemoved,
    IncidentUpdated,
    OnCallEngineer,
)
from shared.events.intake import (
    Contact,
    MailBounced,
    Problem,
    Question,
    TicketAmended,
    TicketAttachmentAdded,
    TicketConsentGiven,
    TicketConsentRevoked,
    TicketLinkRequested,
    TicketMailBounced,
    TicketMessagePosted,
    TicketOpened,
    TicketQuestionsAnswered,
    TicketQuestionsAsked,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketStageChanged,
    TicketUrged,
    TicketWaiting,
    UnfitAnswer,
)
from shared.events.intake_closing import (
    SolutionRound,
    TicketCalledBack,
    TicketCompleted,
    TicketFeedbackGiven,
    TicketPlanAgreed,
    TicketPlanCarriedOut,
    TicketPlanOverdue,
    TicketReopened,
)
from shared.events.intake_files import (
    FilesFound,
    FindFiles,
    LogPiece,
    LogState,
    ReadLog,
    TicketFile,
    TicketInternalFileAdded,
    TicketInvitationAnswered,
    TicketThirdPartyReplied,
)
from shared.events.intake_relations import (
    LinkReason,
    RelationKind,
    TicketLink,
    TicketLinked,
    TicketMerged,
    TicketRelated,
    TicketSplit,
    TicketWatchersChanged,
    Watcher,
)
from shared.events.intake_transfer import ContactErased, ImportPartTaken, TicketSummary
from shared.events.kb import (
    FoundCases,
    KbArticleApproved,
    KbArticleDrafted,
    KbArticlePublished,
    KbArticleReused,
    KbArticleStale,
    KbCaseArchived,
    Likeness,
    ReviewReason,
    SearchCases,
    SimilarCase,
    Suggestion,
)
from shared.events.notify import (
    NotifyContactTaskDone,
    NotifyContactTaskOpened,
    NotifyDelivered,
    NotifyFailed,
    NotifyUnacknowledged,
    NotifyWebhookDisabled,
)
from shared.events.sla import (
    AnnouncedDay,
    AnnouncedYear,
    AskClockTargets,
    ClockTarget,
    ClockTargets,
    SlaBreached,
    SlaCalendarChanged,
    SlaCallBackDue,
    SlaConsultationDue,
    SlaDeadlineMoved,
    SlaMet,
    SlaPolicyChanged,
    SlaWarned,
    SlaYearMissing,
    TargetTime,
    WorkingHours,
    WorkingWeek,
)
from shared.events.sla_reviews import REVIEW_EVENTS
from shared.events.triage import (
    MAX_CANDIDATES,
    Candidate,
    Evidence,
    LogBucket,
    LogGroup,
    LogOperation,
    Reason,
    TriageAcknowledged,
    TriageAlarmRaised,
    TriageAssigned,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageEscalated,
    TriageLogAnalysed,
    TriageReclassified,
    TriageReleased,
    TriageRemoteSessionEnded,
    TriageRemoteSessionStarted,
    TriageSolutionFailed,
    TriageSolutionProposed,
    TriageSolutionVerified,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
    TriageThirdPartyOverdue,
)
from shared.events.triage_consultations import (
    TriageActionDone,
    TriageActionDue,
    TriageConsultationCancelled,
    TriageConsultationChanged,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageInvitationAnswered,
)
from shared.events.triage_work import ConfigChange, TriageDeepAnalysisBegun, TriageKnowledgeSearched, TriageStepTried
from shared.events.upkeep import KbFollowUpDue, KbReleasePackReady, KbReviewDue, KbTrainingHeld, KbTrainingPlanned

EVENTS: tuple[type[Event], ...] = tuple(Event.__subclasses__())

# fmt: off
__all__ = [
    "BY_TYPE", "CONTENT_TYPE", "ENVELOPE", "EVENTS", "MAKER", "MAX_CANDIDATES", "NAMESPACE", "REVIEW_EVENTS",
    "AnnouncedDay", "AnnouncedYear", "AskClockTargets", "BothLanguages", "CallChanged", "CallState", "Candidate",
    "ClockTarget", "ClockTargets",
    "ConfigChange", "Contact", "ContactErased", "CustomerMerged", "Event", "Evidence", "FilesFound", "FindFiles",
    "FoundCases", "ImportPartTaken", "IncidentDismissed", "IncidentOpened", "IncidentPriorityRaised",
    "IncidentProposed", "IncidentResolved", "IncidentTicketAdded", "IncidentTicketRemoved", "IncidentUpdated",
    "KbArticleApproved", "KbArticleDrafted", "KbArticlePublished", "KbArticleReused", "KbArticleStale",
    "KbCaseArchived", "KbFollowUpDue", "KbReleasePackReady", "KbReviewDue", "KbTrainingHeld", "KbTrainingPlanned",
    "Likeness", "LinkReason", "LogBucket", "LogGroup", "LogOperation", "LogPiece", "LogState", "MailBounced",
    "Malformed", "NotifyContactTaskDone", "NotifyContactTaskOpened", "NotifyDelivered", "NotifyFailed",
    "NotifyUnacknowledged", "NotifyWebhookDisabled",
    "OnCallEngineer", "Part", "Problem", "ProductReleaseUpcoming", "ProductVersionReleased",
    "Question", "ReadLog", "Reason", "RelationKind", "ReviewReason", "SearchCases",
    "SimilarCase", "SlaBreached", "SlaCalendarChanged", "SlaCallBackDue", "SlaConsultationDue", "SlaDeadlineMoved",
    "SlaMet", "SlaPolicyChanged", "SlaWarned", "SlaYearMissing", "SolutionRound", "Suggestion",
    "TargetTime", "TicketAmended", "TicketAttachmentAdded", "TicketCalledBack", "TicketCompleted", "TicketConsentGiven",
    "TicketConsentRevoked", "TicketFeedbackGiven", "TicketFile", "TicketInternalFileAdded",
    "TicketInvitationAnswered", "TicketLink", "TicketLinkRequested", "TicketLinked", "TicketMailBounced",
    "TicketMerged", "TicketMessagePosted", "TicketOpened", "TicketPlanAgreed", "TicketPlanCarriedOut",
    "TicketPlanOverdue", "TicketQuestionsAnswered", "TicketQuestionsAsked", "TicketRelated", "TicketReopened",
    "TicketResumed", "TicketSolutionAccepted", "TicketSolutionRejected", "TicketSplit", "TicketStageChanged",
    "TicketSummary", "TicketThirdPartyReplied", "TicketUrged", "TicketWaiting", "TicketWatchersChanged",
    "TriageAcknowledged",
    "TriageActionDone", "TriageActionDue", "TriageAlarmRaised", "TriageAssigned", "TriageConsultationCancelled",
    "TriageConsultationChanged", "TriageConsultationConcluded", "TriageConsultationOpened",
    "TriageDeepAnalysisBegun", "TriageDiagnosed", "TriageDiagnosisConfirmed", "TriageEscalated",
    "TriageInvitationAnswered", "TriageKnowledgeSearched", "TriageLogAnalysed", "TriageReclassified",
    "TriageReleased", "TriageRemoteSessionEnded", "TriageRemoteSessionStarted", "TriageSolutionFailed",
    "TriageSolutionProposed", "TriageSolutionVerified", "TriageStepTried", "TriageThirdPartyAnswered",
    "TriageThirdPartyEngaged", "TriageThirdPartyOverdue", "UnfitAnswer", "UnknownType", "Watcher", "WorkingHours",
    "WorkingWeek", "as_dict", "wire_time",
]
# fmt: on
