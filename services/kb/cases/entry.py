"""What can be found of a case."""

from services.kb.cases.domain import Case, CaseState
from services.kb.search.domain import Entry, Field

TOLD_AT_MOST = 600  # characters of a case's description that are searched


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
