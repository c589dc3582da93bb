"""Clocks over HTTP."""

from datetime import timedelta

import pytest

from services.sla.app import Sla
from shared.events import ContactErased
from shared.terms import EARLIEST, Priority, WaitingFor
from shared.testing import CHEN, LEAD, NOON, World
from tests.sla.builders import (
    TICKET,
    diagnosed,
    opened,
    tell,
    waiting,
)
from tests.sla.client import get


async def test_a_ticket_shows_its_clocks_with_what_they_counted(world: World) -> None:
    await tell(world, opened())
    await tell(world, diagnosed(Priority.HIGH, confirmed=False))
    at = NOON + timedelta(hours=1)
    await tell(world, waiting(WaitingFor.CUSTOMER_INFORMATION, at, revision=2))
    await world.pass_time(hours=0.5)
    answer = await get(world, CHEN, f"/v1/tickets/{TICKET}/clocks", **{"Accept-Language": "zh"})
    assert answer.status_code == 200
    assert answer.headers["etag"].strip('"').isdigit()
    clocks = {clock["clock"]: clock for clock in answer.json()["clocks"]}
    response, resolution = clocks["response"], clocks["resolution"]
    assert (response["label"], response["state"], response["within"]) == ("响应", "running", None)
    assert (response["elapsed_seconds"], response["remaining_seconds"]) == (5400, 23_400)
    assert (resolution["state"], resolution["due_at"], resolution["elapsed_seconds"]) == ("paused", None, 0)
    assert resolution["ledger"][-1]["reason"] == "等待客户补充信息"
    for clock in clocks.values():
        assert sum(segment["seconds"] for segment in clock["ledger"]) == clock["elapsed_seconds"]


async def test_a_deadline_in_a_year_without_announced_make_up_days_is_provisional(world: World) -> None:
    far = opened(NOON.replace(year=2028))
    world.time = far.time
    await tell(world, far)
    clocks = (await get(world, LEAD, f"/v1/tickets/{TICKET}/clocks")).json()["clocks"]
    assert {clock["clock"]: clock["provisional"] for clock in clocks} == {
        "response": False,
        "resolution": True,
        "diagnosis": True,
        "consultation": True,
    }


async def test_an_unknown_ticket_is_not_found(world: World) -> None:
    assert (await get(world, LEAD, "/v1/tickets/TK-2026-999999/clocks")).status_code == 404


async def test_leads_see_what_runs_out_soon_or_has_run_out_the_most_urgent_first(world: World) -> None:
    await tell(world, opened())
    await tell(world, diagnosed(Priority.URGENT))
    await tell(world, opened(subject="TK-2026-000002"))
    await world.pass_time(hours=3)
    items = (await get(world, LEAD, "/v1/clocks?within_hours=8")).json()["items"]
    assert [(item["ticket"], item["clock"], item["within"]) for item in items] == [
        (TICKET, "response", False),
        (TICKET, "resolution", None),
    ]
    items = (await get(world, LEAD, "/v1/clocks?within_hours=0")).json()["items"]
    assert [item["clock"] for item in items] == ["response"]


async def test_due_clocks_are_listed_page_by_page_and_filtered(world: World) -> None:
    tickets = [f"TK-2026-{n:06d}" for n in range(1, 6)]
    for n, ticket in enumerate(tickets):
        await tell(world, opened(world.now() + timedelta(minutes=n), ticket))
        told = diagnosed(Priority.URGENT if n % 2 else Priority.HIGH)
        await tell(world, told.model_copy(update={"subject": ticket, "id": f"d-{n}"}))
    await world.pass_time(hours=7)
    seen, after = [], ""
    while True:
        page = (await get(world, LEAD, f"/v1/clocks?within_hours=2&limit=2{after}")).json()
        seen += [item["ticket"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    whole = (await get(world, LEAD, "/v1/clocks?within_hours=2")).json()["items"]
    assert sorted(seen) == sorted(item["ticket"] for item in whole)
    assert set(seen) == set(tickets)
    assert [item["due_at"] for item in whole] == sorted(item["due_at"] for item in whole)
    urgent = (await get(world, LEAD, "/v1/clocks?within_hours=2&priority=urgent")).json()["items"]
    assert {item["ticket"] for item in urgent} == set(tickets[1::2])
    assert (await get(world, LEAD, "/v1/clocks?company=nobody")).json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    "query", ["within_hours=-1", "within_hours=1e9", "limit=0", "limit=5000", "after=x", "priority=x"]
)
async def test_an_unbounded_question_is_refused(world: World, query: str) -> None:
    assert (await get(world, LEAD, f"/v1/clocks?{query}")).status_code == 422


async def test_every_question_has_its_index(world: World) -> None:
    sla: Sla = world.apps["sla"].state.service
    await tell(world, opened())
    for query, sort in (
        ({"open": True, "deadline": {"$gt": EARLIEST, "$lte": NOON}}, "deadline"),
        ({"opened_at": {"$gte": NOON, "$lt": NOON + timedelta(days=1)}}, None),
        ({"open": True}, None),
        ({"due_at": {"$lte": NOON}}, None),
    ):
        plan = str(await sla.clocks.store.explain(query, sort))
        assert "IXSCAN" in plan
        assert "COLLSCAN" not in plan


async def test_a_ticket_tells_in_both_languages_why_its_policy_is_the_one_and_what_its_clocks_counted(
    world: World,
) -> None:
    await tell(world, opened())
    await tell(world, waiting(WaitingFor.CUSTOMER_INFORMATION, NOON + timedelta(hours=2), revision=2, actor="e-chen"))
    answer = (await get(world, CHEN, f"/v1/tickets/{TICKET}/clocks")).json()
    assert answer["because"] == {
        "en": ["Counted by the default policy, because no other policy is for this ticket."],
        "zh": ["适用默认策略：没有其他策略适用于该工单。"],
    }
    resolution = next(clock for clock in answer["clocks"] if clock["clock"] == "resolution")
    paused = resolution["ledger"][-1]
    assert (paused["by"], paused["policy"], paused["policy_revision"], paused["calendar"]) == (
        "e-chen",
        "default",
        1,
        "cn",
    )
    assert any("by e-chen" in sentence for sentence in resolution["explanation"]["en"])
    assert any("等待客户补充信息" in sentence for sentence in resolution["explanation"]["zh"])
    await tell(world, ContactErased(subject="erasure-1", time=world.now(), tickets=[TICKET, "TK-2026-999999"]))
    left = await get(world, CHEN, f"/v1/tickets/{TICKET}/clocks")
    assert "e-chen" not in left.text
