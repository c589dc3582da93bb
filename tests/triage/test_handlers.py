"""Events in, events out: what triage makes of tickets."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from services.triage.app import Triage, create_app
from services.triage.routing.domain import Engineer, Level
from services.triage.routing.store import Engineers
from services.triage.work.activities import record
from services.triage.work.domain import WorkItem
from services.triage.work.values import TRIAGE, Activity, WorkState
from shared.bus import Bus
from shared.domain import Origin
from shared.events import (
    Event,
    FoundCases,
    KbArticleReused,
    SearchCases,
    SlaConsultationDue,
    SlaDeadlineMoved,
    Suggestion,
    TicketAmended,
    TicketCompleted,
    TicketConsentGiven,
    TicketConsentRevoked,
    TicketFeedbackGiven,
    TicketQuestionsAnswered,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketStageChanged,
    TicketWaiting,
    TriageAssigned,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageReclassified,
    TriageReleased,
)
from shared.outbox import Outgoing
from shared.telemetry import REUSED
from shared.terms import Category, Channel, ClockKind, Priority, Satisfaction, Stage, Status, WaitingFor
from shared.testing import CHEN, LEAD, LIU, NOON, Servers, World, running
from tests.triage.builders import CRASH, OUTAGE, QUESTION, completed, opened, problem

TICKET = "TK-2026-000001"


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


def triage(world: World) -> Triage:
    service: Triage = world.apps["triage"].state.service
    return service


async def a_senior(world: World, sub: str, available: bool = True) -> None:
    senior = Engineer(id=sub, name=sub.title(), level=Level.SENIOR, available=available)
    await triage(world).engineers.store.add(senior, [], Origin("test"))


async def held_by(world: World, sub: str) -> list[str]:
    return (await triage(world).engineers.store.get(sub)).tickets


async def test_a_ticket_is_diagnosed_and_queued(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    [diagnosed] = world.published(TriageDiagnosed)
    assert (diagnosed.category, diagnosed.priority, diagnosed.queue) == (Category.FUNCTION, Priority.HIGH, "function")
    assert diagnosed.reasons
    assert all(reason.en and reason.zh for reason in diagnosed.reasons)
    assert world.published(TriageAssigned) == []
    assert (await triage(world).work.store.get(TICKET)).stage is Stage.DIAGNOSIS


async def test_the_same_event_twice_is_handled_once(world: World) -> None:
    event = opened(TICKET, OUTAGE)
    await a_senior(world, "e-wu")
    await world.publish(event)
    await triage(world).diagnosis.open(event)
    await world.settle()
    assert len(world.published(TriageDiagnosed)) == 1
    assert len(world.published(TriageAssigned)) == 1
    assert await held_by(world, "e-wu") == [TICKET]


async def test_an_urgent_ticket_goes_to_the_senior_with_the_fewest_open_ones_at_once(world: World) -> None:
    await a_senior(world, "e-wu")
    await a_senior(world, "e-xie")
    await a_senior(world, "e-away", available=False)
    for number in range(1, 5):
        await world.publish(opened(f"TK-2026-00000{number}", OUTAGE))
    assigned = world.published(TriageAssigned)
    assert all(one.senior and one.by == one.actor == "service:triage" for one in assigned)
    assert sorted(one.engineer for one in assigned) == ["e-wu", "e-wu", "e-xie", "e-xie"]
    assert (await triage(world).work.store.get(TICKET)).stage is Stage.HANDLING
    assert len(await held_by(world, "e-wu")) == 2


async def test_a_burst_of_urgent_tickets_is_spread_over_the_seniors(world: World) -> None:
    for name in ("e-wu", "e-xie", "e-yu"):
        await a_senior(world, name)
    assert world._bus
    for number in range(1, 13):
        await world._bus.publish(Outgoing.of(opened(f"TK-2026-0001{number:02}", OUTAGE)))
    await world.settle()
    assert [len(await held_by(world, name)) for name in ("e-wu", "e-xie", "e-yu")] == [4, 4, 4]


async def test_a_senior_who_went_away_at_another_replica_gets_nothing(world: World) -> None:
    await a_senior(world, "e-wu")
    await a_senior(world, "e-xie")
    await world.publish(opened("TK-2026-000001", OUTAGE))
    [first] = world.published(TriageAssigned)
    other = "e-xie" if first.engineer == "e-wu" else "e-wu"
    here = world.runtimes["triage"]
    elsewhere = Engineers(here.database, here.sender, world.now)
    await elsewhere.change(other, lambda one: one.set_available(False), Origin("test"))
    await world.publish(opened("TK-2026-000002", OUTAGE))
    assert [one.engineer for one in world.published(TriageAssigned)] == [first.engineer, first.engineer]
    assert await held_by(world, other) == []


async def test_an_urgent_ticket_waits_at_the_top_until_a_senior_is_there(world: World) -> None:
    await world.publish(opened("TK-2026-000002", CRASH))
    await world.publish(opened(TICKET, OUTAGE))
    rows, _ = await triage(world).work.store.queue_page({"assignee": ""})
    assert [row["id"] for row in rows] == [TICKET, "TK-2026-000002"]
    async with world.as_(LEAD, "triage") as lead:
        await lead.put("/engineers/e-liu", json={"name": "刘洋", "level": "senior", "email": "liu@desk.example"})
    assert world.published(TriageAssigned) == []
    async with world.as_(LIU, "triage") as liu:
        answer = await liu.put("/engineers/e-liu/availability", json={"available": True})
    assert answer.json()["open"] == 1
    await world.settle()
    [assigned] = world.published(TriageAssigned)
    assert (assigned.subject, assigned.engineer, assigned.engineer_email) == (TICKET, "e-liu", "liu@desk.example")


async def test_what_kb_has_solved_before_decides_the_category(world: World) -> None:
    asked: list[SearchCases] = []

    async def search(question: SearchCases) -> BaseModel:
        asked.append(question)
        return FoundCases(
            suggestions=[Suggestion(article="KB-1", title="连接池耗尽", score=1.0, category=Category.DATA, exact=True)]
        )

    kb = Bus(world.servers.nats_url, "kb", world.prefix)
    kb.answers("kb.search", SearchCases, search)
    await kb.start()
    trace = "java.lang.IllegalStateException: no pool\n\tat com.acme.Order.create(Order.java:12)"
    await world.publish(opened(TICKET, problem("页面异常", error_text=trace)))
    await kb.stop()
    [diagnosed] = world.published(TriageDiagnosed)
    assert diagnosed.category is Category.DATA
    assert diagnosed.suggestions[0].article == "KB-1"
    assert "连接池耗尽" in diagnosed.reasons[1].zh + diagnosed.reasons[-1].zh + diagnosed.reasons[0].zh
    assert len(asked[0].fingerprints) == 1


async def test_new_facts_change_a_diagnosis_that_nobody_has_confirmed(world: World) -> None:
    await world.publish(opened(TICKET, problem("有个情况", "想请你们看看")))
    [diagnosed] = world.published(TriageDiagnosed)
    assert not diagnosed.confirmed
    answered = TicketQuestionsAnswered(
        subject=TICKET,
        time=world.now(),
        revision=2,
        answers={"error_text": "导出失败"},
        problem=problem("有个情况", "报表导出失败，点击导出按钮没反应"),
    )
    await world.publish(answered)
    [changed] = world.published(TriageReclassified)
    assert (changed.category, changed.priority) == (Category.FUNCTION, Priority.HIGH)
    await triage(world).diagnosis.diagnose_again(answered)
    await world.settle()
    assert len(world.published(TriageReclassified)) == 1


async def test_a_ticket_that_becomes_urgent_goes_to_a_senior(world: World) -> None:
    await a_senior(world, "e-wu")
    await world.publish(opened(TICKET, CRASH))
    assert world.published(TriageAssigned) == []
    await world.publish(TicketAmended(subject=TICKET, time=world.now(), revision=2, problem=OUTAGE))
    [changed] = world.published(TriageReclassified)
    assert changed.priority is Priority.URGENT
    [assigned] = world.published(TriageAssigned)
    assert assigned.engineer == "e-wu"


async def test_an_amendment_does_not_undo_what_a_person_confirmed(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    async with world.as_(CHEN, "triage") as chen:
        await chen.post("/queue/claims", json={"ticket": TICKET})
    assert len(world.published(TriageDiagnosisConfirmed)) <= 1
    await world.publish(TicketAmended(subject=TICKET, time=world.now(), revision=2, problem=QUESTION))
    item = await triage(world).work.store.get(TICKET)
    assert item.problem == QUESTION
    assert (item.category, item.priority) == (Category.FUNCTION, Priority.HIGH)
    assert world.published(TriageReclassified) == []


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


async def test_facts_from_the_front_desk_show_on_the_work_item(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))

    def head(revision: int) -> dict[str, Any]:
        return {"subject": TICKET, "time": world.now(), "revision": revision}

    await world.publish(TicketWaiting(**head(2), waiting_for=WaitingFor.CUSTOMER_INFORMATION))
    await world.publish(TicketConsentGiven(**head(3), consent="c-1", scope="桌面", given_by="王敏", words="同意"))
    await world.publish(KbArticleReused(**head(4), article="KB-7", title="导出崩溃的处理", by="e-chen"))
    await world.publish(SlaConsultationDue(**head(5), due_at=world.now()))
    moved = {"from": Stage.INTAKE, "to": Stage.DIAGNOSIS, "status": Status.PENDING, "why": "diagnosed"}
    await world.publish(TicketStageChanged(**head(6), **moved))
    item = await triage(world).work.store.get(TICKET)
    assert item.waiting_for is WaitingFor.CUSTOMER_INFORMATION
    assert item.told_stage is Stage.DIAGNOSIS
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


async def test_a_ticket_ends_and_comes_back_to_the_engineer_who_had_it(world: World) -> None:
    await a_senior(world, "e-wu")
    await world.publish(opened(TICKET, OUTAGE))

    def head(revision: int) -> dict[str, Any]:
        return {"subject": TICKET, "time": world.now(), "revision": revision}

    await world.publish(TicketSolutionRejected(**head(4), round=2, comment="还是不行"))
    assert (await triage(world).work.store.get(TICKET)).round == 2
    await world.publish(TicketSolutionAccepted(**head(5), round=2))
    await world.publish(TicketFeedbackGiven(**head(6), satisfaction=Satisfaction.SATISFIED))
    await world.publish(completed(6, what=OUTAGE))
    item = await triage(world).work.store.get(TICKET)
    assert (item.open, item.work, item.satisfaction) == (False, WorkState.DONE, Satisfaction.SATISFIED)
    assert await held_by(world, "e-wu") == []
    assert await triage(world).work.store.queue_page({}) == ([], None)

    reopened = TicketReopened(**head(7), reason="又出现了", round=3)
    await world.publish(reopened)
    await triage(world).routing.reopen(reopened)
    item = await triage(world).work.store.get(TICKET)
    assert (item.open, item.work, item.assignee, item.round) == (True, WorkState.IN_PROGRESS, "e-wu", 3)
    assert await held_by(world, "e-wu") == [TICKET]
    await triage(world).routing.complete(completed(6, what=OUTAGE))  # the first end, told again under another id
    assert (await triage(world).work.store.get(TICKET)).open


async def test_a_reopening_that_is_heard_before_the_end_leads_to_the_same(world: World) -> None:
    await a_senior(world, "e-wu")
    await world.publish(opened(TICKET, OUTAGE))
    ended = completed(6, what=OUTAGE)
    await world.publish(TicketReopened(subject=TICKET, time=world.now(), revision=7, reason="又来了", round=2))
    await world.publish(ended)
    item = await triage(world).work.store.get(TICKET)
    assert (item.open, item.assignee, item.round) == (True, "e-wu", 2)
    assert await held_by(world, "e-wu") == [TICKET]
    assert {Activity.COMPLETED, Activity.REOPENED} <= {entry.did for entry in item.worklog}


async def test_a_reopened_ticket_goes_to_the_queue_when_its_engineer_is_away(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    async with world.as_(CHEN, "triage") as chen:
        await chen.post("/queue/claims", json={})
        await chen.put("/engineers/e-chen/availability", json={"available": False})
    await world.publish(completed(6))
    assert await held_by(world, "e-chen") == []
    await world.publish(TicketReopened(subject=TICKET, time=world.now(), revision=7, reason="又出现了", round=2))
    item = await triage(world).work.store.get(TICKET)
    assert (item.open, item.work, item.assignee) == (True, WorkState.QUEUED, "")
    assert [one.engineer for one in world.published(TriageReleased)] == ["e-chen"]


async def test_what_was_decided_before_a_restart_is_given_out_after_it(world: World) -> None:
    await world.publish(opened(TICKET, OUTAGE))
    await a_senior(world, "e-wu")
    await triage(world).routing.assign_urgent()
    await world.settle()
    [assigned] = world.published(TriageAssigned)
    assert assigned.engineer == "e-wu"


async def test_a_number_that_is_given_twice_is_an_alarm_and_no_ticket(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await a_senior(world, "e-wu")
    await world.publish(opened(TICKET, CRASH))
    before = REUSED.labels("triage")._value.get()
    await world.publish(opened(TICKET, OUTAGE).model_copy(update={"id": "another", "customer": "u-zhao"}))
    item = await triage(world).work.store.get(TICKET)
    assert (item.problem, item.customer, item.assignee) == (CRASH, "u-wang", "")
    assert REUSED.labels("triage")._value.get() == before + 1
    assert "opened twice" in caplog.text
    assert (await held_by(world, "e-wu"), len(world.published(TriageDiagnosed))) == ([], 1)


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
        queue = (await chen.get("/queue")).json()["items"]
        taken = await chen.post("/queue/claims", json={})
    assert [row["category"] for row in queue] == ["network"]
    assert taken.json()["assignee"] == "e-chen"
