"""What people send about the conversation."""

from typing import Annotated

from pydantic import Field

from shared.http import Body
from shared.terms import Paragraph, YesOrNo


class Answers(Body):
    answers: Annotated[dict[Annotated[str, Field(max_length=40)], Paragraph], Field(min_length=1, max_length=10)]


class NewMessage(Body):
    text: Paragraph
    internal: YesOrNo = False
