"""A number that two tickets have: the work item stays as it was when the second opening was heard."""

import random

import pytest

from services.triage.work import facts
from tests.triage.builders import CRASH, OUTAGE, TICKET, opened
from tests.triage.test_disorder import LIFE, built, doubled, hear, written


@pytest.mark.parametrize("heard", [0, 3, 12, 20, len(LIFE)])
def test_after_a_second_opening_no_fact_in_any_order_changes_anything_also_built_again(heard: int) -> None:
    first = opened(TICKET, OUTAGE)
    second = first.model_copy(update={"id": "another", "problem": CRASH})
    before = hear(facts.begin(first), LIFE[:heard])
    for seed in range(10):
        later = doubled([first, second, *LIFE], random.Random(seed))
        item = before.model_copy(deep=True)
        for event in (second, *later):
            facts.hear(item, event)
        assert item.disputed
        assert written(item) == written(before.model_copy(update={"disputed": True}))
        assert written(built([first, *LIFE[:heard], second, *later])) == written(item)
