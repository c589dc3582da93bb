"""What people send when a customer has tested a solution."""

from typing import Annotated

from pydantic import StringConstraints

from shared.http import Body, example
from shared.terms import Line, Moment, OptionalParagraph, Paragraph, YesOrNo


class SolutionReview(Body):
    model_config = example(accepted=False, comment="Large reports still fail")

    accepted: YesOrNo
    """Whether the solution works in production"""
    comment: OptionalParagraph = ""
    """What still does not work, or what else there is to say"""


class NewPhoneVerification(Body):
    """What the customer said on the telephone."""

    model_config = example(
        accepted=True,
        given_by="Wang Min",
        phone="+86 21 5555 0101",
        words="It works now, thank you",
        called_at="2026-03-02T15:30:00+08:00",
    )

    accepted: YesOrNo
    """Whether the solution works in production"""
    given_by: Line
    """Who said so"""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 ()./-]{2,40}$")]
    """The number they were called at or called from"""
    words: Paragraph
    """What they said"""
    called_at: Moment | None = None
    """When the call was; null: now"""
