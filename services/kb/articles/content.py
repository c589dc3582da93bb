"""The parts of an article: its content, its revisions and its reuses."""

from pydantic import AwareDatetime, Field

from services.kb.search.domain import Kind, Searched
from shared.domain import Value
from shared.terms import Category, Term

MAX_DETAILS = 1000  # characters


class Audience(Term):
    """Who may read an article once it is published; who may read it may also read those for more people."""

    PUBLIC = "public", "everybody", "公开"
    CUSTOMERS = "customers", "customers who are signed in", "客户可见"
    INTERNAL = "internal", "staff", "内部"


class Content(Value):
    """The text of an article, and what it is about."""

    title: str
    problem: str
    solution: str
    root_cause: str = ""
    category: Category | None = None
    tags: list[str] = Field(default_factory=list)
    fingerprints: list[str] = Field(default_factory=list)
    product: str = ""
    product_version: str = ""
    affected_versions: list[str] = Field(default_factory=list)
    fixed_versions: list[str] = Field(default_factory=list)
    audience: Audience = Audience.INTERNAL

    def has_solution_of(self, other: "Content") -> bool:
        return (self.solution, self.root_cause) == (other.solution, other.root_cause)

    def entry(self, article: str) -> Searched:
        """What is searched of the article with this id."""
        texts = (("problem", self.problem), ("root_cause", self.root_cause), ("solution", self.solution))
        about = {name: getattr(self, name) for name in ("category", "product", "product_version")}
        return Searched(
            Kind.ARTICLE,
            self.title,
            texts,
            tags=self.tags,
            fingerprints=self.fingerprints,
            article=article,
            audience=str(self.audience),
            **about,
        )


class Revision(Value):
    number: int
    author: str
    time: AwareDatetime
    content: Content
    approved_by: str = ""


class Reuse(Value):
    """A ticket that the article solved, and what was particular about it."""

    ticket: str
    by: str
    time: AwareDatetime
    details: str = ""


class ArticleFile(Value):
    """A picture or another file. It stays as long as its article: older revisions may show it."""

    id: str
    name: str
    media_type: str
    size: int  # bytes
    sha256: str
    added_by: str
    added_at: AwareDatetime
