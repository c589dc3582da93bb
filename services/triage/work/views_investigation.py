"""How the search for a cause is shown: what the knowledge base was asked, the features of a new problem, and what was
changed on the customer's side."""

from datetime import datetime

from pydantic import Field

from services.triage.work.views_logs import SuggestionView
from shared.http import View


class KnowledgeSearchView(View):
    round: int
    """The round in which it was"""
    query: str
    """What was asked"""
    found: list[SuggestionView]
    """The articles that fit it"""
    answered: bool
    """Whether the knowledge base answered"""
    by: str
    """Who asked, as a subject"""
    searched_at: datetime = Field(validation_alias="at")
    """When"""


class DeepAnalysisView(View):
    round: int
    """The round in which it began"""
    features: str
    """What the new problem is recognised by"""
    modules: list[str]
    """The modules that it touches"""
    by: str
    """Who wrote them down, as a subject"""
    begun_at: datetime = Field(validation_alias="at")
    """When"""


class ConfigChangeView(View):
    what: str
    """What was changed on the customer's side"""
    before: str
    """How it was"""
    after: str
    """How it became"""
    reverted: bool
    """Whether it was put back"""
    kept_because: str
    """Why it stays, where it was not put back"""
