"""The queue, and who takes what."""

from datetime import datetime, timedelta

import pytest

from shared.events import (
    SlaDeadlineMoved,
    TriageAssigned,
    TriageReleased,
)
from shared.terms import ClockKind
from shared.testing import ADMIN, AGENT, AUDITOR, CHEN, LEAD, LIU, NOON, WANG, Person, World
from tests.triage.builders import CRASH, OUTAGE, QUESTION, SECOND, THIRD, TICKET, completed, opened
from tests.triage.scene import ask, claimed, post


async def test_the_queue_is_in_order_of_priority(world: World) -> None:
    await world.publish(opened(TICKET, QUESTION))
    await world.publish(opened(SECOND, CRASH, NOON + timedelta(minutes=1)))
    await world.publish(opened(THIRD, OUTAGE, NOON + timedelta(minutes=2)))
    answer = await ask(world, AGENT, "GET", "/v1/queue")
    rows = answer.json()["items"]
    assert [row["ticket"] for row in rows] == [THIRD, SECOND, TICKET]
    assert rows[1] == {
        "ticket": SECOND,
        "title": CRASH.title,
        "customer": "u-wang",
        "company": "华东贸易有限公司",
        "category": "function",
        "priority": "high",
        "queue": "function",
        "work": "queued",
        "assignee": "",
        "assignee_name": "",
        "due_at": None,
        "breached": False,
        "due_is_provisional": False,
        "consultation_due": False,
        "waiting_for": "none",
        "opened_at": "2026-03-02T04:01:00Z",
        "urges": 0,
        "disputed": False,
        "deep_analysis": False,
        "team": "",
    }


async def test_the_queue_is_read_in_pages_and_by_filters(world: World) -> None:
    for number in range(1, 6):
        await world.publish(opened(f"TK-2026-00000{number}", CRASH if number % 2 else QUESTION))
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        answer = await ask(world, CHEN, "GET", f"/v1/queue?limit=2&after={after}")
        seen += [row["ticket"] for row in answer.json()["items"]]
        after = answer.json()["next"]
    assert [number[-1] for number in seen] == ["1", "3", "5", "2", "4"]
    await post(world, CHEN, "/v1/queue/claims", {})
    mine = await ask(world, CHEN, "GET", "/v1/queue?assignee=e-chen&queue=function&waiting_for=none")
    assert [row["ticket"] for row in mine.json()["items"]] == [TICKET]
    free = await ask(world, CHEN, "GET", "/v1/queue?assignee=&queue=operation")
    assert [row["ticket"][-1] for row in free.json()["items"]] == ["2", "4"]
    wrong = await ask(world, CHEN, "GET", "/v1/queue?queue=No%20queue")
    assert wrong.status_code == 422


async def test_the_queue_is_read_by_deadlines_what_has_none_last(world: World) -> None:
    for ticket in (TICKET, SECOND, THIRD):
        await world.publish(opened(ticket, CRASH))
    for ticket, hours in ((THIRD, 2), (SECOND, 8)):
        await world.publish(deadline_moved(ticket, NOON + timedelta(hours=hours)))
    assert await by_due(world) == [THIRD, SECOND, TICKET]
    await world.publish(deadline_moved(THIRD, None, revision=2))
    assert await by_due(world) == [SECOND, TICKET, THIRD]
    await world.publish(completed(ticket=SECOND))
    assert await by_due(world) == [TICKET, THIRD]
    wrong = await ask(world, CHEN, "GET", "/v1/queue?sort=deadline")
    assert wrong.status_code == 422
    assert "query.sort" in wrong.text


def deadline_moved(ticket: str, at: datetime | None, revision: int = 1) -> SlaDeadlineMoved:
    clock = ClockKind.RESOLUTION if at else None
    return SlaDeadlineMoved(subject=ticket, time=NOON, clock=clock, due_at=at, late=False, revision=revision)


async def by_due(world: World) -> list[str]:
    """One by one, as small as pages get."""
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        answer = (await ask(world, CHEN, "GET", f"/v1/queue?sort=due&limit=1&after={after}")).json()
        seen += [row["ticket"] for row in answer["items"]]
        after = answer["next"]
    return seen


@pytest.mark.parametrize(("who", "status"), [(None, 401), (WANG, 403), (ADMIN, 403), (AUDITOR, 200)])
async def test_the_queue_is_for_staff(world: World, who: Person | None, status: int) -> None:
    assert (await ask(world, who, "GET", "/v1/queue")).status_code == status


async def test_a_lead_gives_a_ticket_to_another_engineer(world: World) -> None:
    await claimed(world)
    await ask(world, LEAD, "PUT", "/v1/engineers/e-liu", {"name": "刘洋", "level": "senior"})
    body = {"engineer": "e-liu", "reason": "陈宇休假"}
    assert (await post(world, CHEN, f"/v1/tickets/{TICKET}/work/assignment", body)).status_code == 403
    answer = await post(world, LEAD, f"/v1/tickets/{TICKET}/work/assignment", body)
    assert answer.json()["assignee"] == "e-liu"
    assigned = world.published(TriageAssigned)[-1]
    assert (assigned.engineer, assigned.instead_of, assigned.by, assigned.senior) == ("e-liu", "e-chen", "l-qian", True)
    everybody = (await ask(world, LEAD, "GET", "/v1/engineers")).json()["items"]
    assert {one["id"]: one["open"] for one in everybody} == {"e-chen": 0, "e-liu": 1}
    nobody = await post(world, LEAD, f"/v1/tickets/{TICKET}/work/assignment", {"engineer": "e-nobody", "reason": "x"})
    assert nobody.status_code == 404


async def test_a_released_ticket_is_back_in_the_queue(world: World) -> None:
    await claimed(world)
    path, body = f"/v1/tickets/{TICKET}/work/release", {"reason": "需要数据库专家"}
    assert (await post(world, LIU, path, body)).status_code == 403
    answer = await post(world, CHEN, path, body)
    assert (answer.json()["assignee"], answer.json()["work"]) == ("", "queued")
    [released] = world.published(TriageReleased)
    assert (released.engineer, released.reason) == ("e-chen", "需要数据库专家")
    [chen] = (await ask(world, LEAD, "GET", "/v1/engineers")).json()["items"]
    assert chen["open"] == 0


async def test_a_released_urgent_ticket_goes_to_another_senior(world: World) -> None:
    for who in (CHEN, LIU):
        await ask(world, LEAD, "PUT", f"/v1/engineers/{who.sub}", {"name": who.name, "level": "senior"})
        await ask(world, who, "PUT", f"/v1/engineers/{who.sub}/availability", {"available": True})
    await world.publish(opened(TICKET, OUTAGE))
    [assigned] = world.published(TriageAssigned)
    before, after = (CHEN, LIU) if assigned.engineer == "e-chen" else (LIU, CHEN)
    answer = await post(world, before, f"/v1/tickets/{TICKET}/work/release", {"reason": "下班"})
    assert answer.json()["assignee"] == after.sub
