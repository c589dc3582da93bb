"""What kb tells of keeping articles right, and of training (P6.3)."""

from shared.events.envelope import Event
from shared.events.kb import ReviewReason
from shared.terms import Moment


class KbReviewDue(Event):
    """Somebody should look at this article again; `about` says which version or ticket makes it so."""

    kind = "kb.review_due"
    title: str
    reasons: list[ReviewReason]
    about: str = ""
    owner: str = ""


class KbTrainingPlanned(Event):
    """A case-sharing session has a date; `subject` is the session."""

    kind = "kb.training_planned"
    quarter: str
    planned_for: Moment
    place: str = ""
    attendees: list[str] = []


class KbTrainingHeld(Event):
    kind = "kb.training_held"
    quarter: str
    attended: list[str]
    follow_ups: int = 0


class KbFollowUpDue(Event):
    """What was agreed in a case-sharing session has not been done by its day."""

    kind = "kb.follow_up_due"
    quarter: str
    what: str
    owner: str
    due_at: Moment


class KbReleasePackReady(Event):
    """What people should know before a version goes live. `people` are those who have not confirmed that they do."""

    kind = "kb.release_pack_ready"
    product: str
    version: str
    goes_live_at: Moment
    people: list[str] = []
