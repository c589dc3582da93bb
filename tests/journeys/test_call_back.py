"""A dissatisfied customer is called back within twelve hours, by a clock that fires (P5.2)."""

from shared.events import SlaBreached, SlaCallBackDue, SlaMet
from shared.terms import ClockKind
from shared.testing import AGENT, World
from tests.journeys.desk import COMPLETE, Desk


async def dissatisfied(desk: Desk) -> str:
    number = await desk.open(COMPLETE)
    await desk.claim(number)
    await desk.solve(number, "补丁")
    await desk.review(number, True)
    await desk.rate(number, "dissatisfied")
    return number


async def test_a_call_back_in_time_meets_its_clock(desk: Desk, world: World) -> None:
    number = await dissatisfied(desk)
    assert [event.subject for event in world.published(SlaCallBackDue)] == [number]
    await world.pass_time(hours=11)
    await desk.do(AGENT, "POST", "intake", f"/v1/tickets/{number}/call-back", {"cause": "沟通慢"})
    [met] = [event for event in world.published(SlaMet) if event.clock is ClockKind.CALL_BACK]
    assert (met.within_target, met.elapsed_seconds) == (True, 11 * 3600)


async def test_nobody_calls_back_and_the_clock_says_so(desk: Desk, world: World) -> None:
    number = await dissatisfied(desk)
    await world.pass_time(hours=12)
    breached = [event for event in world.published(SlaBreached) if event.clock is ClockKind.CALL_BACK]
    assert [event.subject for event in breached] == [number]
    assert (await desk.ticket(number))["status"] == "in_progress"
