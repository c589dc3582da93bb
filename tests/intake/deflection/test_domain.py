"""Who is held out, and what the two groups are compared by."""

from datetime import timedelta

import pytest

from services.intake.deflection.domain import (
    MOST_ARTICLES,
    WITHIN,
    Counts,
    Group,
    Result,
    Suggestion,
    effect,
    group_of,
    open_one,
)
from shared.domain import NotFound
from shared.testing import NOON


def shown(**known: object) -> Suggestion:
    return Suggestion.made("s1", "u-wang", Group.SHOWN, ["KB-1", "KB-2"], NOON).model_copy(update=known)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_the_hold_out_group_is_as_large_as_the_setting_says_and_always_the_same(share: float) -> None:
    groups = {f"u-{n}": group_of(f"u-{n}", share) for n in range(4_000)}
    held_out = sum(one is Group.HELD_OUT for one in groups.values())
    assert abs(held_out / 4_000 - share) < 0.02
    assert {name: group_of(name, share) for name in groups} == groups


def test_a_larger_share_only_adds_to_the_group() -> None:
    few = {n for n in range(1_000) if group_of(f"u-{n}", 0.1) is Group.HELD_OUT}
    assert few < {n for n in range(1_000) if group_of(f"u-{n}", 0.3) is Group.HELD_OUT}


def test_what_is_asked_again_is_the_same_visit() -> None:
    one = shown()
    one.add(["KB-2", "KB-3", *(f"KB-{n}" for n in range(10, 90))])
    assert one.articles[:3] == ["KB-1", "KB-2", "KB-3"]
    assert len(one.articles) == MOST_ARTICLES
    assert open_one([one], NOON) is one
    assert open_one([one], NOON + WITHIN) is None
    one.record_result(True)
    assert open_one([one], NOON) is None


def test_only_what_was_shown_to_them_is_read() -> None:
    one = shown()
    one.note_read("KB-2", "u-wang")
    one.note_read("KB-2", "u-wang")
    assert one.read == ["KB-2"]
    held_out = shown(group=Group.HELD_OUT)
    for which, article, who in ((one, "KB-9", "u-wang"), (one, "KB-1", "u-zhao"), (held_out, "KB-1", "u-wang")):
        with pytest.raises(NotFound):
            which.note_read(article, who)


def test_what_came_of_it_is_said_once_and_of_nobody() -> None:
    one = shown()
    one.record_result(False)
    one.record_result(True)
    assert (one.result, one.customer, one.due_at) == (Result.NOT_SUBMITTED, "", None)


def test_the_effect_has_the_interval_that_newcombe_gives() -> None:
    """His example (a) for method 10: 56/70 and 48/80, 0.2000 with 0.0524 to 0.3339."""
    found = effect(Counts(80, 0, 48), Counts(70, 0, 56))
    assert found is not None
    assert [round(one, 4) for one in found] == [0.2, 0.0524, 0.3339]
    assert effect(Counts(0, 0, 0), Counts(70, 0, 56)) is None
    assert Counts(80, 3, 48).not_submitted == 32
    assert timedelta() < WITHIN
