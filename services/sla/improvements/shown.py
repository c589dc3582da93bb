"""Improvements as the API shows them."""

from datetime import date, datetime
from typing import Self

from services.sla.improvements.domain import Baseline, Ended, Improvement, Kind, State
from shared.http import Body, View, example
from shared.terms import Day, Line, OptionalParagraph, Subject


class NewImprovement(Body):
    model_config = example(
        dimension="module",
        value="极速交易 · 导出",
        kind="product_fix",
        title="Export in parts",
        owner="e-chen",
        due_on="2026-04-30",
    )

    dimension: Line
    """The kind of the review's entry: `category`, `module`, `fingerprint`, `tag` or `cause`"""
    value: Line
    """The value of the review's entry"""
    kind: Kind
    """What is done: `product_fix`, `manual`, `wording` or `process_step`"""
    title: Line
    """What it is, in a few words"""
    owner: Subject
    """Who sees to it"""
    due_on: Day
    """Until when"""


class ImprovementChange(Body):
    model_config = example(owner="e-zhou", due_on="2026-05-31")

    owner: Subject | None = None
    """Who sees to it from now on"""
    due_on: Day | None = None
    """Until when"""


class ImprovementEnd(Body):
    model_config = example(state="done", result="Exports are written in parts since V3.3")

    state: Ended
    """`done`, or `dropped`"""
    result: OptionalParagraph = ""
    """What came of it"""


class ImprovementView(View):
    id: str
    """Its id"""
    kind: Kind
    """What is done"""
    label: str
    """That in words, in the language of the request"""
    title: str
    """What it is"""
    review: str
    """The review that it was raised from"""
    baseline: Baseline
    """What it is to make less"""
    owner: str
    """Who sees to it"""
    due_on: date
    """Until when"""
    state: State
    """Whether it has ended"""
    result: str
    """What came of it"""
    raised_by: str
    """Who raised it"""
    raised_at: datetime
    """When"""
    ended_at: datetime | None
    """When it ended; null until then"""
    version: int
    """Counts its changes"""

    @classmethod
    def of(cls, one: Improvement, language: str) -> Self:
        return cls(**one.model_dump(exclude={"due_at"}), label=one.kind.label.in_(language))
