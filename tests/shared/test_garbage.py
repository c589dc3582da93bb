"""What a process has when it has started is not looked through again."""

import gc

from shared.garbage import AT_LEAST, spare_what_stays


async def test_what_is_there_at_the_start_is_spared_and_the_rest_is_still_collected() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        await spare_what_stays()
        assert gc.get_freeze_count() > frozen + 10_000
        assert gc.get_threshold() == (AT_LEAST, *before[1:])
        ring: list[object] = []
        ring.append(ring)
        del ring
        assert gc.collect() >= 1
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
