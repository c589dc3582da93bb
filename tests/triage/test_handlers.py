"""Events in, events out: what triage makes of tickets."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from services.triage.app import create_app
from services.triage.engineers import Engineer, Level
from services.triage.handlers import Triage
from services.triage.store import Engineers
from shared.bus import Bus
from shared.domain import Origin
from shared.events import (
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
    TicketWaiting,
    TriageAssigned,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageQueued,
    TriageReclassified,
    TriageReleased,
)
from shared.outbox import Outgoing
from shared.terms import Category, ClockKind, Priority, Satisfaction, Stage, WaitingFor
from shared.testing import CHEN, LEAD, LIU, NOON, Servers, World, running
from tests.triage.builders import CRASH, OUTAGE, QUESTION, opened, problem

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
    await triage(world).engineers.add(senior, [], Origin("test"))


async def held_by(world: World, sub: str) -> list[str]:
    return (await triage(world).engineers.get(sub)).tickets


async def test_a_ticket_is_diagnosed_and_queued(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    [diagnosed] = world.published(TriageDiagnosed)
    assert (diagnosed.category, diagnosed.priority, diagnosed.queue) == (Category.FUNCTION, Priority.HIGH, "function")
    assert diagnosed.reasons
    assert all(reason.en and reason.zh for reason in diagnosed.reasons)
    [queued] = world.published(TriageQueued)
    assert (queued.subject, queued.queue) == (TICKET, "function")
    assert world.published(TriageAssigned) == []
    assert (await triage(world).work.get(TICKET)).stage is Stage.DIAGNOSIS


async def test_the_same_event_twice_is_handled_once(world: World) -> None:
    event = opened(TICKET, OUTAGE)
    await a_senior(world, "e-wu")
    await world.publish(event)
    await triage(world).begin(event)
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
    assert all(one.senior and one.by == "triage" for one in assigned)
    assert sorted(one.engineer for one in assigned) == ["e-wu", "e-wu", "e-xie", "e-xie"]
    assert (await triage(world).work.get(TICKET)).stage is Stage.HANDLING
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
    await elsewhere.change(other, lambda one: one.be_available(False), Origin("test"))
    await world.publish(opened("TK-2026-000002", OUTAGE))
    assert [one.engineer for one in world.published(TriageAssigned)] == [first.engineer, first.engineer]
    assert await held_by(world, other) == []


async def test_an_urgent_ticket_waits_at_the_top_until_a_senior_is_there(world: World) -> None:
    await world.publish(opened("TK-2026-000002", CRASH))
    await world.publish(opened(TICKET, OUTAGE))
    rows = await triage(world).work.most_pressing({"assignee": ""})
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
        answers={"error_text": "导出失败"},
        problem=problem("有个情况", "报表导出失败，点击导出按钮没反应"),
    )
    await world.publish(answered)
    [changed] = world.published(TriageReclassified)
    assert (changed.category, changed.priority) == (Category.FUNCTION, Priority.HIGH)
    await triage(world).learn(answered)
    await world.settle()
    assert len(world.published(TriageReclassified)) == 1


async def test_a_ticket_that_becomes_urgent_goes_to_a_senior(world: World) -> None:
    await a_senior(world, "e-wu")
    await world.publish(opened(TICKET, CRASH))
    assert world.published(TriageAssigned) == []
    await world.publish(TicketAmended(subject=TICKET, time=world.now(), problem=OUTAGE))
    [changed] = world.published(TriageReclassified)
    assert changed.priority is Priority.URGENT
    [assigned] = world.published(TriageAssigned)
    assert assigned.engineer == "e-wu"


async def test_an_amendment_does_not_undo_what_a_person_confirmed(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    async with world.as_(CHEN, "triage") as chen:
        await chen.post("/queue/claims", json={"ticket": TICKET})
    assert len(world.published(TriageDiagnosisConfirmed)) <= 1
    await world.publish(TicketAmended(subject=TICKET, time=world.now(), problem=QUESTION))
    item = await triage(world).work.get(TICKET)
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
        item = await triage(world).work.get(TICKET)
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
    assert (await triage(world).work.get(TICKET)).next_due == due(8)


async def test_facts_from_the_front_desk_show_on_the_work_item(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    head: dict[str, Any] = {"subject": TICKET, "time": world.now()}
    await world.publish(TicketWaiting(**head, waiting_for=WaitingFor.CUSTOMER_INFORMATION))
    await world.publish(TicketConsentGiven(**head, consent="c-1", scope="桌面", given_by="王敏", words="同意"))
    await world.publish(KbArticleReused(**head, article="KB-7", title="导出崩溃的处理", by="e-chen"))
    await world.publish(SlaConsultationDue(**head, due_at=world.now()))
    item = await triage(world).work.get(TICKET)
    assert item.waiting_for is WaitingFor.CUSTOMER_INFORMATION
    assert [consent.id for consent in item.consents] == ["c-1"]
    assert item.consultation_due
    assert [entry.did.value for entry in item.worklog] == [
        "diagnosed",
        "consent_given",
        "article_reused",
        "consultation_due",
    ]
    await world.publish(TicketResumed(**head, waited_for=WaitingFor.CUSTOMER_INFORMATION))
    await world.publish(TicketConsentRevoked(**head, consent="c-1"))
    item = await triage(world).work.get(TICKET)
    assert (item.waiting_for, item.consents) == (WaitingFor.NONE, [])


async def test_a_ticket_ends_and_comes_back_to_the_engineer_who_had_it(world: World) -> None:
    await a_senior(world, "e-wu")
    await world.publish(opened(TICKET, OUTAGE))
    head: dict[str, Any] = {"subject": TICKET, "time": world.now()}
    await world.publish(TicketSolutionRejected(**head, round=2, comment="还是不行"))
    assert (await triage(world).work.get(TICKET)).round == 2
    await world.publish(TicketSolutionAccepted(**head, round=2))
    await world.publish(TicketFeedbackGiven(**head, satisfaction=Satisfaction.SATISFIED))
    completed = TicketCompleted(**head, problem=OUTAGE, customer="u-wang", opened_at=NOON)
    await world.publish(completed)
    item = await triage(world).work.get(TICKET)
    assert (item.open, item.stage, item.satisfaction) == (False, Stage.ARCHIVED, Satisfaction.SATISFIED)
    assert await held_by(world, "e-wu") == []
    assert await triage(world).work.most_pressing({}) == []

    reopened = TicketReopened(**head, reason="又出现了", round=3)
    await world.publish(reopened)
    await triage(world).reopen(reopened)
    item = await triage(world).work.get(TICKET)
    assert (item.open, item.stage, item.assignee, item.round) == (True, Stage.HANDLING, "e-wu", 3)
    assert await held_by(world, "e-wu") == [TICKET]
    await triage(world).complete(completed)  # a repetition of the first end
    assert (await triage(world).work.get(TICKET)).open


async def test_a_reopened_ticket_goes_to_the_queue_when_its_engineer_is_away(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    async with world.as_(CHEN, "triage") as chen:
        await chen.post("/queue/claims", json={})
        await chen.put("/engineers/e-chen/availability", json={"available": False})
    head: dict[str, Any] = {"subject": TICKET, "time": world.now()}
    await world.publish(TicketCompleted(**head, problem=CRASH, customer="u-wang", opened_at=NOON))
    assert await held_by(world, "e-chen") == []
    await world.publish(TicketReopened(**head, reason="又出现了", round=2))
    item = await triage(world).work.get(TICKET)
    assert (item.open, item.stage, item.assignee) == (True, Stage.DIAGNOSIS, "")
    assert len(world.published(TriageQueued)) == 2
    assert [one.engineer for one in world.published(TriageReleased)] == ["e-chen"]


async def test_what_was_decided_before_a_restart_is_given_out_after_it(world: World) -> None:
    await world.publish(opened(TICKET, OUTAGE))
    await a_senior(world, "e-wu")
    await triage(world).give_out_urgent()
    await world.settle()
    [assigned] = world.published(TriageAssigned)
    assert assigned.engineer == "e-wu"
