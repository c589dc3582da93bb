"""How expert consultations are shown."""

from datetime import datetime

from pydantic import Field

from shared.http import View


class InviteeView(View):
    id: str
    """Its id"""
    name: str
    """Who is invited"""
    email: str
    """Where the invitation went"""
    role: str
    """product, development, vendor or other"""
    language: str
    """zh or en"""


class AppointmentView(View):
    starts_at: datetime
    """When it begins"""
    ends_at: datetime
    """When it ends"""
    place: str
    """Where"""


class ActionView(View):
    id: str
    """By which it is completed"""
    text: str
    """What is to be done"""
    owner: str
    """By whom"""
    due_at: datetime
    """Until when"""
    reminders: int
    """How often they were reminded"""
    done_at: datetime | None
    """When it was done; null until then"""
    done_by: str
    """Who said so, as a subject"""
    result: str
    """What was done"""


class ConsultationView(View):
    id: str
    """Its id"""
    cause: str
    """lead, sla (not solved in time), modules (several are touched), engineer (asked for)"""
    reason: str
    """Why, in words"""
    background: str
    """What the customer is in"""
    tried: str
    """What was tried"""
    stuck_at: str
    """Where the work is stuck"""
    invited: list[str]
    """The experts; empty: nobody has prepared it yet"""
    invitees: list[InviteeView]
    """Those who are invited by mail"""
    answers: dict[str, str]
    """What they said last, by their ids: accepted, declined, tentative"""
    appointment: AppointmentView | None
    """When and where"""
    sequence: int
    """How often it was changed"""
    opened_by: str
    """Who called it, as a subject"""
    opened_at: datetime
    """When"""
    round: int
    """The round of the ticket in which it was held"""
    conclusions: str
    """What came of it"""
    minutes: str
    """What was said"""
    action_items: list[str]
    """What is to be done, in words"""
    actions: list[ActionView]
    """What is to be done by whom until when"""
    concluded_at: datetime | None = Field()
    """When it ended; null while it goes on"""
    cancelled: bool
    """Whether it was cancelled"""
