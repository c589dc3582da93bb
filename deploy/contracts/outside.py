"""Events that none of the five services listens to: who needs them, so that each is told for somebody."""

from collections.abc import Collection, Mapping

from shared.events import (
    Event,
    IncidentDismissed,
    KbArticleApproved,
    KbArticlePublished,
    KbArticleStale,
    KbTrainingHeld,
)
from shared.events.sla_reviews import SlaReviewPublished

# Pages that are open follow the stream that notify gives out; other systems read the stream of the bus.
NEEDED_BY: Mapping[type[Event], str] = {
    IncidentDismissed: "open pages of leads: there is nothing to confirm any more",
    KbArticleApproved: "open pages of editors: the article is ready to be published",
    KbArticlePublished: "public help sites: they fetch the article",
    KbArticleStale: "public help sites: they take the article down",
    SlaReviewPublished: "other systems: they fetch the review, which stays as it is from now on",
    KbTrainingHeld: "open pages of whoever was invited: outcome and follow-ups can be read",
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
