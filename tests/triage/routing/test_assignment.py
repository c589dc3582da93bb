"""Who works on a ticket."""

import pytest

from services.triage.routing import assignment
from services.triage.work.domain import (
    AlreadyAssigned,
    NotAssignee,
    Overtaken,
)
from shared.events import (
    Event,
    TriageAssigned,
    TriageDiagnosisConfirmed,
    TriageReleased,
)
from shared.testing import NOON
from tests.triage.builders import (
    BY_CHEN,
    BY_LEAD,
    BY_LIU,
    CHEN,
    CRASH,
    LIU,
    OUTAGE,
    an_item,
    at_work,
    problem,
    stored,
    urgently,
    with_room,
)


def kinds(events: list[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def test_claiming_confirms_the_diagnosis() -> None:
    item = an_item(problem("你好"))
    assert not item.confirmed
    assert kinds(assignment.claim(item, with_room(CHEN, item), "", NOON)) == [TriageAssigned, TriageDiagnosisConfirmed]
    assert item.confirmed


def test_one_engineer_has_it() -> None:
    item = at_work()
    with pytest.raises(AlreadyAssigned):
        assignment.claim(item, with_room(LIU, item), "客户来电", NOON)
    assert assignment.claim(item, with_room(CHEN, item), "", NOON) == []


def test_triage_gives_away_only_what_is_urgent_and_free() -> None:
    assert urgently(an_item(CRASH), LIU) == []
    urgent = an_item(OUTAGE)
    [assigned] = urgently(urgent, LIU)
    assert isinstance(assigned, TriageAssigned)
    assert (assigned.by, assigned.actor) == ("service:triage", "service:triage")
    assert urgently(urgent, CHEN) == []


def test_a_lead_takes_it_from_one_and_gives_it_to_another() -> None:
    item = at_work()
    [assigned] = assignment.assign(item, with_room(LIU, item), "休假", BY_LEAD, NOON)
    assert isinstance(assigned, TriageAssigned)
    assert (assigned.engineer, assigned.instead_of, assigned.senior) == ("e-liu", "e-chen", True)
    assert item.last_assignee == "e-chen"


def test_only_its_engineer_or_a_lead_releases_it() -> None:
    item = at_work()
    with pytest.raises(NotAssignee):
        assignment.release(item, "不是我的", BY_LIU, NOON)
    assert kinds(assignment.release(item, "需要专家", BY_CHEN, NOON)) == [TriageReleased]
    with pytest.raises(NotAssignee):
        assignment.release(item, "再退一次", BY_CHEN, NOON)


def test_what_they_gave_back_meanwhile_is_not_theirs_by_an_older_request() -> None:
    """Two requests of one engineer reserve the same capacity; it is used once."""
    item = an_item()
    first, second = with_room(CHEN, item), with_room(CHEN, item)
    assignment.claim(item, first, "", NOON)
    stored(item)
    assignment.release(item, "换班", BY_CHEN, NOON)
    stored(item)
    with pytest.raises(Overtaken):
        assignment.claim(item, second, "", NOON)
    assert item.assignee == ""
    assert assignment.claim(item, with_room(CHEN, item), "", NOON)


def test_without_reserved_capacity_nothing_is_given() -> None:
    with pytest.raises(Overtaken):
        assignment.assign(an_item(), LIU, "熟悉", BY_LEAD, NOON)
