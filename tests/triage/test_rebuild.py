"""Work items built again from the stream."""

import random

from services.triage.work import facts
from services.triage.work.values import Activity
from tests.triage.builders import (
    OUTAGE,
    TICKET,
    opened,
)
from tests.triage.history import built, doubled, lived, written


def test_a_work_item_built_again_from_the_stream_is_the_same_in_any_order() -> None:
    first = opened(TICKET, OUTAGE)
    live = facts.opened(first)
    told = [first, *lived(live)]
    assert {entry.did for entry in live.worklog} == {*Activity} - {Activity.NOTED}
    for seed in range(20):
        chance = random.Random(seed)
        assert written(built(doubled(told, chance))) == written(live)
    assert built(told).version == live.version
