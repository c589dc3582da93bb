"""Questions that another service answers at once."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel

from shared.domain import TooLarge, Unavailable
from tests.shared.bus.harness import BusHarness


class Sum(BaseModel):
    of: list[int]


class Total(BaseModel):
    total: int


async def test_a_question_is_answered_by_one_of_those_who_can(harness: BusHarness) -> None:
    answered: list[str] = []

    def adder(name: str) -> Callable[[Sum], Any]:
        async def add(question: Sum) -> Total:
            answered.append(name)
            return Total(total=sum(question.of))

        return add

    asking = await harness.bus("triage")
    for name in ("one", "two"):
        bus = harness.make("kb")
        bus.answers("sum", Sum, adder(name))
        await harness.start(bus)
    totals = [await asking.ask("sum", Sum(of=[i, 1]), Total, within=5) for i in range(6)]
    assert [answer.total for answer in totals] == [i + 1 for i in range(6)]
    assert len(answered) == 6


async def test_a_question_that_nobody_answers_is_unavailable_at_once(harness: BusHarness) -> None:
    asking = await harness.bus("triage")
    async with asyncio.timeout(60):
        with pytest.raises(Unavailable):
            await asking.ask("sum", Sum(of=[1]), Total, within=3600)


async def test_a_replica_that_is_stopped_holds_up_no_question(harness: BusHarness) -> None:
    stopped = asyncio.Event()

    async def stands_still(_: Sum) -> Total:
        await stopped.wait()
        return Total(total=0)

    async def adds(question: Sum) -> Total:
        return Total(total=sum(question.of))

    asking = await harness.bus("triage")
    for handler in (stands_still, stands_still, adds):
        bus = harness.make("kb")
        bus.answers("sum", Sum, handler)
        await harness.start(bus)
    try:
        totals = await asyncio.gather(*(asking.ask("sum", Sum(of=[i]), Total, within=4) for i in range(12)))
    finally:
        stopped.set()
    assert [answer.total for answer in totals] == list(range(12))


async def test_a_question_that_takes_too_long_is_unavailable(harness: BusHarness) -> None:
    async def never(_: Sum) -> Total:
        await asyncio.sleep(2)
        return Total(total=0)

    asking = await harness.bus("triage")
    bus = harness.make("kb")
    bus.answers("sum", Sum, never)
    await harness.start(bus)
    with pytest.raises(Unavailable):
        await asking.ask("sum", Sum(of=[1]), Total, within=0.2)


class Word(BaseModel):
    word: str


async def test_an_answer_or_a_question_that_is_too_large_does_not_break_the_connection(harness: BusHarness) -> None:
    async def repeat(question: Word) -> Word:
        return Word(word=question.word * 2)

    asking = await harness.bus("triage")
    answering = harness.make("kb")
    answering.answers("repeat", Word, repeat)
    await harness.start(answering)
    with pytest.raises(Unavailable):
        await asking.ask("repeat", Word(word="x" * 600_000), Word, within=0.5)
    with pytest.raises(TooLarge):
        await asking.ask("repeat", Word(word="x" * 1_048_576), Word, within=0.5)
    assert await asking.ask("repeat", Word(word="x"), Word, within=5) == Word(word="xx")
    assert answering.alive
    assert asking.alive
