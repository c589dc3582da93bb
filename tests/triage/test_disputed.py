"""A number that two tickets have: the work item stays as it was when the second opening was heard, and is assigned by
people only."""

import random
from datetime import timedelta

import pytest

from services.triage.work import facts
from shared.events import (
    TicketAmended,
    TicketCompleted,
    TicketReopened,
    TicketWaiting,
)
from shared.telemetry import REUSED
from shared.terms import WaitingFor
from shared.testing import CHEN, LEAD, LIU, NOON, World
from tests.triage.builders import CRASH, OUTAGE, TICKET, opened
from tests.triage.history import HISTORY, built, doubled, hear, written
from tests.triage.scene import a_senior, ask, triage


@pytest.mark.parametrize("heard", [0, 3, 12, 20, len(HISTORY)])
def test_after_a_second_opening_no_fact_in_any_order_changes_anything_also_built_again(heard: int) -> None:
    first = opened(TICKET, OUTAGE)
    second = first.model_copy(update={"id": "another", "problem": CRASH})
    before = hear(facts.opened(first), HISTORY[:heard])
    for seed in range(10):
        later = doubled([first, second, *HISTORY], random.Random(seed))
        item = before.model_copy(deep=True)
        for event in (second, *later):
            facts.hear(item, event)
        assert item.disputed
        assert written(item) == written(before.model_copy(update={"disputed": True}))
        assert written(built([first, *HISTORY[:heard], second, *later])) == written(item)


async def test_of_two_tickets_under_one_number_the_facts_of_neither_are_heard_any_more(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    before = await triage(world).work.store.get(TICKET)
    alarms = REUSED.labels("triage")._value.get()
    for id in ("another", "once more"):
        await world.publish(opened(TICKET, OUTAGE).model_copy(update={"id": id}))
    later = NOON + timedelta(hours=1)
    amended = TicketAmended(subject=TICKET, time=later, revision=2, problem=OUTAGE, changed=["title"])
    waits = TicketWaiting(subject=TICKET, time=later, revision=3, waiting_for=WaitingFor.CUSTOMER_INFORMATION)
    done = TicketCompleted(subject=TICKET, time=later, revision=4, problem=OUTAGE, customer="C-2", opened_at=later)
    again = TicketReopened(subject=TICKET, time=later, revision=5, reason="又坏了", round=2)
    for event in (amended, waits, done, again):
        await world.publish(event)
    after = await triage(world).work.store.get(TICKET)
    assert after.disputed
    assert after.model_copy(update={"disputed": False, "version": before.version}) == before
    assert REUSED.labels("triage")._value.get() == alarms + 1


async def dispute(world: World) -> None:
    """An urgent work item, whose number another ticket has too."""
    await world.publish(opened(TICKET, OUTAGE))
    await world.publish(opened(TICKET, CRASH).model_copy(update={"id": "another"}))


async def test_the_queue_shows_which_of_its_tickets_is_disputed(world: World) -> None:
    await dispute(world)
    await world.publish(opened("TK-2026-000002", CRASH))
    rows = (await ask(world, LEAD, "GET", "/v1/queue")).json()["items"]
    assert {row["ticket"]: row["disputed"] for row in rows} == {TICKET: True, "TK-2026-000002": False}


async def test_a_row_of_an_older_release_is_not_disputed(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    await world.runtimes["triage"].database["workitem"].update_many({}, {"$unset": {"disputed": ""}})
    [row] = (await ask(world, LEAD, "GET", "/v1/queue")).json()["items"]
    assert row["disputed"] is False


async def test_a_disputed_urgent_one_is_given_to_nobody_by_itself_but_by_a_lead(world: World) -> None:
    await dispute(world)
    await a_senior(world, LIU.sub)
    await triage(world).routing.urgent.assign_waiting()
    assert (await triage(world).work.store.get(TICKET)).assignee == ""
    urgent = "TK-2026-000002"
    await world.publish(opened(urgent, OUTAGE))
    assert (await triage(world).work.store.get(urgent)).assignee == LIU.sub
    handed = {"engineer": LIU.sub, "reason": "it is Wang's"}
    assert (await ask(world, LEAD, "POST", f"/v1/tickets/{TICKET}/work/assignment", handed)).json()[
        "assignee"
    ] == LIU.sub
    released = await ask(world, LEAD, "POST", f"/v1/tickets/{TICKET}/work/release", {"reason": "it is not"})
    assert released.json()["assignee"] == ""
    assert (await triage(world).work.store.get(TICKET)).assignee == ""


async def test_a_disputed_one_is_claimed_by_its_number_and_with_a_reason_alone(world: World) -> None:
    await dispute(world)
    assert (await ask(world, CHEN, "POST", "/v1/queue/claims", {})).status_code == 404
    later = "TK-2026-000002"
    await world.publish(opened(later, CRASH))
    assert (await ask(world, CHEN, "POST", "/v1/queue/claims", {"ticket": TICKET})).status_code == 409
    assert (await ask(world, CHEN, "POST", "/v1/queue/claims", {"ticket": later})).json()["assignee"] == CHEN.sub
    known = {"ticket": TICKET, "reason": "I know whose it is"}
    assert (await ask(world, CHEN, "POST", "/v1/queue/claims", known)).json()["assignee"] == CHEN.sub
