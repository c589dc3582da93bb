"""What staff send and see of contact tasks."""

from datetime import datetime
from typing import Self

from services.notify.contact_tasks.domain import ContactReason, ContactTask, ContactTaskState
from shared.http import Body, View, example
from shared.terms import Paragraph, YesOrNo


class ContactTaskCompletion(Body):
    model_config = example(reached=True, note="Told her the result; she will check tomorrow.")

    reached: YesOrNo
    """Whether the customer was reached and told"""
    note: Paragraph
    """What was said, or what was tried"""


class ContactItemView(View):
    """A notification that did not reach the customer."""

    delivery: str
    """The notification's id"""
    template: str
    """Which of our texts it is"""
    reason: ContactReason
    """Why: there is no address, it failed, or it came back"""
    error: str
    """What the mail server or the messenger said last"""
    title: str
    """What it is about, in a line"""
    text: str
    """What is to be told; links, which are the customer's own, are left out"""
    at: datetime
    """Since when it is to be told"""


class ContactTaskView(View):
    """A customer to telephone, because nothing else reaches them."""

    id: str
    """Its id"""
    ticket: str
    """The number of the ticket that it is about"""
    name: str
    """The customer's name"""
    phone: str
    """Their telephone number; empty where none is known"""
    company: str
    """Their company"""
    language: str
    """The customer's, `zh` or `en`"""
    items: list[ContactItemView]
    """What they are to be told, the first one first"""
    state: ContactTaskState
    """Whether somebody has it, and whether it is done"""
    claimed_by: str
    """Who has it, as a subject; empty for nobody"""
    claimed_at: datetime | None
    """Since when; null for nobody"""
    done_by: str
    """Who has done it, as a subject; empty until then"""
    done_at: datetime | None
    """When; null until then"""
    reached: bool | None
    """Whether the customer was told; null until it is done"""
    note: str
    """What was said, or what was tried"""
    created_at: datetime
    """When it was made"""

    @classmethod
    def of(cls, one: ContactTask) -> Self:
        return cls.model_validate(one)
