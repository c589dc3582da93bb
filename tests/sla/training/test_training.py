"""The hard cases of a quarter are proposed when it is over."""

from datetime import date, timedelta

import pytest

from services.sla.figures.domain import ClockResult, TicketRecord
from services.sla.training.domain import MOST_CASES, hardest, name_of, quarter_of
from shared.events.sla_reviews import SlaTrainingProposed
from shared.terms import Satisfaction
from shared.testing import AGENT, LEAD, NOON, World
from tests.sla.builders import TICKET, consultation, opened, rated, rejected, tell
from tests.sla.client import get


@pytest.mark.parametrize(
    ("day", "begins", "ends", "name"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 4, 1), "2026-Q1"),
        (date(2026, 6, 30), date(2026, 4, 1), date(2026, 7, 1), "2026-Q2"),
        (date(2026, 8, 15), date(2026, 7, 1), date(2026, 10, 1), "2026-Q3"),
        (date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1), "2026-Q4"),
    ],
)
def test_the_quarter_of_a_day(day: date, begins: date, ends: date, name: str) -> None:
    assert quarter_of(day) == (begins, ends)
    assert name_of(begins) == name


def test_the_hardest_cases_come_first_and_easy_ones_not_at_all() -> None:
    easy = TicketRecord(id="easy", satisfaction=Satisfaction.SATISFIED)
    late = TicketRecord(id="late", clocks={"resolution": ClockResult(breached_at=NOON)})
    hard = TicketRecord(id="hard", rejected=[2, 3], consulted=[4], satisfaction=Satisfaction.DISSATISFIED)
    found = hardest([easy, late, hard])
    assert [(id, [str(why) for why in case.reasons]) for _, id, case in found] == [
        ("hard", ["rounds", "consultation", "dissatisfied"]),
        ("late", ["late"]),
    ]
    many = [TicketRecord(id=f"t{n}", rejected=list(range(n))) for n in range(1, 60)]
    at_once, in_parts = hardest(many), hardest(many[30:], hardest(many[:30]))
    assert at_once == in_parts
    assert len(at_once) == MOST_CASES


async def test_they_are_proposed_once_when_the_quarter_is_over(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, rejected(NOON + timedelta(hours=2), revision=2))
    await tell(world, consultation(NOON + timedelta(hours=3), revision=3))
    await tell(world, rated(Satisfaction.DISSATISFIED, NOON + timedelta(hours=4), revision=4))
    await world.pass_time(days=20)
    assert world.published(SlaTrainingProposed) == []
    await world.pass_time(days=15)
    await world.pass_time(days=1)
    [told] = world.published(SlaTrainingProposed)
    assert (told.quarter, [one.ticket for one in told.tickets]) == ("2026-Q1", [TICKET])
    assert {"rounds", "consultation", "dissatisfied"} <= set(told.tickets[0].reasons)
    [shown] = (await get(world, LEAD, "/v1/training-agendas", **{"Accept-Language": "en"})).json()["items"]
    assert (shown["quarter"], shown["until"]) == ("2026-Q1", "2026-04-01")
    assert "it was taken to a consultation" in shown["cases"][0]["words"]
    assert (await get(world, AGENT, "/v1/training-agendas")).status_code == 403
