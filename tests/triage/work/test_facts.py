"""Facts may be heard late, twice and in any order, between any of our own activities: the work item is the same."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from services.triage.routing import assignment
from services.triage.work import facts, knowledge, solutions, worklog
from services.triage.work.domain import WorkItem
from services.triage.work.values import Activity, WorkState
from shared.events import (
    Event,
    TicketCompleted,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketWaiting,
)
from shared.terms import Satisfaction, WaitingFor
from shared.testing import NOON
from tests.triage.builders import (
    BY_CHEN,
    BY_LEAD,
    CHEN,
    CRASH,
    TICKET,
    an_item,
    at_work,
    completed,
    stored,
    tried,
    with_room,
)
from tests.triage.history import HISTORY, INFORMATION, OFTEN, about, doubled, hear, written


@pytest.mark.parametrize("seed", range(60))
def test_a_whole_history_in_any_order_and_doubled_is_the_same_history(seed: int) -> None:
    expected = hear(at_work(), HISTORY)
    found = hear(at_work(), doubled(HISTORY, random.Random(seed)))
    assert written(found) == written(expected)
    assert found.worklog == sorted(found.worklog, key=lambda entry: entry.sort_key)
    told = Counter(entry.did for entry in found.worklog)
    assert {did: told[did] for did in OFTEN} == OFTEN


def test_a_whole_history_ends_where_it_ends() -> None:
    item = hear(at_work(), reversed(HISTORY))
    assert (item.open, item.work, item.round) == (False, WorkState.DONE, 3)
    assert (item.waiting_for, item.satisfaction) == (WaitingFor.NONE, Satisfaction.SATISFIED)
    assert [consent.id for consent in item.consents] == ["c2"]
    assert item.problem.module == "导出"
    assert (item.next_due, item.consultation_due) == (None, False)


@pytest.mark.parametrize(
    "few",
    [
        HISTORY[1:4],
        HISTORY[4:9],
        HISTORY[10:15],
        HISTORY[14:20],
        HISTORY[17:23],
        HISTORY[19:25],
        HISTORY[22:28],
        HISTORY[26:32],
    ],
    ids=lambda few: f"{few[0].kind}-{few[-1].kind}",
)
def test_every_order_of_neighbours_is_the_same(few: tuple[Event, ...]) -> None:
    expected = written(hear(at_work(), few))
    for order in permutations(few):
        assert written(hear(at_work(), order)) == expected, [event.kind for event in order]


Step = Callable[[WorkItem, datetime], Any]


ACTIVITIES: tuple[Step, ...] = (
    lambda item, now: assignment.claim(item, with_room(CHEN, item), "", now),
    lambda item, now: assignment.release(item, "另有安排", BY_CHEN, now),
    lambda item, now: assignment.assign(item, with_room(CHEN, item), "熟悉", BY_LEAD, now),
    lambda item, now: worklog.add_note(item, BY_CHEN, "看过日志", now),
    lambda item, now: knowledge.search(item, BY_CHEN, "导出崩溃", None, now),
    lambda item, now: solutions.propose(item, BY_CHEN, "升级", "", "", now),
    lambda item, now: solutions.verify(item, BY_CHEN, *tried("导出", "失败"), False, now),
)


FIRST_DAY = HISTORY[:12]  # nothing in it ends or begins a round


@pytest.mark.parametrize("seed", range(60))
def test_our_activities_and_their_facts_do_not_disturb_each_other(seed: int) -> None:
    """Our own stand in their order; theirs may come before, between and after them."""
    chance = random.Random(seed)
    heard = doubled(FIRST_DAY, chance)
    steps: list[Event | Step] = [*heard]
    for at, activity in zip(
        sorted(chance.choices(range(len(heard) + 1), k=len(ACTIVITIES)), reverse=True), ACTIVITIES[::-1], strict=True
    ):
        steps.insert(at, activity)
    item, plain = an_item(), an_item()
    for n, activity in enumerate(ACTIVITIES):
        activity(plain, NOON + timedelta(minutes=n))
        stored(plain)
    hear(plain, FIRST_DAY)
    n = 0
    for step in steps:
        if isinstance(step, Event):
            hear(item, [step])  # a write of its own in the store; here it is not, so that our writes have equal numbers
        else:
            step(item, NOON + timedelta(minutes=n))
            stored(item)
            n += 1
    assert written(item) == written(plain)


def test_a_yes_to_an_earlier_round_that_is_heard_late_is_on_record_and_ends_nothing() -> None:
    item = at_work()
    hear(item, [TicketReopened(**about(9), reason="又来了", round=2)])
    hear(item, [TicketSolutionAccepted(**about(6), round=1), completed(7)])
    assert (item.open, item.work, item.round) == (True, WorkState.IN_PROGRESS, 2)
    assert [entry.did for entry in item.worklog if entry.did in OFTEN] == [
        Activity.COMPLETED,
        Activity.ACCEPTED,
        Activity.REOPENED,
    ]


def test_a_rejection_may_be_heard_before_we_know_that_anything_was_verified() -> None:
    item = at_work()
    hear(item, [TicketSolutionRejected(**about(9), round=2, comment="不行")])
    assert (item.work, item.round) == (WorkState.IN_PROGRESS, 2)


def test_reopening_is_news_once_and_not_when_the_ticket_has_ended_again() -> None:
    reopened = TicketReopened(**about(9), reason="又来了", round=2)
    item = hear(at_work(), [completed(7)])
    assert [facts.reopened(item, reopened), facts.reopened(item, reopened)] == [True, False]
    ended = hear(at_work(), [completed(12)])
    assert not facts.reopened(ended, reopened)
    assert not ended.open


@pytest.mark.parametrize("behind", [3, 3600])
def test_the_greater_revision_holds_whatever_the_clocks_of_its_makers_hosts_say(behind: int) -> None:
    """Of each two, the later fact is told by a host whose clock is behind, and heard in either order."""
    pairs: tuple[tuple[Event, Event], ...] = (
        (completed(7, NOON), TicketReopened(**about(8, -behind), reason="又来了", round=2)),
        (TicketReopened(**about(8, 0), reason="又来了", round=2), completed(9, NOON - timedelta(seconds=behind))),
        (
            TicketWaiting(**about(3, 0), waiting_for=INFORMATION),
            TicketResumed(**about(4, -behind), waited_for=INFORMATION),
        ),
    )
    for earlier, later in pairs:
        for told in ([earlier, later], [later, earlier], [later, earlier, later]):
            item = hear(at_work(), told)
            assert item.open is not isinstance(later, TicketCompleted), told
            assert item.waiting_for is WaitingFor.NONE, told


def test_facts_of_an_older_release_hold_as_they_come() -> None:
    """Those tell no revisions."""
    item = at_work()
    item.revisions = {}
    old = {"subject": TICKET, "time": NOON}
    hear(item, [TicketWaiting(**old, waiting_for=INFORMATION), TicketResumed(**old, waited_for=INFORMATION)])
    hear(item, [TicketCompleted(**old, problem=CRASH, customer="u-wang", opened_at=NOON)])
    assert (item.waiting_for, item.open) == (WaitingFor.NONE, False)
    hear(item, [TicketReopened(**old, reason="又来了", round=2)])
    assert item.open
