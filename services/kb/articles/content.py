"""The parts of an article: its content, its revisions and its reuses."""

from pydantic import AwareDatetime, Field

from services.kb.search.domain import Entry, TextField
from shared.domain import Value
from shared.terms import Category

MAX_DETAILS = 1000  # characters


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

    def has_solution_of(self, other: "Content") -> bool:
        return (self.solution, self.root_cause) == (other.solution, other.root_cause)

    def entry(self, article: str) -> Entry:
        """What is searched of the article with this id, and how much each part of it counts."""
        fields = (
            TextField(self.title, 3.0, short=True),
            TextField(" ".join(self.tags), 2.0, short=True),
            TextField(f"{self.product} {self.product_version}", 1.5, short=True),
            TextField(self.problem),
            TextField(self.root_cause, 0.7),
            TextField(self.solution, 0.5),
        )
        return Entry(self.title, self.category, article, fields, tuple(self.fingerprints))


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
