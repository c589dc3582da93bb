"""What people send and see of causes of dissatisfaction."""

from datetime import datetime
from typing import Self

from services.intake.call_back_causes.domain import CallBackCause
from shared.http import Body, View, example
from shared.terms import Line, YesOrNo


class NewCallBackCause(Body):
    model_config = example(name_zh="响应太慢", name_en="Slow response")

    name_zh: Line
    """Its name in Chinese"""
    name_en: Line
    """Its name in English"""


class CallBackCauseAmendment(Body):
    """A field that is not there stays as it is."""

    model_config = example(active=False)

    name_zh: Line | None = None
    """Its name in Chinese"""
    name_en: Line | None = None
    """Its name in English"""
    active: YesOrNo | None = None
    """False retires it: call-backs name it no more"""


class CallBackCauseView(View):
    """A cause of dissatisfaction."""

    id: str
    """Its id"""
    name_zh: str
    """Its name in Chinese"""
    name_en: str
    """Its name in English"""
    active: bool
    """Whether call-backs may name it"""
    added_at: datetime
    """When it was added"""
    added_by: str
    """By whom, as a subject"""

    @classmethod
    def of(cls, one: CallBackCause) -> Self:
        return cls.model_validate(one.model_dump())
