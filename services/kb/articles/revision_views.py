"""What people send to, and see of, the revisions of an article and its doubles."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from services.kb.articles.comparing import DiffLine, Mark
from services.kb.articles.content import Content
from services.kb.articles.domain import ArticleState
from services.kb.articles.markdown import FileUrl, html_of
from services.kb.articles.merging import Double
from shared.http import Body, View, example
from shared.terms import SUBJECT_LENGTH, Id, Moment, Whole

Subject = Annotated[str, StringConstraints(strip_whitespace=True, max_length=SUBJECT_LENGTH)]
RevisionNumber = Annotated[Whole, Field(ge=1, le=1_000_000)]


class ArticleRollback(Body):
    model_config = example(revision=2)

    revision: RevisionNumber
    """The approved revision whose text is published again"""


class ArticleMerge(Body):
    model_config = example(into="KB-000012")

    into: Id
    """The article that stays"""


class ArticleUpkeep(Body):
    model_config = example(owner="k-he", due_at="2026-09-01T00:00:00Z")

    owner: Subject = ""
    """Who keeps it right, as a subject; empty for nobody"""
    due_at: Moment | None = None
    """When it is to be looked at again; null for no day"""


class DiffLineView(View):
    mark: Mark
    """Whether both have it, or the later one lacks it, or the earlier one does"""
    text: str
    """The line"""


class DiffView(View):
    """What differs between two revisions."""

    earlier: int
    """The number of the one"""
    later: int
    """The number of the other"""
    fields: dict[str, list[DiffLineView]]
    """By field, those that differ, line by line; of a list each element is a line"""

    @classmethod
    def of(cls, earlier: int, later: int, found: dict[str, list[DiffLine]]) -> Self:
        fields = {name: [DiffLineView(mark=one.mark, text=one.text) for one in lines] for name, lines in found.items()}
        return cls(earlier=earlier, later=later, fields=fields)


class ArticleDoubleView(View):
    """An article that may be about the same problem."""

    id: str
    """Its id"""
    title: str
    """What the problem is called"""
    state: ArticleState
    """Of its latest revision"""
    score: float
    """How alike the two are, from 0 to 1"""
    same_fingerprint: bool
    """Whether both have the same stack trace"""

    @classmethod
    def of(cls, one: Double) -> Self:
        which = one.article
        known = {"id": which.id, "title": which.title, "state": which.state}
        return cls.model_validate({**known, "score": one.score, "same_fingerprint": one.same_fingerprint})


class RenderedView(View):
    """The texts as HTML that is safe to show: Markdown is rendered, everything that could act is left out."""

    title: str
    """Plain text"""
    problem: str
    """How it shows"""
    root_cause: str
    """Why it happens"""
    solution: str
    """What to do"""
    written_at: datetime
    """When the revision was written"""

    @classmethod
    def of(cls, content: Content, written_at: datetime, file_url: FileUrl) -> Self:
        texts = {name: html_of(getattr(content, name), file_url) for name in ("problem", "root_cause", "solution")}
        return cls(title=content.title, written_at=written_at, **texts)
