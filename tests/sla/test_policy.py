"""What is promised to whom, from which day on."""

from datetime import timedelta
from itertools import permutations

import pytest

from services.sla.policies.domain import (
    PROCESS,
    Backdated,
    OtherCompany,
    Policy,
    Promise,
    Promises,
    Target,
    Terms,
    Unit,
)
from services.sla.rules import CN_WEEK
from shared.events import Event, SlaPolicyChanged
from shared.terms import ClockKind, Priority
from shared.testing import NOON
from tests.sla.builders import TERMS

HOUR = timedelta(hours=1)
FASTER: Promises = {ClockKind.RESPONSE: {Priority.URGENT: Promise(amount=0.5, unit=Unit.HOURS)}}
SLOWER: Promises = {ClockKind.RESPONSE: {Priority.URGENT: Promise(amount=3, unit=Unit.HOURS)}}


def a_policy(company: str = "华东贸易有限公司") -> Policy:
    policy = Policy(id="huadong", company=company)
    policy.promise(company, NOON, "cn", {}, TERMS, NOON)
    return policy


@pytest.mark.parametrize(
    ("clock", "priority", "hours", "business_time"),
    [
        (ClockKind.RESPONSE, Priority.URGENT, 2, False),
        (ClockKind.RESPONSE, Priority.HIGH, 8, False),
        (ClockKind.RESPONSE, Priority.NORMAL, 24, False),
        (ClockKind.RESPONSE, None, 24, False),
        (ClockKind.RESPONSE, Priority.of("catastrophic"), 24, False),
        (ClockKind.RESOLUTION, Priority.URGENT, 4, False),
        (ClockKind.RESOLUTION, Priority.HIGH, 22.5, True),
        (ClockKind.RESOLUTION, Priority.NORMAL, 37.5, True),
        (ClockKind.DIAGNOSIS, Priority.URGENT, 7.5, True),
        (ClockKind.CONSULTATION, Priority.HIGH, 15, True),
        (ClockKind.CALL_BACK, Priority.NORMAL, 12, False),
    ],
)
def test_the_process_promises(clock: ClockKind, priority: Priority | None, hours: float, business_time: bool) -> None:
    target = TERMS.promise(clock, priority).target(CN_WEEK.day_seconds)
    assert target == Target(seconds=int(hours * 3600), business_time=business_time)


def test_what_a_version_does_not_name_stays_as_it_was() -> None:
    policy = a_policy()
    policy.promise(policy.company, NOON + HOUR, "cn", FASTER, TERMS, NOON)
    terms = policy.at(NOON + HOUR)
    assert terms
    assert terms.promise(ClockKind.RESPONSE, Priority.URGENT).amount == 0.5
    assert terms.promise(ClockKind.RESPONSE, Priority.HIGH).amount == 8
    assert terms.promises[ClockKind.CALL_BACK] == PROCESS[ClockKind.CALL_BACK]


def test_a_ticket_keeps_the_version_of_its_time() -> None:
    policy = a_policy()
    policy.promise(policy.company, NOON + HOUR, "cn", FASTER, TERMS, NOON)
    before, after, never = policy.at(NOON), policy.at(NOON + HOUR), policy.at(NOON - HOUR)
    assert isinstance(before, Terms)
    assert before.promise(ClockKind.RESPONSE, Priority.URGENT).amount == 2
    assert after is not before
    assert never is None


def test_the_same_promise_again_adds_no_version_and_tells_nothing() -> None:
    policy = a_policy()
    assert policy.promise(policy.company, NOON + HOUR, "cn", {}, TERMS, NOON) == []
    assert len(policy.terms) == 1


def test_a_version_in_the_past_is_refused() -> None:
    with pytest.raises(Backdated):
        a_policy().promise("华东贸易有限公司", NOON - HOUR, "cn", FASTER, TERMS, NOON)


def test_a_policy_stays_with_its_company() -> None:
    with pytest.raises(OtherCompany):
        a_policy().promise("North Securities", NOON, "cn", FASTER, TERMS, NOON)


def test_from_what_is_told_of_a_policy_it_is_built_again_in_any_order() -> None:
    policy = Policy(id="huadong", company="华东贸易有限公司")
    told = []
    for revision, (hours, change) in enumerate([(0, {}), (1, FASTER), (1, SLOWER)], 1):
        policy.version = revision - 1
        [event] = policy.promise(policy.company, NOON + hours * HOUR, "cn", change, TERMS, NOON)
        told.append(event.model_copy(update={"revision": revision}))
    for order in permutations(told):
        again = Policy(id="huadong", company="华东贸易有限公司", version=1)
        for event in order:
            heard, before = Event.from_wire(event.to_wire()), again.model_dump()
            assert isinstance(heard, SlaPolicyChanged)
            again.restore(heard)
            again.version += again.model_dump() != before
        assert (again.terms, again.version) == (policy.terms, 3)
