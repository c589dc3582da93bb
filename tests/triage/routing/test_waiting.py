"""Nothing starves: how long a ticket waits is bounded, whatever comes after it.

What is served between the opening of a ticket and its turn comes before it in the queue. That is what waited already,
urgent ones, and what is opened before the ticket's own deadline and due before it. So where `capacity` tickets an hour
find an engineer and at most `urgent` of them are urgent, it waits at most
(what waited + what is opened before its deadline and is not urgent) / (capacity - urgent) hours.
"""

from datetime import timedelta
from itertools import chain, count

from hypothesis import given, settings
from hypothesis import strategies as st

from services.triage.work.domain import RESPONSE, WorkItem
from shared.terms import Priority
from shared.testing import NOON
from tests.triage.builders import an_item

HOUR = timedelta(hours=1)
URGENT, HIGH, NORMAL = Priority.URGENT, Priority.HIGH, Priority.NORMAL
LEAD = RESPONSE[NORMAL] - RESPONSE[HIGH]  # by which a high one comes before a normal one while sla has said nothing
PATTERN = an_item()
# In each hour: how many urgent ones, and of high and normal ones within how many hours sla wants them answered.
Told = st.one_of(st.none(), st.integers(1, 60))
HOURS = st.lists(
    st.tuples(st.integers(0, 3), st.lists(Told, max_size=5), st.lists(Told, max_size=2)), min_size=1, max_size=20
)


def item(number: int, priority: Priority, opened: int, told: int | None = None) -> WorkItem:
    at = NOON + opened * HOUR
    return PATTERN.model_copy(
        update={
            "id": f"TK-{number:05}",
            "priority": priority,
            "opened_at": at,
            "response_due": at + told * HOUR if told else None,
        }
    )


def deadline(one: WorkItem) -> float:
    """In hours."""
    return ((one.response_due or one.opened_at + RESPONSE[one.priority]) - NOON) / HOUR


def served(capacity: int, hours: list[list[WorkItem]]) -> dict[str, int]:
    """In which hour each has its turn, until nothing is left."""
    turns: dict[str, int] = {}
    waiting: list[tuple[str, str]] = []
    for hour in count():
        if not waiting and hour >= len(hours):
            return turns
        waiting = sorted([*waiting, *((one.queue_key(), one.id) for one in chain(*hours[hour : hour + 1]))])
        turns |= dict.fromkeys((id for _, id in waiting[:capacity]), hour)
        waiting = waiting[capacity:]
    raise AssertionError


@settings(max_examples=60)
@given(hours=HOURS, urgent=st.integers(0, 3), spare=st.integers(1, 2))
def test_the_wait_of_each_ticket_is_bounded_whatever_comes_after_it(
    hours: list[tuple[int, list[int | None], list[int | None]]], urgent: int, spare: int
) -> None:
    """Also when more high ones come than can be served; urgent ones alone stay below the capacity."""
    capacity, made = urgent + spare, 0
    opened: list[list[WorkItem]] = []
    for hour, (urgents, high, normal) in enumerate(hours):
        now = [(URGENT, None)] * min(urgents, urgent) + [(HIGH, told) for told in high] + [(NORMAL, t) for t in normal]
        opened.append([item(made + n, priority, hour, told) for n, (priority, told) in enumerate(now)])
        made += len(now)
    turns = served(capacity, opened)
    waited = 0
    for hour, fresh in enumerate(opened):
        for one in fresh:
            if one.priority is not URGENT:
                later = [other for more in opened[hour + 1 :] for other in more if other.priority is not URGENT]
                before = sum(other.opened_at < NOON + deadline(one) * HOUR for other in later)
                ahead = waited + len(fresh) - 1 + before
                assert turns[one.id] - hour <= ahead / spare
        waited += len(fresh) - sum(turn == hour for turn in turns.values())


@given(
    st.lists(st.tuples(st.sampled_from([HIGH, NORMAL]), st.integers(0, 100)), min_size=2, max_size=30),
)
def test_high_comes_before_normal_until_that_has_waited_too_long(opened: list[tuple[Priority, int]]) -> None:
    items = [item(n, priority, hour) for n, (priority, hour) in enumerate(opened)]
    queue = sorted(items, key=WorkItem.queue_key)
    for place, one in enumerate(queue):
        for behind in queue[place + 1 :]:
            if one.priority is behind.priority:
                assert (one.opened_at, one.id) < (behind.opened_at, behind.id)
            elif one.priority is HIGH:
                assert one.opened_at <= behind.opened_at + LEAD
            else:
                assert one.opened_at + LEAD < behind.opened_at


def test_a_normal_ticket_has_its_turn_while_more_high_ones_come_than_can_be_served() -> None:
    """Two an hour are served and three high ones come: with priorities first it would wait for ever."""
    one = item(0, NORMAL, 0)
    flood = [[item(100 * hour + n, HIGH, hour) for n in (1, 2, 3)] for hour in range(60)]
    turns = served(2, [[one, *flood[0]], *flood[1:]])
    assert LEAD / HOUR * 3 / 2 <= turns[one.id] <= (LEAD / HOUR + 1) * 3 / 2
