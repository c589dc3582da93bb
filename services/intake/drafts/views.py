"""What people send and see of drafts."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from services.intake.drafts.domain import MOST_CHARACTERS, Audience, Draft
from shared.http import Body, View, example
from shared.terms import Paragraph
from shared.texts import without_controls

DraftText = Annotated[str, StringConstraints(max_length=MOST_CHARACTERS), BeforeValidator(without_controls)]


class NewDraft(Body):
    model_config = example(text="Please install patch V3.2.1 and")

    text: DraftText
    """As it was typed; empty: nothing any more"""


class NewSending(Body):
    model_config = example(text="Please install patch V3.2.1.")

    text: Paragraph
    """What there is to say"""


class DraftView(View):
    ticket: str
    """The ticket's number"""
    audience: Audience
    """reply (to the customer) or note (for staff)"""
    text: str
    """What was typed; empty when it was sent or thrown away"""
    changed_at: datetime
    """When it was last changed"""
    send_at: datetime | None
    """When it is posted; until then it can be taken back. null: it is not on its way"""
    refused: str
    """Why it could not be posted, in the reader's language; empty: it was not refused"""
    version: int
    """For `If-Match`, as in the ETag"""

    @classmethod
    def of(cls, draft: Draft, language: str) -> "DraftView":
        return cls(
            ticket=draft.ticket,
            audience=draft.audience,
            text=draft.text,
            changed_at=draft.changed_at,
            send_at=draft.due_at,
            refused=draft.refused_zh if language == "zh" else draft.refused_en,
            version=draft.version,
        )
