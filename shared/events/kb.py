"""What kb tells: cases and articles; what kb is asked over the bus, and its replicas tell each other."""

from pydantic import BaseModel, ConfigDict, Field

from shared.events.envelope import Event, Part
from shared.terms import Category, OpenTerm, Whole


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


class ReviewReason(OpenTerm):
    """Why an article should be looked at again."""

    REVIEW_DATE = "review_date", "the review date has come", "已到复审日期"
    NEW_VERSION = "new_version", "a new version of the product is out", "产品发布了新版本"
    REOPENED = "reopened", "a ticket that it had solved was reopened", "引用后工单被重开"
    NOT_HELPFUL = "not_helpful", "it helps less often than it did", "有效率下降"


class KbArticleReused(Event):
    """`subject` is the ticket that was helped."""

    kind = "kb.article_reused"
    article: str
    title: str
    by: str


class Likeness(Part):
    """In what two problems are alike. `by`: `fingerprint`, `version`, `words` or `meaning`; the values are those that
    both have, none for `meaning`."""

    by: str
    values: list[str] = []


class Suggestion(Part):
    """An article that answers this, found by kb; the strongest reason first."""

    article: str
    title: str
    score: float
    category: Category | None = None
    exact: bool = False
    why: list[Likeness] = []


class SimilarCase(Part):
    """A solved case like this one, found by kb. `article` is the one that solved it, or was drafted from it."""

    ticket: str
    title: str
    score: float
    category: Category | None = None
    article: str = ""
    solution: str = ""
    exact: bool = False
    why: list[Likeness] = []


class SearchCases(BaseModel):
    """Asked of kb (`bihuan.kb.search`, request/reply): what is like this text, whose first line is the title of the
    problem. With `audiences` only articles for these, and no cases; with `meaning` also what the text means."""

    model_config = ConfigDict(extra="ignore")

    text: str = Field(max_length=20_000)
    fingerprints: list[str] = Field(default=[], max_length=20)
    limit: Whole = Field(default=5, ge=1, le=20)
    product: str = Field(default="", max_length=200)
    product_version: str = Field(default="", max_length=200)
    audiences: list[str] = Field(default=[], max_length=5)
    meaning: bool = False


class FoundCases(BaseModel):
    """`complete` is false while the replica that answers still builds its index. `meaning` is the vector of the text
    (base64 of little-endian 16-bit floats) and `meaning_model` what made it; empty where kb has no such model, or the
    vector was not there in time."""

    model_config = ConfigDict(extra="ignore")

    suggestions: list[Suggestion]
    cases: list[SimilarCase] = []
    complete: bool = True
    meaning: str = Field(default="", max_length=4_000)
    meaning_model: str = ""


SEARCH_CHANGED = "kb.search_changed"


class SearchChanged(BaseModel):
    """What is searched was changed `by` this replica of kb: the others look for it soon. Told for a moment only."""

    model_config = ConfigDict(extra="ignore")

    by: str = Field(max_length=40)


class ReadArticle(BaseModel):
    """Asked of kb (`bihuan.kb.read_article`): a published article, if it is for one of these audiences."""

    model_config = ConfigDict(extra="ignore")

    article: str = Field(max_length=100)
    audiences: list[str] = Field(min_length=1, max_length=5)


class ArticleText(BaseModel):
    """The texts are HTML that is safe to show, without pictures. `article` is empty where there is none to be read;
    another one than was asked for where that was merged into it."""

    model_config = ConfigDict(extra="ignore")

    article: str = ""
    title: str = ""
    language: str = ""
    problem: str = ""
    root_cause: str = ""
    solution: str = ""
