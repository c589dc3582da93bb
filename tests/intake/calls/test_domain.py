"""The state of a call follows from what is known of it, in whatever order a telephone system tells."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.calls.domain import Call, CallUpdate
from shared.events import CallChanged, CallState
from shared.testing import NOON

TOLD = [
    CallUpdate(
        call="c", state=state, number="+8613800138000", agent=agent, began_at=NOON, at=NOON + timedelta(seconds=n)
    )
    for n, (state, agent) in enumerate(
        [(CallState.RINGING, ""), (CallState.ANSWERED, "8001"), (CallState.MISSED, "8002"), (CallState.ENDED, "8001")]
    )
]


def heard(*updates: CallUpdate) -> Call:
    call = Call.begin("CALL-1", "pbx", updates[0])
    for update in updates:
        call.hear(update, NOON)
    return call


@given(st.lists(st.sampled_from(TOLD), max_size=8))
def test_any_order_and_repetition_leads_to_the_same_call(more: list[CallUpdate]) -> None:
    whole = {heard(*order, *more).model_dump_json() for order in permutations(TOLD)}
    assert whole == {heard(*TOLD).model_dump_json()}


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ([0], CallState.RINGING),
        ([0, 1], CallState.ANSWERED),
        ([0, 2], CallState.MISSED),
        ([0, 2, 3], CallState.MISSED),
        ([2, 1], CallState.ANSWERED),
        ([0, 1, 2, 3], CallState.ENDED),
        ([3], CallState.ENDED),
    ],
)
def test_the_state_is_the_furthest_that_was_told(told: list[int], state: CallState) -> None:
    assert heard(*(TOLD[n] for n in told)).state is state


def test_what_is_told_again_is_no_news() -> None:
    call = Call.begin("CALL-1", "pbx", TOLD[0])
    [rings] = call.hear(TOLD[0], NOON)
    assert isinstance(rings, CallChanged)
    assert (rings.state, rings.number, rings.ticket) == (CallState.RINGING, "+8613800138000", "")
    assert call.hear(TOLD[0], NOON) == []
    assert len(call.put_on("TK-2026-000001", NOON)) == 1
    assert call.put_on("TK-2026-000001", NOON) == []
