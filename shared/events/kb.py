"""What kb tells: cases and articles; and the one question that kb is asked over the bus."""

from pydantic import BaseModel, ConfigDict, Field

from shared.events.envelope import Event, Part
from shared.terms import Category, Whole


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


class Suggestion(Part):
    """A solved case like this one, found by kb."""

    article: str
    title: str
    score: float
    category: Category | None = None
    exact: bool = False


class SearchCases(BaseModel):
    """Asked of kb (`bihuan.kb.search`, request/reply): solved cases like this text."""

    model_config = ConfigDict(extra="ignore")

    text: str = Field(max_length=20_000)
    fingerprints: list[str] = Field(default=[], max_length=20)
    limit: Whole = Field(default=5, ge=1, le=20)


class FoundCases(BaseModel):
    model_config = ConfigDict(extra="ignore")

    suggestions: list[Suggestion]
