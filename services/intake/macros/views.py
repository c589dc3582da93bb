"""What people send and see of macros."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field

from services.intake.changes.parts import Change, ChangeResult
from services.intake.macros.domain import FIELDS, MOST_CHANGES, Macro
from shared.http import Body, View, example
from shared.terms import OptionalLine, OptionalParagraph, YesOrNo

TEXT = "in which these are filled in: " + ", ".join("`{{" + name + "}}`" for name in FIELDS)
Changes = Annotated[list[Change], Field(max_length=MOST_CHANGES)]


class NewMacro(Body):
    model_config = example(
        name_zh="索取日志",
        name_en="Ask for logs",
        text_zh="{{contact.name}}您好，请上传 {{ticket.product}} 的日志。",
        text_en="Dear {{contact.name}}, please upload the logs of {{ticket.product}}.",
        changes=[{"action": "watch", "body": {}}],
    )

    name_zh: OptionalLine = ""
    """Its name in Chinese; one of the two names is required"""
    name_en: OptionalLine = ""
    """Its name in English"""
    text_zh: OptionalParagraph = Field("", description=f"What is said to customers in Chinese, {TEXT}")
    text_en: OptionalParagraph = Field("", description="The same in English; both are there, or neither")
    changes: Changes = Field(default_factory=list, description="What is done to the ticket, in this order")
    shared: YesOrNo = False
    """Whether it is the team's; only leads and admins share macros"""


class MacroAmendment(Body):
    """A field that is not there stays as it is."""

    model_config = example(text_zh="请上传日志。", text_en="Please upload the logs.")

    name_zh: OptionalLine | None = None
    """Its name in Chinese; one of the two names is required"""
    name_en: OptionalLine | None = None
    """Its name in English"""
    text_zh: OptionalParagraph | None = Field(None, description=f"What is said to customers in Chinese, {TEXT}")
    text_en: OptionalParagraph | None = Field(None, description="The same in English; both are there, or neither")
    changes: Changes | None = Field(None, description="What is done to the ticket, in this order")
    shared: YesOrNo | None = None
    """Whether it is the team's; if it is no more, it is the caller's own"""


class ChangeView(View):
    """One request that there is for a ticket."""

    action: str
    """As in changes to many tickets"""
    body: dict[str, Any]
    """What that request takes"""


class MacroView(View):
    """A macro."""

    id: str
    """Its id"""
    name_zh: str
    """Its name in Chinese; may be empty"""
    name_en: str
    """Its name in English; may be empty"""
    text_zh: str
    """What is said to customers in Chinese; may be empty"""
    text_en: str
    """The same in English"""
    changes: list[ChangeView]
    """What is done to the ticket, in this order"""
    shared: bool
    """Whether it is the team's"""
    owner: str
    """Who created it, as a subject"""
    owner_name: str
    """Their name"""
    created_at: datetime
    """When it was created"""
    changed_at: datetime
    """When it was changed last"""

    @classmethod
    def of(cls, one: Macro) -> Self:
        return cls.model_validate({**one.model_dump(), "shared": one.is_shared})


class MacroPreview(View):
    """What a macro would do on a ticket."""

    language: str
    """The customer's: zh or en"""
    text: str
    """What would be said to them; empty if nothing would"""
    changes: list[ChangeView]
    """What would be done to the ticket"""


class MacroApplied(View):
    """What became of each change, after the message."""

    posted: bool
    """Whether the macro says something to the customer: then it was said, now or by the same request before"""
    items: list[ChangeResult]
    """What became of its changes, in their order"""
