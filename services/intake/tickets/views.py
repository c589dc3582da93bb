"""What people send about tickets and their closing, and the rows of lists."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from shared.events import Problem
from shared.http import Body
from shared.terms import (
    Category,
    Channel,
    Known,
    Line,
    OptionalEmailAddress,
    OptionalLine,
    OptionalParagraph,
    Paragraph,
    Priority,
    Satisfaction,
    Stage,
    Status,
    Subject,
    WaitingFor,
    Whole,
    YesOrNo,
)

Users = Annotated[Whole | None, Field(ge=0, le=100_000_000)]


class ProblemFacts(Body):
    """What is known about a problem (P1.2)."""

    product: OptionalLine = ""
    product_version: OptionalLine = ""
    module: OptionalLine = ""
    environment: OptionalLine = ""
    steps: OptionalParagraph = ""
    error_text: OptionalParagraph = ""
    users_affected: Users = None
    business_blocked: YesOrNo | None = None


class OnBehalfOf(Body):
    """The customer for whom staff open a ticket."""

    name: Line
    company: OptionalLine = ""
    sub: Subject | Literal[""] = ""
    email: OptionalEmailAddress = ""
    phone: OptionalLine = ""
    language: Annotated[str, Field(pattern="^(zh|en)$")] = "zh"


class NewTicket(ProblemFacts):
    title: Line
    description: Paragraph
    channel: Known[Channel] = Channel.ONLINE
    customer: OnBehalfOf | None = None

    def problem(self) -> Problem:
        return Problem(**self.model_dump(exclude={"channel", "customer"}))


class Amendment(Body):
    title: Line | None = None
    description: Paragraph | None = None
    product: OptionalLine | None = None
    product_version: OptionalLine | None = None
    module: OptionalLine | None = None
    environment: OptionalLine | None = None
    steps: OptionalParagraph | None = None
    error_text: OptionalParagraph | None = None
    users_affected: Users = None
    business_blocked: YesOrNo | None = None


class Feedback(Body):
    satisfaction: Known[Satisfaction]
    comment: OptionalParagraph = ""


class NewCallBack(Body):
    cause: Line
    notes: OptionalParagraph = ""


class SecondPlan(Body):
    plan: Paragraph


class SecondPlanResult(Body):
    result: Paragraph


class ReopenReason(Body):
    reason: Paragraph


class TicketRow(BaseModel):
    """A ticket in a list."""

    number: str
    title: str
    status: Status
    stage: Stage
    waiting_for: WaitingFor
    category: Category | None
    priority: Priority | None
    customer: str
    customer_name: str
    assignee_name: str
    opened_at: datetime

    @classmethod
    def of(cls, row: dict[str, Any]) -> "TicketRow":
        shown = {"customer_name": row["customer"]} | {name: row[name] for name in cls.model_fields if name in row}
        stage = Stage.of(row["stage"])
        return cls.model_validate(
            {**shown, "number": row["id"], "title": row["problem"]["title"], "status": stage.status}
        )
