"""Facts in, work items out."""

from datetime import datetime, timedelta
from typing import Any

from services.triage.work.activities import record
from services.triage.work.domain import WorkItem
from services.triage.work.values import TRIAGE
from shared.domain import Origin
from shared.events import (
    Event,
    KbArticleReused,
    SlaConsultationDue,
    SlaDeadlineMoved,
    TicketConsentGiven,
    TicketConsentRevoked,
    TicketResumed,
    TicketWaiting,
    TriageReclassified,
)
from shared.outbox import Outgoing
from shared.terms import Category, Channel, ClockKind, Priority, WaitingFor
from shared.testing import CHEN, NOON, World
from tests.triage.builders import CRASH, TICKET, opened
from tests.triage.scene import triage


def deadline(due_at: datetime | None, late: bool, revision: int) -> SlaDeadlineMoved:
    clock = ClockKind.RESPONSE if due_at else None
    return SlaDeadlineMoved(subject=TICKET, time=NOON, clock=clock, due_at=due_at, late=late, revision=revision)


def due(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


async def test_the_row_shows_the_earliest_clock_that_runs(world: World) -> None:
    async def shown() -> tuple[datetime | None, bool]:
        item = await triage(world).work.store.get(TICKET)
        return item.next_due, item.breached

    await world.publish(opened(TICKET, CRASH))
    await world.publish(deadline(due(8), False, 1))
    assert await shown() == (due(8), False)
    await world.publish(deadline(due(4), True, 3))
    await world.publish(deadline(due(24), False, 2))
    assert await shown() == (due(4), True)
    await world.publish(deadline(None, False, 4))
    assert await shown() == (None, False)


async def test_a_clock_that_starts_before_the_ticket_is_known_is_handled_later(world: World) -> None:
    assert world._bus
    await world._bus.publish(Outgoing.of(deadline(due(8), False, 1)))
    await world.publish(opened(TICKET, CRASH))
    assert (await triage(world).work.store.get(TICKET)).next_due == due(8)


async def test_facts_of_other_services_show_on_the_work_item(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))

    def head(revision: int) -> dict[str, Any]:
        return {"subject": TICKET, "time": world.now(), "revision": revision}

    await world.publish(TicketWaiting(**head(2), waiting_for=WaitingFor.CUSTOMER_INFORMATION))
    await world.publish(TicketConsentGiven(**head(3), consent="c-1", scope="桌面", given_by="王敏", words="同意"))
    await world.publish(KbArticleReused(**head(4), article="KB-7", title="导出崩溃的处理", by="e-chen"))
    await world.publish(SlaConsultationDue(**head(5), due_at=world.now()))
    item = await triage(world).work.store.get(TICKET)
    assert item.waiting_for is WaitingFor.CUSTOMER_INFORMATION
    assert [consent.id for consent in item.consents] == ["c-1"]
    assert item.consultation_due
    assert [entry.did.value for entry in item.worklog] == [
        "diagnosed",
        "consent_given",
        "article_reused",
        "consultation_due",
    ]
    await world.publish(TicketResumed(**head(7), waited_for=WaitingFor.CUSTOMER_INFORMATION))
    await world.publish(TicketConsentRevoked(**head(8), consent="c-1"))
    item = await triage(world).work.store.get(TICKET)
    assert (item.waiting_for, item.consents) == (WaitingFor.NONE, [])


async def test_values_that_only_a_newer_version_knows_end_nothing(world: World) -> None:
    strange = opened(TICKET, CRASH).model_copy(
        update={"channel": Channel.of("pigeon"), "waiting_for": WaitingFor.of("rain")}
    )
    await world.publish(strange)
    diagnosed = {"category": Category.of("network"), "priority": Priority.of("critical"), "queue": "network"}
    head: dict[str, Any] = {"subject": TICKET, "time": world.now(), "reasons": []}
    work = triage(world).work.store

    def reclassify(item: WorkItem) -> list[Event]:
        return record(item, TriageReclassified(**head, **diagnosed), TRIAGE)

    await work.change(TICKET, reclassify, Origin("test"))
    await world.settle()
    [row], _ = await work.queue_page({})
    assert (row["category"], row["priority"], row["waiting_for"]) == ("network", "critical", "rain")
    async with world.as_(CHEN, "triage") as chen:
        queue = (await chen.get("/v1/queue")).json()["items"]
        taken = await chen.post("/v1/queue/claims", json={})
    assert [row["category"] for row in queue] == ["network"]
    assert taken.json()["assignee"] == "e-chen"
