"""What people fill in. A field is named as in the API."""

from pydantic import BaseModel, ConfigDict

from shared.events import Problem
from shared.terms import Line, OptionalLine, OptionalParagraph, Paragraph

FIELDS = ("title", "description", "product", "product_version", "module", "error_text", "steps", "environment")


class RequestForm(BaseModel):
    model_config = ConfigDict(extra="ignore")

    title: Line
    description: Paragraph
    product: OptionalLine = ""
    product_version: OptionalLine = ""
    module: OptionalLine = ""
    error_text: OptionalParagraph = ""
    steps: OptionalParagraph = ""
    environment: OptionalLine = ""
    business_blocked: bool = False

    def problem(self) -> Problem:
        known = self.model_dump()
        return Problem(**{**known, "business_blocked": True if self.business_blocked else None})


class MessageForm(BaseModel):
    text: Paragraph


class UrgeForm(BaseModel):
    comment: OptionalLine = ""


class ReviewForm(BaseModel):
    accepted: bool
    comment: OptionalParagraph = ""


class RatingForm(BaseModel):
    satisfaction: str
    comment: OptionalParagraph = ""
