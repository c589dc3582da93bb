"""Engineers: what they hold, and that no limit is exceeded."""

from itertools import permutations
from typing import Any

import pytest

from services.triage.routing.domain import (
    MAX_CLAIMS,
    MAX_RELEASED,
    MAX_RESERVATIONS,
    Engineer,
    Level,
    LimitReached,
    Reservation,
)
from shared.testing import NOON

TICKET = "TK-2026-000001"


def reservation(ticket: str = TICKET, version: int = 2, made_by: str = "p") -> Reservation:
    return Reservation(ticket=ticket, version=version, at=NOON, made_by=made_by)


def engineer(sub: str = "a", held: int = 0, **more: Any) -> Engineer:
    return Engineer(id=sub, name=sub, held={f"TK-{sub}-{n}": 2 for n in range(held)}, **more)


def senior(sub: str, held: int = 0, **more: Any) -> Engineer:
    return engineer(sub, held, level=Level.SENIOR, **more)


def test_a_limit_holds() -> None:
    full = engineer(held=2, capacity=2)
    with pytest.raises(LimitReached) as refused:
        full.reserve(reservation(), urgent=True)
    assert "2" in refused.value.detail.zh
    assert full.tickets == ["TK-a-0", "TK-a-1"]


def test_a_limit_holds_for_urgent_tickets_and_seniors_too() -> None:
    full = senior("a", 2, capacity=2)
    for urgent in (False, True):
        with pytest.raises(LimitReached):
            full.reserve(reservation(), urgent)
    assert TICKET not in full.tickets


def test_what_is_reserved_needs_no_more_capacity() -> None:
    full = engineer(held=1, capacity=1)
    full.reserve(reservation("TK-a-0", 7), urgent=False)
    assert full.tickets == ["TK-a-0"]


def test_only_who_made_a_reservation_cancels_it() -> None:
    one = engineer()
    first, second = reservation(made_by="first"), reservation(made_by="second")
    one.reserve(first, urgent=False, key="k")
    one.reserve(second, urgent=False)
    one.cancel(first)
    assert (one.tickets, one.claimed_ticket("k")) == ([TICKET], TICKET)
    one.cancel(second)
    assert (one.tickets, one.claimed_ticket("k")) == ([], None)


def test_claimed_released_and_claimed_again_end_the_same_in_any_order() -> None:
    """Each told by another replica, as the work item was at this version."""
    for order in permutations([("hold", 2), ("release", 3), ("hold", 4), ("release", 5), ("hold", 7)]):
        one = engineer()
        for did, version in order * 2:
            if did == "hold":
                one.hold(TICKET, version, NOON)
            else:
                one.release(TICKET, version)
        assert one.held == {TICKET: 7}, order


def test_what_was_released_is_not_held_by_what_is_heard_late() -> None:
    for order in permutations([("hold", 2), ("release", 3), ("hold", 4), ("release", 6)]):
        one = engineer()
        for did, version in order:
            if did == "hold":
                one.hold(TICKET, version, NOON)
            else:
                one.release(TICKET, version)
        assert one.tickets == [], order


def test_a_reservation_outlives_what_is_older() -> None:
    one = engineer()
    one.reserve(reservation(version=5), urgent=False)
    one.release(TICKET, 4)
    assert one.tickets == [TICKET]
    one.release(TICKET, 5)
    assert one.tickets == []


def test_what_is_remembered_has_a_bound() -> None:
    one = engineer()
    for n in range(3 * MAX_RELEASED):
        one.reserve(reservation(f"TK-{n}"), urgent=False, key=f"k-{n}")
        one.release(f"TK-{n}", 3)
    assert len(one.released) == MAX_RELEASED
    assert len(one.claims) <= MAX_CLAIMS
    assert len(one.reservations) <= MAX_RESERVATIONS
    assert one.knows(f"TK-{3 * MAX_RELEASED - 1}", 3)
    assert not one.knows("TK-0", 3)


@pytest.mark.parametrize(
    "wrote",
    [
        {"tickets": ["TK-1", "TK-2"]},
        {"tickets": ["TK-1", "TK-2"], "places": {"TK-1": 2, "TK-2": 2}, "promises": [], "gone": {"TK-3": 4}},
    ],
)
def test_what_an_older_release_wrote_is_understood(wrote: dict[str, Any]) -> None:
    one = Engineer.model_validate({"id": "a", **wrote})
    assert one.tickets == ["TK-1", "TK-2"]
    assert one.released == wrote.get("gone", {})
    one.release("TK-1", 9)
    assert Engineer.model_validate({"id": "a", **one.model_dump()}).tickets == ["TK-2"]
