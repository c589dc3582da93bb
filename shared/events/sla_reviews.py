"""What sla tells of reviews, of what they lead to, and of training (P6.2, P6.3)."""

from shared.events.envelope import Event, Part


class SlaReviewMade(Event):
    """A review of the tickets opened from the day `since` until before the day `until` can be read; nobody has
    published it yet. `subject` is its id."""

    kind = "sla.review_made"
    since: str
    until: str


class SlaReviewPublished(Event):
    """From now on it stays as it is: `digest` is the SHA-256 of its content."""

    kind = "sla.review_published"
    since: str
    until: str
    digest: str


class SlaImprovementRaised(Event):
    """An entry of a review became an improvement, which `owner` sees to until the day `due_on`."""

    kind = "sla.improvement_raised"
    title: str
    improvement_kind: str
    owner: str
    due_on: str
    review: str


class SlaImprovementDue(Event):
    """Its owner is reminded: it is due soon, or `overdue`."""

    kind = "sla.improvement_due"
    title: str
    improvement_kind: str
    owner: str
    due_on: str
    review: str
    overdue: bool = False


class HardCase(Part):
    """A ticket that is worth a talk, and why: `rounds`, `consultation`, `late`, `dissatisfied`, `reopened`."""

    ticket: str
    reasons: list[str]


class SlaTrainingProposed(Event):
    """The hard cases of a quarter (`2026-Q1`), the hardest first (P6.3). `subject` is the quarter."""

    kind = "sla.training_proposed"
    quarter: str
    tickets: list[HardCase]


REVIEW_EVENTS: tuple[type[Event], ...] = (
    SlaReviewMade,
    SlaReviewPublished,
    SlaImprovementRaised,
    SlaImprovementDue,
    SlaTrainingProposed,
)
