"""Numbers that no two processes are given."""

import asyncio

from shared.mongo import Counter
from tests.shared.store.notes import Desk


async def test_numbers_are_unique_when_two_processes_take_them_at_once(desk: Desk) -> None:
    counters = [Counter(desk.runtime.database, block=7) for _ in range(2)]
    numbers = await asyncio.gather(*(counter.next("T") for _ in range(40) for counter in counters))
    assert len(set(numbers)) == 80
    assert min(numbers) == 1
    assert await counters[0].next("another name") == 1


async def test_a_number_up_to_which_all_are_taken_is_not_given_by_any_process(desk: Desk) -> None:
    counters = [Counter(desk.runtime.database, block=7) for _ in range(4)]
    await asyncio.gather(*(counter.raise_above("T", 100, 10) for counter in counters))
    numbers = await asyncio.gather(*(counter.next("T") for _ in range(20) for counter in counters))
    assert (len(set(numbers)), min(numbers)) == (80, 111)
    await counters[0].raise_above("T", 100, 10)  # it only ever rises
    assert await counters[0].next("T") > 130


async def test_what_this_process_gave_it_does_not_give_again_when_the_database_is_put_back(desk: Desk) -> None:
    counter = Counter(desk.runtime.database, block=7)
    numbers = [await counter.next("T") for _ in range(7)]
    await desk.runtime.database["counter"].update_one({"_id": "T"}, {"$set": {"value": 0}})
    numbers += [await counter.next("T") for _ in range(7)]
    await desk.runtime.database["counter"].delete_one({"_id": "T"})
    numbers += [await counter.next("T") for _ in range(7)]
    assert numbers == list(range(1, 22))
