"""What is filled in on the pages behind links."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.intake.attachments.multipart import FILES, MOST_FILES
from services.intake.forms.domain import DEFAULT
from services.intake.links.domain import Said
from services.intake.pages.forms import ANSWER, answers_in, valid
from shared.terms import Known, OptionalParagraph, Satisfaction

_PARAGRAPH = {"type": "string", "maxLength": 20_000}
_FIELDS: dict[str, Any] = {
    "accepted": {"type": "boolean", "description": "Whether the solution works; else as the link says"},
    "satisfaction": {"enum": [one.value for one in Satisfaction], "description": "The rating"},
    "answer": {"enum": ["accepted", "tentative", "declined"], "description": "Of an invitation"},
    "comment": {**_PARAGRAPH, "description": "What else there is to say"},
    **{f"{ANSWER}{one.key}": {**_PARAGRAPH, "description": one.question.en} for one in DEFAULT.fields},
}
_FILES = {
    "type": "array",
    "items": {"type": "string", "contentMediaType": "application/octet-stream"},
    "maxItems": MOST_FILES,
    "description": "Screenshots or logs",
}
# For the contract: what `page_form` reads; declared fields are named `answer_…` as well.
FORM: dict[str, Any] = {
    "requestBody": {
        "content": {
            "multipart/form-data": {"schema": {"type": "object", "properties": {**_FIELDS, FILES: _FILES}}},
            "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": _FIELDS}},
        }
    }
}


class LinkForm(BaseModel):
    model_config = ConfigDict(extra="ignore")

    accepted: bool | None = None
    satisfaction: Known[Satisfaction] | None = None
    comment: OptionalParagraph = ""


def said_in(values: Mapping[str, str]) -> Said:
    """Raises Invalid."""
    form = valid(LinkForm, values)
    return Said(form.comment, form.satisfaction, form.accepted, answers_in(values))
