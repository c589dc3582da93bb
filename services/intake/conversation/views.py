"""What people send about the conversation."""

from typing import Annotated, Literal

from pydantic import Field

from services.intake.forms.domain import MOST_FIELDS
from shared.http import Body, example
from shared.terms import Channel, Id, Known, Paragraph, YesOrNo


class Answers(Body):
    model_config = example(answers={"module": "Reports", "error_text": "OutOfMemoryError"})

    answers: Annotated[
        dict[Annotated[str, Field(max_length=40)], Paragraph], Field(min_length=1, max_length=MOST_FIELDS)
    ]
    """By the `field` of the question"""


class NewMessage(Body):
    model_config = example(text="It also happens with smaller reports.")

    text: Paragraph
    """What there is to say"""
    internal: YesOrNo = False
    """Whether only staff see it"""
    channel: Known[Channel] | None = None
    """How the customer wrote it, where a machine client posts it; null: as the ticket came"""
    external_id: Id | Literal[""] = ""
    """What the message is called in the system of a machine client, which has to name it"""
