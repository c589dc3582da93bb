"""What people fill in. A field is named as in the API."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from services.intake.forms.domain import AppliedForm
from shared.domain import Invalid
from shared.events import Problem
from shared.terms import Line, OptionalLine, OptionalParagraph, Paragraph, Text

NOTHING: Mapping[str, str] = {}
CUSTOM = "field_"  # begins the name of a custom field on a page
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

    def problem(self, custom_fields: Mapping[str, str] = NOTHING) -> Problem:
        known = self.model_dump()
        blocked = True if self.business_blocked else None
        return Problem(**{**known, "business_blocked": blocked, "custom_fields": dict(custom_fields)})


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


def declared(form: AppliedForm, values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Text]]:
    """What is filled in of the fields of a ticket form as it is kept, custom fields alone, and what is wrong with any:
    by the names that they have on the page."""
    read: dict[str, str] = {}
    errors: dict[str, Text] = {}
    for one in form.fields:
        name = f"{CUSTOM}{one.key}" if one.is_custom else one.key
        try:
            said = one.read(values.get(name, ""), name)
        except Invalid as wrong:
            errors[name] = wrong.detail
        else:
            read |= {one.key: said} if one.is_custom and said else {}
    return read, errors
