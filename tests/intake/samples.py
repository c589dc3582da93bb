"""A ticket at any stage, and the facts that triage tells of it."""

from collections.abc import Callable
from typing import Any

from services.intake.tickets import closing, facts
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Author
from services.intake.verification import domain as verification
from shared.events import (
    Contact,
    Event,
    Problem,
    TriageAssigned,
    TriageDiagnosed,
    TriageReleased,
    TriageSolutionVerified,
)
from shared.terms import Category, Channel, Priority, Satisfaction, Stage
from shared.testing import NOON

NUMBER = "TK-2026-000001"
WANG = Author("u-wang", "王敏", by_staff=False)
LIN = Author("a-lin", "林芳", by_staff=True)
COMPLETE = {"error_text": "NPE", "module": "报表", "steps": "点导出"}


def opened(title: str = "V3.2 在 Win11 上导出 Excel 时崩溃", **known: Any) -> tuple[Ticket, list[Event]]:
    problem = Problem(title=title, description=title, **known)
    contact = Contact(name="王敏", sub="u-wang")
    return Ticket.open(NUMBER, problem, "华东", "华东", contact, Channel.ONLINE, "channel:online", [], NOON)


def diagnosed(revision: int = 1, **other: Any) -> TriageDiagnosed:
    known: dict[str, Any] = {"category": Category.FUNCTION, "priority": Priority.HIGH, "queue": "function"}
    return TriageDiagnosed(
        subject=NUMBER, time=NOON, revision=revision, reasons=[], confirmed=True, **{**known, **other}
    )


def assigned(revision: int = 2, engineer: str = "e-liu") -> TriageAssigned:
    return TriageAssigned(
        subject=NUMBER, time=NOON, revision=revision, engineer=engineer, engineer_name="刘洋", senior=True, by="e-liu"
    )


def released(revision: int, engineer: str = "e-liu") -> TriageReleased:
    return TriageReleased(subject=NUMBER, time=NOON, revision=revision, engineer=engineer, reason="假期")


def verified(round: int = 1, revision: int = 3, engineer: str = "", **diagnosis: Any) -> TriageSolutionVerified:
    """Releases before told no engineer and no diagnosis."""
    return TriageSolutionVerified(
        subject=NUMBER,
        time=NOON,
        revision=revision,
        actor="e-liu",
        round=round,
        solution="补丁",
        root_cause="内存",
        steps="导出",
        result="通过",
        assignee=engineer,
        assignee_name="刘洋" if engineer else "",
        **diagnosis,
    )


def at(stage: Stage, satisfaction: Satisfaction | None = None) -> Ticket:
    """A ticket that came to this stage by the moves that lead there."""
    ticket, _ = opened()
    moves: list[tuple[Stage, Callable[[], object]]] = [
        (Stage.DIAGNOSIS, lambda: facts.hear(ticket, diagnosed())),
        (Stage.HANDLING, lambda: facts.hear(ticket, assigned())),
        (Stage.CUSTOMER_VERIFICATION, lambda: facts.hear(ticket, verified())),
        (Stage.FEEDBACK, lambda: verification.review_solution(ticket, True, "", NOON)),
        (Stage.ARCHIVED, lambda: closing.complete(ticket, NOON)),
    ]
    for reached, move in moves:
        if ticket.stage is stage:
            break
        move()
        assert ticket.stage is reached
    if satisfaction:
        closing.rate(ticket, satisfaction, "", NOON)
    return ticket


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events]
