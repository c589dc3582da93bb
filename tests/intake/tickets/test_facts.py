"""What triage says is heard in any order, twice and late, and ends in the same ticket."""

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from services.intake.tickets import closing, facts
from services.intake.tickets.domain import Ticket
from services.intake.verification import domain as verification
from shared.events import (
    Event,
    TicketCompleted,
    TicketResumed,
    TicketSolutionRejected,
    TicketStageChanged,
    TicketWaiting,
    TriageAssigned,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageDiagnosed,
    TriageLogAnalysed,
    TriageReclassified,
    TriageReleased,
    TriageSolutionVerified,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
)
from shared.terms import Category, Priority, Stage, WaitingFor
from shared.testing import NOON
from tests.intake.samples import NUMBER, assigned, at, diagnosed, opened, released, verified

Decision = Callable[[Ticket], list[Event]]
HEAR: dict[type[Event], Callable[[Ticket, Any], list[Event]]] = {
    TriageDiagnosed: facts.hear,
    TriageReclassified: facts.hear,
    TriageAssigned: facts.hear,
    TriageReleased: facts.hear,
    TriageLogAnalysed: facts.hear,
    TriageConsultationOpened: facts.hear,
    TriageConsultationConcluded: facts.hear,
    TriageThirdPartyEngaged: facts.hear,
    TriageThirdPartyAnswered: facts.hear,
    TriageSolutionVerified: facts.hear,
}


def reclassified(revision: int) -> TriageReclassified:
    return TriageReclassified(**about(revision), category=Category.DATA, priority=Priority.URGENT, queue="data")


def about(revision: int) -> dict[str, Any]:
    """Facts of different moments, not in the order of their revisions: clocks decide nothing."""
    return {"subject": NUMBER, "time": NOON + timedelta(seconds=revision * 7 % 5), "revision": revision}


def log(revision: int, *marks: str) -> TriageLogAnalysed:
    return TriageLogAnalysed(**about(revision), analysis=f"l{revision}", fingerprints=list(marks), exceptions=[])


def consultation(revision: int) -> TriageConsultationOpened:
    return TriageConsultationOpened(**about(revision), background="", tried="", stuck_at="", invited=["研发"])


def conclusion(revision: int) -> TriageConsultationConcluded:
    return TriageConsultationConcluded(**about(revision), conclusions="驱动问题", action_items=[])


def engaged(revision: int, id: str = "") -> TriageThirdPartyEngaged:
    return TriageThirdPartyEngaged(**about(revision), party="DBA", reason="死锁", engagement=id)


def answered(revision: int, id: str = "") -> TriageThirdPartyAnswered:
    return TriageThirdPartyAnswered(**about(revision), party="DBA", answer="升级", engagement=id)


def heard(*told: Event | Decision) -> Ticket:
    """Each change checked: one fact of each matter at most, and what was told is what is."""
    ticket, _ = opened()
    for one in told:
        stage, waiting_for = ticket.stage, ticket.waiting_for
        events = HEAR[type(one)](ticket, one) if isinstance(one, Event) else one(ticket)
        moved = [event for event in events if isinstance(event, TicketStageChanged)]
        waits = [event for event in events if isinstance(event, (TicketWaiting, TicketResumed))]
        assert len(moved) == (stage != ticket.stage)
        assert len(waits) == (waiting_for != ticket.waiting_for)
        for move in moved:
            assert (move.before, move.after, move.status) == (stage, ticket.stage, ticket.status)
    return ticket


def state(ticket: Ticket) -> dict[str, Any]:
    return ticket.model_dump()


RELEASED = (diagnosed(1), assigned(2), released(3))
HANDED_ON = (diagnosed(1), assigned(2), released(3), assigned(4, "e-chen"), reclassified(5))
CONSULTED = (diagnosed(1), assigned(1), consultation(2), engaged(3), conclusion(4), answered(5))
SOLVED = (
    diagnosed(1),
    assigned(2),
    log(3, "f2", "f1"),
    log(4, "f3", "f2"),
    consultation(5),
    engaged(6),
    verified(1, 7),
)
DATA = {"category": Category.DATA, "priority": Priority.URGENT}
RECLASSIFIED = (diagnosed(1), assigned(2), reclassified(3), verified(1, 4, "e-liu", **DATA), verified(2, 5))
TWO_ASKED = (diagnosed(1), assigned(2), engaged(3, "t1"), engaged(4, "t2"), answered(5, "t1"), answered(6, "t2"))
ASKED_AGAIN = (diagnosed(1), assigned(1), engaged(2, "t1"), verified(1, 3), engaged(4, "t2"), answered(5, "t2"))
TOGETHER = (diagnosed(1), assigned(1), verified(1, 2), engaged(3))


@pytest.mark.parametrize(
    ("sequence", "stage", "waiting_for", "assignee"),
    [
        (RELEASED, Stage.DIAGNOSIS, WaitingFor.CUSTOMER_INFORMATION, ""),
        (HANDED_ON, Stage.HANDLING, WaitingFor.CUSTOMER_INFORMATION, "e-chen"),
        (CONSULTED, Stage.HANDLING, WaitingFor.NONE, "e-liu"),
        (CONSULTED[:4], Stage.CONSULTATION, WaitingFor.THIRD_PARTY, "e-liu"),
        (TWO_ASKED[:5], Stage.HANDLING, WaitingFor.THIRD_PARTY, "e-liu"),
        (TWO_ASKED, Stage.HANDLING, WaitingFor.NONE, "e-liu"),
        (ASKED_AGAIN, Stage.CUSTOMER_VERIFICATION, WaitingFor.CUSTOMER_VERIFICATION, "e-liu"),
        (SOLVED, Stage.CUSTOMER_VERIFICATION, WaitingFor.CUSTOMER_VERIFICATION, "e-liu"),
        (RECLASSIFIED, Stage.CUSTOMER_VERIFICATION, WaitingFor.CUSTOMER_VERIFICATION, "e-liu"),
        (TOGETHER, Stage.CUSTOMER_VERIFICATION, WaitingFor.CUSTOMER_VERIFICATION, "e-liu"),
    ],
)
def test_any_order_ends_in_the_same_ticket(
    sequence: Sequence[Event], stage: Stage, waiting_for: WaitingFor, assignee: str
) -> None:
    expected = heard(*sequence)
    assert (expected.stage, expected.waiting_for, expected.assignee) == (stage, waiting_for, assignee)
    for order in itertools.permutations(sequence):
        assert state(heard(*order)) == state(expected), [event.kind for event in order]


def test_any_doubling_and_delay_ends_in_the_same_ticket() -> None:
    dice = random.Random(7)
    for sequence in (RELEASED, HANDED_ON, CONSULTED, SOLVED):
        expected = state(heard(*sequence))
        for _ in range(300):
            order = [*sequence, *dice.choices(sequence, k=4)]
            dice.shuffle(order)
            assert state(heard(*order)) == expected, [event.kind for event in order]


# ---- between the ticket's own moves


def judge(accepted: bool) -> Decision:
    return lambda ticket: verification.review_solution(ticket, accepted, "大文件仍然崩溃", NOON)


def complete(ticket: Ticket) -> list[Event]:
    return closing.complete(ticket, NOON)


def reopen(ticket: Ticket) -> list[Event]:
    return closing.reopen(ticket, "又出现了", NOON)


# A whole history; what is verified must have been heard before the customer can judge it, all else may come at any time
# from its place on.
LIFE: tuple[Event | Decision, ...] = (
    diagnosed(1),
    assigned(2),
    released(3),
    assigned(4, "e-chen"),
    consultation(5),
    conclusion(6),
    verified(1, 7, "e-chen"),
    judge(False),
    engaged(8),
    reclassified(9),
    log(9, "f1"),
    verified(2, 10, "e-chen", **DATA),
    judge(True),
    complete,
    reopen,
    released(11, "e-chen"),
    assigned(12, "e-liu"),
    verified(3, 13),
)


def delayed(history: Sequence[Event | Decision], dice: random.Random) -> Iterator[Event | Decision]:
    """The same with facts that come late, past decisions too, as those do that nobody waits for."""
    late: list[Event | Decision] = []
    for one in history:
        if isinstance(one, TriageSolutionVerified) or not isinstance(one, Event) or dice.random() < 0.4:
            yield one
        else:
            late.append(one)
        while late and dice.random() < 0.4:
            yield late.pop(dice.randrange(len(late)))
    dice.shuffle(late)
    yield from late


def test_facts_that_are_heard_after_later_moves_end_in_the_same_ticket() -> None:
    dice = random.Random(11)
    expected = heard(*LIFE)
    assert (expected.stage, expected.assignee, expected.round) == (Stage.CUSTOMER_VERIFICATION, "e-liu", 3)
    for _ in range(2000):
        assert state(heard(*delayed(LIFE, dice))) == state(expected)


def test_who_is_assigned_while_it_is_archived_has_it_when_it_is_reopened() -> None:
    ticket = at(Stage.ARCHIVED)
    assert facts.hear(ticket, assigned(9, "e-chen")) == []
    reopen(ticket)
    assert (ticket.stage, ticket.assignee) == (Stage.HANDLING, "e-chen")


def test_a_verification_is_heard_before_the_assignment() -> None:
    told: list[Event | Decision] = [verified(), diagnosed(), judge(False), assigned(2)]
    stages = [heard(*told[: n + 1]).stage for n in range(len(told))]
    assert stages == [Stage.CUSTOMER_VERIFICATION, Stage.CUSTOMER_VERIFICATION, Stage.DIAGNOSIS, Stage.HANDLING]


def test_who_verified_it_is_known_before_the_assignment_is_heard() -> None:
    """So the customer's no, and the completion, name who has it."""
    ticket = heard(diagnosed(1), verified(1, 3, "e-chen"))
    [rejected] = [event for event in judge(False)(ticket) if isinstance(event, TicketSolutionRejected)]
    assert (rejected.assignee, ticket.stage) == ("e-chen", Stage.HANDLING)
    facts.hear(ticket, assigned(2, "e-liu"))
    assert ticket.assignee == "e-chen"
    facts.hear(ticket, released(4, "e-chen"))
    assert (ticket.assignee, ticket.stage) == ("", Stage.DIAGNOSIS)


@pytest.mark.parametrize(
    "late", [(), (diagnosed(1),), (diagnosed(1), reclassified(2)), (reclassified(2), diagnosed(1))]
)
def test_what_was_verified_is_completed_with_its_diagnosis_though_that_is_heard_late_or_never(
    late: Sequence[Event],
) -> None:
    ticket = heard(verified(1, 3, "e-liu", **DATA), judge(True))
    completed, *_ = complete(ticket)
    assert isinstance(completed, TicketCompleted)
    assert (completed.category, completed.priority) == (Category.DATA, Priority.URGENT)
    for event in late:
        assert HEAR[type(event)](ticket, event) == []
    assert (ticket.category, ticket.priority) == (Category.DATA, Priority.URGENT)


def test_a_diagnosis_that_was_changed_after_the_verification_holds_whichever_is_heard_first() -> None:
    told = (verified(1, 3, "e-liu", category=Category.FUNCTION, priority=Priority.HIGH), reclassified(4))
    for order in itertools.permutations(told):
        ticket = heard(*order)
        assert (ticket.category, ticket.priority) == (Category.DATA, Priority.URGENT)


def test_when_one_wait_gives_way_to_another_only_the_new_one_is_told() -> None:
    ticket = at(Stage.HANDLING)
    assert ticket.waiting_for is WaitingFor.CUSTOMER_INFORMATION
    events = facts.hear(ticket, verified())
    assert [event.kind for event in events] == ["ticket.stage_changed", "ticket.waiting"]
    assert [event.why for event in events if isinstance(event, TicketStageChanged)] == ["solution_verified"]
    assert facts.hear(ticket, verified()) == []


def test_what_an_older_release_wrote_is_at_the_same_stage() -> None:
    ticket = heard(*CONSULTED[:4])
    old = {k: v for k, v in ticket.model_dump().items() if k not in ("consulting", "third_party", "lacking")}
    assert Ticket.model_validate(old).update_stage("heard", NOON) == []
