"""Tickets in, diagnoses out."""

import math
import struct
from base64 import b64encode
from collections.abc import Sequence

import pytest
from pydantic import BaseModel

from services.triage.diagnosis.classifier import Beside, classify
from services.triage.diagnosis.knowledge import meaning_of
from services.triage.work.values import WorkState
from shared.bus import Bus
from shared.events import (
    FoundCases,
    SearchCases,
    Suggestion,
    TicketAmended,
    TicketQuestionsAnswered,
    TriageAssigned,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageReclassified,
)
from shared.reading.assessment import weights
from shared.telemetry import REUSED
from shared.terms import Category, Priority
from shared.testing import CHEN, World
from tests.triage.builders import CRASH, OUTAGE, QUESTION, TICKET, opened, problem
from tests.triage.scene import a_senior, held_by, triage

MODEL = weights().meaning or pytest.fail("no weights of vectors")
NO_MEANING = [0.0] * len(MODEL.rows)


def told(vector: Sequence[float]) -> str:
    return b64encode(struct.pack(f"<{len(vector)}e", *vector)).decode()


async def test_a_ticket_is_diagnosed_and_queued(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    [diagnosed] = world.published(TriageDiagnosed)
    assert (diagnosed.category, diagnosed.priority, diagnosed.queue) == (Category.FUNCTION, Priority.HIGH, "function")
    assert diagnosed.reasons
    assert all(reason.en and reason.zh for reason in diagnosed.reasons)
    assert world.published(TriageAssigned) == []
    assert (await triage(world).work.store.get(TICKET)).work is WorkState.QUEUED


async def test_the_same_event_twice_is_handled_once(world: World) -> None:
    event = opened(TICKET, OUTAGE)
    await a_senior(world, "e-wu")
    await world.publish(event)
    await triage(world).diagnosis.open(event)
    await world.settle()
    assert len(world.published(TriageDiagnosed)) == 1
    assert len(world.published(TriageAssigned)) == 1
    assert await held_by(world, "e-wu") == [TICKET]


async def test_what_kb_has_solved_before_decides_the_category(world: World) -> None:
    asked: list[SearchCases] = []

    async def search(question: SearchCases) -> BaseModel:
        asked.append(question)
        one = Suggestion(article="KB-1", title="连接池耗尽", score=1.0, category=Category.DATA, exact=True)
        return FoundCases(suggestions=[one], meaning=told(NO_MEANING), meaning_model=MODEL.model)

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
    assert (len(asked[0].fingerprints), asked[0].meaning) == (1, True)
    assert [one.name for one in diagnosed.evidence if one.source == "meaning"] == [MODEL.model, MODEL.model]
    assert diagnosed.versions["meaning"] == MODEL.model


@pytest.mark.parametrize(
    ("meaning", "model"),
    [
        ("", ""),
        ("no base64!", MODEL.model),
        (b64encode(b"abc").decode(), MODEL.model),
        (told([math.nan, *NO_MEANING[1:]]), MODEL.model),
        (told(NO_MEANING[1:]), MODEL.model),
        (told(NO_MEANING), "another model"),
    ],
    ids=["none", "no base64", "odd", "not a number", "too short", "of another model"],
)
def test_without_a_meaning_that_is_understood_words_decide_alone(meaning: str, model: str) -> None:
    asked = problem("订单导出失败")
    found = meaning_of(FoundCases(suggestions=[], meaning=meaning, meaning_model=model))
    assert classify(asked, Beside(meaning=found)) == classify(asked)


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
        await chen.post("/v1/queue/claims", json={"ticket": TICKET})
    assert len(world.published(TriageDiagnosisConfirmed)) <= 1
    await world.publish(TicketAmended(subject=TICKET, time=world.now(), revision=2, problem=QUESTION))
    item = await triage(world).work.store.get(TICKET)
    assert item.problem == QUESTION
    assert (item.category, item.priority) == (Category.FUNCTION, Priority.HIGH)
    assert world.published(TriageReclassified) == []


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
