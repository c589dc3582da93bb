"""What people send about consultations."""

import hashlib
from typing import Annotated, Literal

from pydantic import Field

from services.triage.consultations.domain import Plan
from shared.domain import Invalid
from shared.events.triage_consultations import ActionItem, Appointment, Invitee
from shared.http import Body, example
from shared.terms import Line, Moment, OptionalEmailAddress, OptionalLine, OptionalParagraph, Paragraph

Language = Annotated[str, Field(pattern="^(zh|en)$")]
MOST = 50


class InviteeBody(Body):
    model_config = example(name="Gao Wei", email="gao@desk.example", role="development")

    name: Line
    """Who is invited"""
    email: OptionalEmailAddress = ""
    """Where the invitation goes"""
    role: Literal["product", "development", "vendor", "other"] = "other"
    """As whom"""
    language: Language = "zh"
    """zh or en"""

    @property
    def invitee(self) -> Invitee:
        id = "i" + hashlib.sha256((self.email or self.name).casefold().encode()).hexdigest()[:10]
        return Invitee(id=id, **self.model_dump())


class AppointmentBody(Body):
    model_config = example(
        starts_at="2026-03-03T10:00:00+08:00", ends_at="2026-03-03T11:00:00+08:00", place="https://meet.example/k1"
    )

    starts_at: Moment
    """When it begins"""
    ends_at: Moment
    """When it ends"""
    place: OptionalLine = ""
    """Where: a room, or the address of a video conference"""


class NewConsultation(Body):
    model_config = example(stuck_at="No error in any log", invited=["database team"])

    background: OptionalParagraph = ""
    """What the customer is in; empty: from the worklog, like the next two"""
    tried: OptionalParagraph = ""
    """What was tried"""
    stuck_at: OptionalParagraph = ""
    """Where the work is stuck"""
    invited: list[Line] = Field(default_factory=list, max_length=MOST)
    """Experts who need no mail"""
    invitees: list[InviteeBody] = Field(default_factory=list, max_length=MOST)
    """Experts who are invited by mail"""
    appointment: AppointmentBody | None = None
    """When and where; with it the mails carry a calendar entry"""

    @property
    def plan(self) -> Plan:
        """Raises Invalid."""
        if not (self.invited or self.invitees):
            raise Invalid("Invite somebody", "请至少邀请一人", "body.invited")
        when = self.appointment
        if when and when.ends_at <= when.starts_at:
            raise Invalid("It must end after it begins", "结束时间须晚于开始时间", "body.appointment.ends_at")
        return Plan(
            background=self.background,
            tried=self.tried,
            stuck_at=self.stuck_at,
            invited=self.invited,
            invitees=list({one.invitee.id: one.invitee for one in self.invitees}.values()),
            appointment=Appointment(**when.model_dump()) if when else None,
        )


class ActionBody(Body):
    model_config = example(
        text="Add the missing index", owner="e-liu", email="liu@desk.example", due_at="2026-03-10T18:00:00+08:00"
    )

    text: Line
    """What is to be done"""
    owner: Line
    """By whom: a subject, or a name"""
    email: OptionalEmailAddress = ""
    """Where they are told and reminded; empty: where it is known of an engineer"""
    language: Language = "zh"
    """zh or en"""
    due_at: Moment
    """Until when"""


class Conclusion(Body):
    model_config = example(conclusions="A lock in the order table", action_items=["Add the missing index"])

    conclusions: Paragraph
    """What came of it"""
    minutes: OptionalParagraph = ""
    """What was said"""
    action_items: list[Line] = Field(default_factory=list, max_length=MOST)
    """What is to be done, in words"""
    actions: list[ActionBody] = Field(default_factory=list, max_length=MOST)
    """What is to be done by whom until when; they are reminded until it is"""

    @property
    def items(self) -> list[ActionItem]:
        return [ActionItem(id=f"a{n}", **one.model_dump()) for n, one in enumerate(self.actions, 1)]
