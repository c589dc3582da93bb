"""SLA policies: which targets, for whom, from when on."""

from datetime import timedelta
from itertools import permutations

import pytest

from services.sla.calendars.defaults import CN_WEEK
from services.sla.policies.domain import Backdated, OtherTickets, Policy, PolicyDetails, PolicyVersion
from services.sla.policies.matching import Match
from services.sla.policies.targets import DEFAULT_TARGETS, SlaTarget, SlaTargets, TargetDuration, Unit
from shared.events import Event, SlaPolicyChanged
from shared.terms import ClockKind, Priority
from shared.testing import NOON
from tests.sla.builders import DEFAULT_VERSION

HOUR = timedelta(hours=1)
FASTER: SlaTargets = {ClockKind.RESPONSE: {Priority.URGENT: SlaTarget(amount=0.5, unit=Unit.HOURS)}}
SLOWER: SlaTargets = {ClockKind.RESPONSE: {Priority.URGENT: SlaTarget(amount=3, unit=Unit.HOURS)}}


def a_policy(company: str = "华东贸易有限公司") -> Policy:
    policy = Policy(id="huadong", match=Match(company=company))
    policy.add_version(policy.match, NOON, PolicyDetails("cn", {}), DEFAULT_VERSION, NOON)
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
def test_the_default_targets(clock: ClockKind, priority: Priority | None, hours: float, business_time: bool) -> None:
    target = DEFAULT_VERSION.target(clock, priority)
    assert target
    assert target.duration(CN_WEEK.day_seconds) == TargetDuration(
        seconds=int(hours * 3600), business_time=business_time
    )


def test_what_a_version_does_not_name_stays_as_it_was() -> None:
    policy = a_policy()
    policy.add_version(policy.match, NOON + HOUR, PolicyDetails("cn", FASTER), DEFAULT_VERSION, NOON)
    version = policy.version_at(NOON + HOUR)
    assert version
    assert version.target(ClockKind.RESPONSE, Priority.URGENT) == SlaTarget(amount=0.5, unit=Unit.HOURS)
    assert version.target(ClockKind.RESPONSE, Priority.HIGH) == SlaTarget(amount=8, unit=Unit.HOURS)
    assert version.promises[ClockKind.CALL_BACK] == DEFAULT_TARGETS[ClockKind.CALL_BACK]


def test_a_ticket_keeps_the_version_of_its_time() -> None:
    policy = a_policy()
    policy.add_version(policy.match, NOON + HOUR, PolicyDetails("cn", FASTER), DEFAULT_VERSION, NOON)
    before, after, never = policy.version_at(NOON), policy.version_at(NOON + HOUR), policy.version_at(NOON - HOUR)
    assert isinstance(before, PolicyVersion)
    assert before.target(ClockKind.RESPONSE, Priority.URGENT) == SlaTarget(amount=2, unit=Unit.HOURS)
    assert after is not before
    assert never is None


def test_the_same_targets_again_add_no_version_and_publish_nothing() -> None:
    policy = a_policy()
    assert policy.add_version(policy.match, NOON + HOUR, PolicyDetails("cn", {}), DEFAULT_VERSION, NOON) == []
    assert len(policy.terms) == 1


def test_a_version_in_the_past_is_refused() -> None:
    with pytest.raises(Backdated):
        a_policy().add_version(
            Match(company="华东贸易有限公司"), NOON - HOUR, PolicyDetails("cn", FASTER), DEFAULT_VERSION, NOON
        )


def test_a_policy_stays_with_its_company() -> None:
    with pytest.raises(OtherTickets):
        a_policy().add_version(
            Match(company="North Securities"), NOON, PolicyDetails("cn", FASTER), DEFAULT_VERSION, NOON
        )


def test_from_what_is_told_of_a_policy_it_is_built_again_in_any_order() -> None:
    policy = Policy(id="huadong", match=Match(company="华东贸易有限公司"))
    told = []
    for revision, (hours, change) in enumerate([(0, {}), (1, FASTER), (1, SLOWER)], 1):
        policy.version = revision - 1
        [event] = policy.add_version(
            policy.match, NOON + hours * HOUR, PolicyDetails("cn", change), DEFAULT_VERSION, NOON
        )
        told.append(event.model_copy(update={"revision": revision}))
    for order in permutations(told):
        again = Policy(id="huadong", match=Match(company="华东贸易有限公司"), version=1)
        for event in order:
            heard, before = Event.from_wire(event.to_wire()), again.model_dump()
            assert isinstance(heard, SlaPolicyChanged)
            again.restore(heard)
            again.version += again.model_dump() != before
        assert (again.terms, again.version) == (policy.terms, 3)
