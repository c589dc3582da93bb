"""Events that none of the five services listens to: who needs them, so that each is told for somebody."""

from collections.abc import Collection, Mapping

from shared.events import (
    CallChanged,
    Event,
    KbArticleApproved,
    KbArticlePublished,
    KbArticleStale,
    KbCaseArchived,
    NotifyDelivered,
    NotifyFailed,
    SlaMet,
    TicketAttachmentAdded,
    TicketLinked,
    TicketPlanAgreed,
    TicketPlanCarriedOut,
    TicketStageChanged,
    TriageRemoteSessionEnded,
    TriageRemoteSessionStarted,
    TriageSolutionFailed,
    TriageSolutionProposed,
)

# Pages that are open follow the stream that notify gives out; other systems read the stream of the bus.
NEEDED_BY: Mapping[type[Event], str] = {
    CallChanged: "open pages of agents: who calls, before they answer",
    TicketLinked: "open pages: the earlier tickets appear beside this one",
    TicketAttachmentAdded: "open pages: the file appears; a virus scanner fetches it",
    TicketPlanAgreed: "reports on dissatisfied customers: what they were promised",
    TicketStageChanged: "integrators and open pages: how far the ticket is, and why",
    TicketPlanCarriedOut: "reports on dissatisfied customers: what became of the promise",
    KbCaseArchived: "a data warehouse: the case is complete and can be fetched",
    KbArticleApproved: "open pages of editors: the article is ready to be published",
    KbArticlePublished: "public help sites: they fetch the article",
    KbArticleStale: "public help sites: they take the article down",
    NotifyDelivered: "open pages: the customer was reached; notify itself, when it is built again",
    NotifyFailed: "open pages: somebody has to telephone; notify itself, when it is built again",
    SlaMet: "reports on service levels; sla itself, when it is built again",
    TriageRemoteSessionStarted: "security monitoring of remote access; triage itself, when it is built again",
    TriageRemoteSessionEnded: "security monitoring of remote access; triage itself, when it is built again",
    TriageSolutionProposed: "open pages: what is being tried; triage itself, when it is built again",
    TriageSolutionFailed: "reports on failed internal verifications; triage itself, when it is built again",
}


def unexplained(
    events: Collection[type[Event]], heard: Collection[type[Event]], needed_by: Mapping[type[Event], str] = NEEDED_BY
) -> list[str]:
    """What is wrong: events that nobody needs, and reasons that are none (any more)."""
    told_for_nobody = [
        f"{one.kind} has neither a listener nor a reason"
        for one in events
        if one not in heard and not needed_by.get(one, "").strip()
    ]
    heard_after_all = [f"{one.kind} has a listener and needs no reason" for one in needed_by if one in heard]
    gone = [f"{one.kind} is no event any more" for one in needed_by if one not in events]
    return told_for_nobody + heard_after_all + gone
