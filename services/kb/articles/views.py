"""What people send to articles and see of them."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints

from services.kb.articles.content import MAX_DETAILS, Audience
from services.kb.articles.domain import Article, ArticleState
from services.kb.search.domain import Found
from services.kb.search.result_views import FoundView, SearchBody
from shared.http import Body, View, example
from shared.terms import Category, Line

Ticket = Annotated[str, StringConstraints(pattern=r"^TK-[0-9]{4}-[0-9]{6,12}$")]  # events about it must name a ticket
Details = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_DETAILS)]


class ArticleReason(Body):
    model_config = example(reason="Fixed in V5.2")

    reason: Line
    """Why, for whoever reads the article later"""


class NewReuse(Body):
    model_config = example(ticket="TK-2026-000009", details="Same stack trace on Windows 11")

    ticket: Ticket
    """The number of the ticket that it solved"""
    details: Details = ""
    """What was particular about that ticket"""


class ArticleSearch(SearchBody):
    """What an article should be about."""

    model_config = example(text="Excel export closes the program", fingerprints=["9f2c1b7d40aa53ee"], limit=5)


class ContentView(View):
    """The text of a revision."""

    title: str
    """What the problem is called"""
    problem: str
    """How it shows"""
    solution: str
    """What to do"""
    root_cause: str
    """Why it happens"""
    category: Category | None
    """What kind of problem it is; null if nobody said"""
    tags: list[str]
    """Words by which it is found"""
    fingerprints: list[str]
    """Of the stack traces that come with it"""
    product: str
    """The product that it is about"""
    product_version: str
    """The version of the product"""
    affected_versions: list[str]
    """The versions that have the problem"""
    fixed_versions: list[str]
    """The versions that do not have it any more"""
    audience: Audience
    """Who may read it once it is published"""


class RevisionView(View):
    number: int
    """From 1"""
    author: str
    """A subject; `kb` where it was drafted from a ticket"""
    written_at: datetime = Field(validation_alias="time")
    """When it was written"""
    approved_by: str
    """A subject; empty until it is approved"""
    content: ContentView
    """The text of the revision"""


class ReuseView(View):
    """A ticket that the article solved."""

    ticket: str
    """The ticket's number"""
    by: str
    """Who said so, as a subject"""
    reused_at: datetime = Field(validation_alias="time")
    """When it solved it"""
    details: str
    """What was particular about the ticket"""


class ArticleFileView(View):
    """A picture or another file of an article."""

    id: str
    """Its id; a text shows a picture as `![what it shows](files/<id>)`"""
    name: str
    """What it is called"""
    media_type: str
    """What its content is"""
    size: int
    """In bytes"""
    added_by: str
    """Who added it, as a subject"""
    added_at: datetime
    """When"""


class ArticleView(ContentView):
    """The text of the latest revision, and what became of the article."""

    id: str
    """Its id"""
    version: int
    """Counts the changes; the ETag has it too"""
    state: ArticleState
    """Of the latest revision; the published one may be an older one"""
    revision: int
    """The latest one's number"""
    live_revision: int
    """The published one's number; 0 if none is"""
    author: str
    """Who wrote the latest revision, as a subject; `kb` where it was drafted from a ticket"""
    approved_by: str
    """Who approved the latest revision; empty if nobody has"""
    ticket: str
    """The number of the ticket that it was drafted from; empty if a person wrote it"""
    reason: str
    """Why it is stale or withdrawn"""
    files: list[ArticleFileView]
    """Pictures and other files, in the order in which they were added"""
    owner: str
    """Who keeps it right, as a subject; empty if nobody was named"""
    due_at: datetime | None
    """When it is to be looked at again; null if nobody said"""
    merged_into: str
    """The id of the article that says it now; empty if it was not merged"""
    reuse_count: int
    """How many tickets it has solved since"""
    reuses: list[ReuseView]
    """The newest of them, the oldest first"""
    revisions: list[RevisionView]
    """The newest of them and the published one, the oldest first"""
    changed_at: datetime
    """When it last changed"""

    @classmethod
    def of(cls, article: Article) -> Self:
        latest = article.latest
        known: dict[str, Any] = {name: getattr(article, name) for name in SHOWN}
        own = {"revision": latest.number, "author": latest.author, "approved_by": latest.approved_by}
        return cls.model_validate({**dict(latest.content), **known, **own})


SHOWN = ArticleView.model_fields.keys() & {*Article.model_fields, "id", "version"}


class ArticleRow(FoundView):
    """An article in a list: its latest revision, or the published one where it was searched for."""

    id: str
    """Its id"""
    title: str
    """What the problem is called"""
    state: ArticleState
    """Of the latest revision"""
    revision: int
    """The latest one's number"""
    live_revision: int
    """The published one's number; 0 if none is"""
    category: Category | None
    """What kind of problem it is; null if nobody said"""
    tags: list[str]
    """Words by which it is found"""
    ticket: str
    """The number of the ticket that it was drafted from; empty if a person wrote it"""
    reuse_count: int
    """How many tickets it has solved since"""
    changed_at: datetime
    """When it last changed"""

    @classmethod
    def of(cls, article: Article, found: Found | None = None) -> Self:
        content = article.live.content if found and article.live else article.latest.content
        row = cls(
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
        return row.found(found) if found else row
