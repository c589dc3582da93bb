"""What can be found of an article or a case, and how much each part of it counts."""

from dataclasses import dataclass

from services.kb.case import Case, CaseState
from services.kb.domain import Article
from services.kb.search import Field
from shared.terms import Category

TOLD_AT_MOST = 600  # characters of a case's description that are searched


@dataclass(frozen=True)
class Entry:
    title: str
    category: Category | None
    article: str  # itself, or the one that solved the case
    fields: tuple[Field, ...]
    fingerprints: tuple[str, ...]


def of_article(article: Article) -> Entry | None:
    """None: it is not published, so nobody finds it."""
    if article.live is None:
        return None
    content = article.live.content
    fields = (
        Field(content.title, 3.0, short=True),
        Field(" ".join(content.tags), 2.0, short=True),
        Field(f"{content.product} {content.product_version}", 1.5, short=True),
        Field(content.problem),
        Field(content.root_cause, 0.7),
        Field(content.solution, 0.5),
    )
    return Entry(content.title, content.category, article.id, fields, tuple(content.fingerprints))


def of_case(case: Case) -> Entry | None:
    """None: it was reopened, so there is no solution to show."""
    if case.state is CaseState.REOPENED:
        return None
    problem = case.problem
    fields = (
        Field(problem.title, 3.0, short=True),
        Field(" ".join(case.tags), 2.0, short=True),
        Field(problem.description[:TOLD_AT_MOST]),
    )
    return Entry(problem.title, case.category, case.article, fields, tuple(case.fingerprints))
