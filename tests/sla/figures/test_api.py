"""Figures of tickets, as leads and customers read them."""

from datetime import timedelta
from typing import Any

import pytest

from shared.events import TicketOpened, TriageAssigned
from shared.terms import Outcome, Priority, Satisfaction
from shared.testing import AGENT, LEAD, NOON, VIEWER, World
from tests.sla.builders import TICKET, accepted, called_back, completed, diagnosed, message, opened, rated, tell
from tests.sla.client import get

SECOND, THIRD, OLD = "TK-2026-000002", "TK-2026-000003", "TK-2026-000004"
PERIOD = "since=2026-03-01&until=2026-03-08"


def assigned(ticket: str, engineer: str = "e-chen", hours: float = 0.5) -> TriageAssigned:
    at = NOON + timedelta(hours=hours)
    return TriageAssigned(
        subject=ticket, time=at, engineer=engineer, engineer_name="陈宇", senior=True, by="service:triage", revision=2
    )


def about(event: Any, ticket: str) -> Any:
    return event.model_copy(update={"subject": ticket, "id": f"{event.id}-{ticket}"})


async def a_week(world: World) -> None:
    """One solved late and not to the customer's liking, one open and late, one cancelled, one of long ago."""
    await tell(world, opened(NOON - timedelta(days=40), OLD, revision=1))
    for ticket, company in ((TICKET, "华东贸易有限公司"), (SECOND, "North Securities"), (THIRD, "North Securities")):
        await tell(world, opened(subject=ticket, company=company, revision=1))
    await tell(world, diagnosed(Priority.URGENT, revision=1))
    await tell(world, assigned(TICKET))
    await tell(world, message(NOON + timedelta(hours=1), revision=2))
    await tell(world, about(diagnosed(Priority.HIGH, NOON + timedelta(hours=1), revision=1), SECOND))
    await tell(
        world,
        about(completed(NOON + timedelta(hours=2), outcome=Outcome.CANCELLED, revision=3), THIRD),
    )
    await tell(world, accepted(NOON + timedelta(hours=5), revision=3))
    await tell(world, rated(Satisfaction.DISSATISFIED, NOON + timedelta(hours=6), revision=4))
    await tell(world, called_back(NOON + timedelta(hours=7), revision=5))
    await tell(world, completed(NOON + timedelta(hours=8), resolved_at=NOON + timedelta(hours=5), revision=6))
    await world.pass_time(hours=1)
    await world.pass_time(minutes=1)


async def test_figures_tell_what_became_of_the_tickets_of_a_period(world: World) -> None:
    await a_week(world)
    found = (await get(world, LEAD, f"/v1/figures?{PERIOD}")).json()
    total = found["total"]
    names = ("opened", "resolved", "unsolved", "completed", "open", "late", "unassigned")
    assert [total[name] for name in names] == [3, 1, 1, 2, 1, 1, 1]
    assert total["outcomes"] == {"cancelled": 1, "solved": 1}
    assert (total["satisfaction"], total["causes"]) == ({"dissatisfied": 1}, {"沟通慢": 1})
    resolution = total["clocks"]["resolution"]
    assert (resolution["due"], resolution["met"], resolution["breached"], resolution["compliance"]) == (3, 1, 1, 0)
    assert resolution["mean_seconds"] == 5 * 3600
    assert resolution["p50_seconds"] == pytest.approx(5 * 3600, rel=0.02)
    assert total["breach_reasons"]["resolution"] == {"handling": 1}
    assert total["breach_reasons"]["response"] == {"unassigned": 1}
    assert total["clocks"]["call_back"]["within"] == 1


VALUES = {
    "company": {"North Securities": 2, "华东贸易有限公司": 1},
    "priority": {"urgent": 1, "high": 1, "": 1},
    "team": {"function": 2, "": 1},
    "engineer": {"e-chen": 1, "": 2},
}
LISTS = [
    ("opened", "", [TICKET, SECOND, THIRD]),
    ("resolution:breached", "", [TICKET]),
    ("response:why:unassigned", "", [SECOND]),
    ("outcome:cancelled", "", [THIRD]),
    ("cause:沟通慢", "", [TICKET]),
    ("opened", "&by=company&value=North Securities", [SECOND, THIRD]),
    ("opened", "&by=company&value=Nobody", []),
    ("several_rounds", "", []),
]


async def test_figures_are_told_by_value_and_list_the_tickets_behind_them(world: World) -> None:
    await a_week(world)
    for by, values in VALUES.items():
        found = (await get(world, LEAD, f"/v1/figures?by={by}&{PERIOD}")).json()
        assert {one["value"]: one["figures"]["opened"] for one in found["values"]} == values
        assert found["total"]["opened"] == 3
    for figure, more, numbers in LISTS:
        listed = (await get(world, LEAD, f"/v1/figures/{figure}/tickets?{PERIOD}{more}")).json()
        assert listed["numbers"].splitlines() == numbers == [one["ticket"] for one in listed["tickets"]]
        assert not listed["more"]
    cut = (await get(world, LEAD, f"/v1/figures/opened/tickets?{PERIOD}&limit=2")).json()
    assert (cut["numbers"], cut["more"]) == (f"{TICKET}\n{SECOND}", True)
    total = (await get(world, LEAD, f"/v1/figures?{PERIOD}")).json()["total"]
    told = {name: count for name, count in total.items() if isinstance(count, int)}
    told |= {f"outcome:{name}": count for name, count in total["outcomes"].items()}
    told |= {f"{kind}:breached": clock["breached"] for kind, clock in total["clocks"].items()}
    assert len(told) > 15
    for figure, count in told.items():
        listed = (await get(world, LEAD, f"/v1/figures/{figure}/tickets?{PERIOD}")).json()
        assert len(listed["tickets"]) == count, figure
    for nothing in ("no-such-figure", "outcome:", "opened:x", "resolution"):
        assert (await get(world, LEAD, f"/v1/figures/{nothing}/tickets?{PERIOD}")).status_code == 404, nothing
    now = (await get(world, LEAD, "/v1/figures?open_now=true&by=company")).json()
    assert (now["total"]["open"], now["total"]["late"], now["since"]) == (2, 2, None)
    late = (await get(world, LEAD, "/v1/figures/late/tickets?open_now=true")).json()
    assert late["numbers"] == f"{OLD}\n{SECOND}"


async def test_a_ticket_that_will_be_late_soon_is_at_risk(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.URGENT, revision=1))
    await world.pass_time(minutes=100)
    found = (await get(world, LEAD, "/v1/figures?open_now=true")).json()
    assert (found["total"]["at_risk"], found["total"]["late"]) == (1, 0)
    await world.pass_time(minutes=30)
    found = (await get(world, LEAD, "/v1/figures?open_now=true")).json()
    assert (found["total"]["at_risk"], found["total"]["late"]) == (0, 1)


async def test_a_customer_reads_for_their_own_company_alone(world: World) -> None:
    await a_week(world)
    found = (await get(world, VIEWER, f"/v1/figures?by=company&{PERIOD}")).json()
    assert [(one["value"], one["figures"]["opened"]) for one in found["values"]] == [("华东贸易有限公司", 1)]
    assert found["total"]["opened"] == 1
    listed = (await get(world, VIEWER, f"/v1/figures/opened/tickets?{PERIOD}&value=North Securities")).json()
    assert listed["numbers"] == TICKET
    assert (await get(world, VIEWER, f"/v1/figures?by=engineer&{PERIOD}")).status_code == 403
    assert (await get(world, AGENT, f"/v1/figures?{PERIOD}")).status_code == 403
    nobody = VIEWER.__class__("u-x", ("company_viewer",))
    assert (await get(world, nobody, f"/v1/figures?{PERIOD}")).status_code == 403


async def test_a_period_that_makes_no_sense_is_refused(world: World) -> None:
    for query in ("since=2026-03-02&until=2026-03-02", "since=2024-01-01&until=2026-03-01", "by=moon"):
        assert (await get(world, LEAD, f"/v1/figures?{query}")).status_code == 422, query


async def test_the_day_is_that_of_the_desk(world: World) -> None:
    """17:00 in UTC is the next day in Shanghai."""
    first: TicketOpened = opened(NOON + timedelta(hours=13), revision=1)
    await tell(world, first)
    await world.pass_time(minutes=1)
    found = (await get(world, LEAD, "/v1/figures?since=2026-03-03&until=2026-03-04")).json()
    assert found["total"]["opened"] == 1
