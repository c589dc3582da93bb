"""What people send and see of templates."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from services.notify.templates.domain import (
    MAX_TEXT,
    MAX_TITLE,
    ChannelKind,
    MessageTemplate,
    TemplateKey,
    WrittenTemplate,
)
from services.notify.templates.handlers import said_by
from shared.http import Body, View, example
from shared.terms import OptionalParagraph


class TemplateBody(Body):
    model_config = example(
        title="Received: {{ audience.title }}",
        text="Dear {{ audience.customer.name }},\n\nyour ticket is {{ ticket }}.",
    )

    title: Annotated[OptionalParagraph, Field(min_length=1, max_length=MAX_TITLE)]
    """A template of one line"""
    text: Annotated[OptionalParagraph, Field(min_length=1, max_length=MAX_TEXT)]
    """A template of plain text"""

    @property
    def said(self) -> MessageTemplate:
        return MessageTemplate(self.title, self.text)


class TemplateVersionView(View):
    number: int
    """Its number, from 1 on"""
    title: str
    """What it is about, in a line"""
    text: str
    """What it says"""
    by: str
    """Who wrote it, as a subject"""
    at: datetime
    """When"""


class TemplateView(View):
    """What people are told: of one kind, for one kind of channel, in one language."""

    id: str
    """Such as opened.any.zh"""
    version: int
    """Counts the changes; 0 while nothing was written"""
    name: str
    """Which of our texts it is"""
    channel: ChannelKind
    """What it is for; `any` is used where there is none for that kind of channel"""
    language: str
    """zh or en"""
    title: str
    """The title that is used now"""
    text: str
    """The text that is used now"""
    current: int
    """The number of the version that is used; 0: the built-in one, or the one for any channel"""
    versions: list[TemplateVersionView]
    """What was written, the latest 20"""

    @classmethod
    def of(cls, key: TemplateKey, written: WrittenTemplate) -> Self:
        said = said_by(key, written)
        return cls(
            id=written.id,
            version=written.version,
            name=key.name,
            channel=key.kind,
            language=key.language,
            title=said.title,
            text=said.text,
            current=written.current,
            versions=[TemplateVersionView.model_validate(one) for one in written.versions],
        )


class TemplatePreview(View):
    """What a template says, filled with sample data."""

    title: str
    """What it is about, in a line"""
    text: str
    """What it says"""


class TemplateTest(View):
    """A test mail, on its way."""

    notification: str
    """The id of the notification, which says what became of it"""
