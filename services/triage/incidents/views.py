"""What people send and see of incidents."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from services.triage.incidents.domain import Incident, IncidentState, Member
from services.triage.incidents.signature import KeyKind
from shared.events import BothLanguages
from shared.http import Body, View, example
from shared.terms import Id, InvalidValue, Line, OptionalParagraph, Paragraph, Priority, YesOrNo

LONGEST = 5_000
Words = Annotated[OptionalParagraph, StringConstraints(max_length=LONGEST)]


class BilingualText(Body):
    model_config = example(zh="交易系统下单已恢复，正在观察。", en="Orders can be placed again; we are watching it.")

    zh: Words = ""
    """In Chinese; empty: customers who read Chinese get the English text"""
    en: Words = ""
    """In English; empty: customers who read English get the Chinese text"""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not (self.zh or self.en):
            raise InvalidValue("There must be a text in one language at least", "至少填写一种语言的内容")
        return self

    @property
    def said(self) -> BothLanguages:
        return BothLanguages(zh=self.zh, en=self.en)


class Decision(Body):
    model_config = example(reason="Three customers, the same ORA-12170 since 09:00")

    reason: Line
    """Why"""


class Description(Body):
    model_config = example(title="交易系统下单超时", root_cause="The connection pool is exhausted")

    title: Line | None = None
    """What staff call it; null: as it is"""
    root_cause: Paragraph | None = None
    """For staff; null: as it is"""
    workaround: BilingualText | None = None
    """Told to customers whose tickets come into it from now on; null: as it is"""


class NewUpdate(Body):
    model_config = example(
        text={"zh": "已定位原因，预计 14:00 前恢复。", "en": "The cause is found; expected fix by 14:00."}
    )

    text: BilingualText
    """The news"""
    internal: YesOrNo = False
    """Whether only staff read it"""


class NewResolution(Body):
    model_config = example(
        solution={
            "zh": "已扩容数据库连接池，请重新下单验证。",
            "en": "The connection pool was enlarged; please try again.",
        },
        root_cause="The connection pool was exhausted",
        steps="Placed 500 orders in the test environment",
        result="All were accepted",
    )

    solution: BilingualText
    """What is proposed to the customer of each ticket"""
    root_cause: Paragraph
    """Why it happened"""
    steps: Paragraph
    """How the solution was tried in a test environment"""
    result: Paragraph
    """What came of it"""


class AddedTicket(Body):
    model_config = example(ticket="TK-2026-000123", reason="The same error on the telephone")

    ticket: Id
    """The ticket's number"""
    reason: Line
    """Why it is part of the incident"""


class BilingualView(View):
    zh: str
    """In Chinese; may be empty"""
    en: str
    """In English; may be empty"""


class KeyView(View):
    kind: KeyKind
    """What the tickets have in common"""
    name: str
    """The exception, or the code and where it came from; empty of a text"""


class MemberView(View):
    ticket: str
    """The ticket's number"""
    customer: str
    """The company, or who asked without one"""
    opened_at: datetime
    """When the ticket was opened"""
    keys: list[KeyView]
    """What it has in common with the others"""
    added_at: datetime
    """When it came into the incident"""
    added_by: str
    """Who added it, as a subject; service:triage if it was found"""
    reason: str
    """Why, in their words; empty if it was found"""


class UpdateView(View):
    id: str
    """The same each time"""
    at: datetime
    """When"""
    by: str
    """Who, as a subject"""
    internal: bool
    """Whether only staff read it"""
    text: BilingualView
    """The news"""


class ResolutionView(View):
    solution: BilingualView
    """What was proposed to the customers"""
    root_cause: str
    """Why it happened"""
    steps: str
    """How the solution was tried in a test environment"""
    result: str
    """What came of it"""
    by: str
    """Who said so, as a subject"""
    at: datetime
    """When"""


class IncidentRow(View):
    id: str
    """Its id, such as IN-2026-000123"""
    version: int
    """Counts its changes; the ETag names it"""
    title: str
    """What staff call it"""
    state: IncidentState
    """candidate: to be confirmed or dismissed; merged: see `into`"""
    priority: Priority | None
    """What its tickets have at least, by the number of its customers; null: as each has it"""
    customers: int
    """How many customers have it"""
    ticket_count: int = Field(validation_alias="size")
    """How many tickets"""
    evidence: list[str]
    """What its tickets have in common, in a few words"""
    proposed_at: datetime
    """When it was proposed"""
    confirmed_at: datetime | None
    """When it was confirmed; null: it was not"""
    decided_by: str
    """Who confirmed or dismissed it, as a subject; service:triage if that was done by the setting"""
    reason: str
    """Why"""
    into: str
    """The incident that it is part of, if it was merged; else empty"""


class IncidentView(IncidentRow):
    first_tickets: list[MemberView]
    """The first hundred of its tickets; all of them are at `…/tickets`"""
    removed: list[str]
    """Tickets that somebody took out of it"""
    root_cause: str
    """Why it happened, as far as it is known"""
    workaround: BilingualView
    """What customers can do until it is resolved"""
    updates: list[UpdateView]
    """The news, in their order"""
    resolution: ResolutionView | None
    """How it was resolved; null: it was not"""


SHOWN, MOST_EVIDENCE = 100, 20


def row(incident: Incident) -> IncidentRow:
    return IncidentRow.model_validate(_fields(incident))


def shown(incident: Incident) -> IncidentView:
    fields = {**_fields(incident), "first_tickets": incident.members[:SHOWN]}
    return IncidentView.model_validate(fields)


def member(one: Member) -> MemberView:
    return MemberView.model_validate(one)


def _fields(incident: Incident) -> dict[str, object]:
    known: dict[str, object] = {name: getattr(incident, name) for name in Incident.model_fields}
    evidence = dict.fromkeys(one.evidence for one in incident.members)
    return known | {
        "customers": incident.customers,
        "size": len(incident.members),
        "evidence": list(evidence)[:MOST_EVIDENCE],
    }
