"""What people send to articles and see of them."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from services.kb.articles.content import MAX_DETAILS, Content, Reuse, Revision
from services.kb.articles.domain import Article, ArticleState
from shared.http import Body
from shared.terms import Category, Known, Line, OptionalLine, OptionalParagraph, Paragraph

Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Fingerprint = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Ticket = Annotated[str, StringConstraints(pattern=r"^TK-[0-9]{4}-[0-9]{6,12}$")]  # events about it must name a ticket
Details = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_DETAILS)]


class ArticleText(Body):
    """The whole text of an article; an edit replaces all of it."""

    title: Line
    problem: Paragraph
    solution: Paragraph
    root_cause: OptionalParagraph = ""
    category: Known[Category] | None = None
    tags: list[Tag] = Field(default_factory=list, max_length=20)
    fingerprints: list[Fingerprint] = Field(default_factory=list, max_length=20)
    product: OptionalLine = ""
    product_version: OptionalLine = ""

    def content(self) -> Content:
        return Content(**self.model_dump())


class Reason(Body):
    reason: Line


class NewReuse(Body):
    ticket: Ticket
    details: Details = ""


class ArticleView(Content):
    """The latest revision and its state. `live_revision` is the published revision's number, 0 if there is none."""

    id: str
    version: int
    state: ArticleState
    revision: int
    live_revision: int
    author: str
    approved_by: str
    ticket: str
    reason: str
    reuse_count: int
    reuses: list[Reuse]
    revisions: list[Revision]
    changed_at: datetime

    @classmethod
    def of(cls, article: Article) -> "ArticleView":
        latest = article.latest
        shown = {name: getattr(article, name) for name in cls.model_fields.keys() & Article.model_fields.keys()}
        return cls.model_construct(
            **dict(latest.content),
            **shown,
            revision=latest.number,
            author=latest.author,
            approved_by=latest.approved_by,
        )


class ArticleRow(Body):
    """An article in a list."""

    id: str
    title: str
    state: ArticleState
    revision: int
    live_revision: int
    category: Category | None
    tags: list[str]
    ticket: str
    reuse_count: int
    changed_at: datetime

    @classmethod
    def of(cls, article: Article) -> "ArticleRow":
        content = article.latest.content
        return cls(
            id=article.id,
            title=content.title,
            state=article.state,
            revision=article.latest.number,
            live_revision=article.live_revision,
            category=content.category,
            tags=content.tags,
            ticket=article.ticket,
            reuse_count=article.reuse_count,
            changed_at=article.changed_at,
        )
