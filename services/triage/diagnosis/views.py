"""Diagnoses as the API shows them: what was decided, how surely, and what spoke for it (P2.2, P2.3)."""

from services.triage.categories.domain import Categories
from services.triage.diagnosis.classifier import CONFIRM_AT, Diagnosis
from services.triage.work.access import ReasonView, SuggestionView
from services.triage.work.domain import WorkItem
from shared.http import View
from shared.terms import Category, Priority, Text


class NameView(View):
    en: str
    """In English"""
    zh: str
    """In Chinese"""

    @classmethod
    def of(cls, text: Text) -> "NameView":
        return cls(en=text.en, zh=text.zh)


class EvidenceView(View):
    source: str
    """text (a fact that was understood), words (parts of words), answers, trace, case, rule, learned"""
    name: str
    """The fact, the words, the id of the case, or the rule and its version"""
    speaks_for: str
    """A priority, category or queue, such as priority:urgent"""
    weight: float
    """What it adds to the logarithm of the odds; 0 where it decides alone"""
    quote: str
    """The customer's words"""
    en: str
    """What it means, in English"""
    zh: str
    """What it means, in Chinese"""


class DiagnosisView(View):
    category: Category
    """What kind of problem it is"""
    category_name: NameView
    """What that is called"""
    priority: Priority
    """How urgent it is"""
    priority_name: NameView
    """What that is called"""
    queue: str
    """Where it waits"""
    team: str
    """Whose it is; empty: everybody's"""
    confidence: float
    """From 0 to 1; 0 where a person decided"""
    accepted_from: float
    """From which confidence on no person has to agree"""
    confirmed: bool
    """Whether it was that sure, or a person has agreed"""
    reasons: list[ReasonView]
    """Why, the weightiest first"""
    evidence: list[EvidenceView]
    """What spoke for it, rules first"""
    versions: dict[str, str]
    """Of the models and rules that were asked"""
    suggestions: list[SuggestionView]
    """Solved cases that are alike"""


def view_of(of: WorkItem | Diagnosis, categories: Categories) -> DiagnosisView:
    confirmed = of.confirmed if isinstance(of, WorkItem) else of.is_confident
    return DiagnosisView(
        category=of.category,
        category_name=NameView.of(categories.name_of(of.category)),
        priority=of.priority,
        priority_name=NameView.of(of.priority.label),
        queue=of.queue,
        team=of.team,
        confidence=of.confidence,
        accepted_from=CONFIRM_AT,
        confirmed=confirmed,
        reasons=[ReasonView.model_validate(one) for one in of.reasons],
        evidence=[EvidenceView.model_validate(one) for one in of.evidence],
        versions=of.versions,
        suggestions=[SuggestionView.model_validate(one) for one in of.suggestions],
    )
