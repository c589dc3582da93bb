"""Tickets that become worse in the words of their customers."""

from collections.abc import Callable
from datetime import datetime

import pytest

from services.triage.diagnosis import follow_ups
from shared.events import (
    Event,
    TicketMessagePosted,
    TicketQuestionsAnswered,
    TicketReopened,
    TicketSolutionRejected,
    TicketUrged,
    TriageAssigned,
    TriageReclassified,
)
from shared.terms import Priority
from shared.testing import CHEN, LEAD, NOON, World
from tests.triage.builders import CRASH, OUTAGE, QUESTION, TICKET, completed, opened
from tests.triage.scene import a_senior, claimed, post, triage

WORSE = "nobody can place orders now, production is down"


def message(text: str = WORSE, time: datetime = NOON, revision: int = 5, by_staff: bool = False) -> TicketMessagePosted:
    return TicketMessagePosted(
        subject=TICKET,
        time=time,
        revision=revision,
        message="m2",
        author="u-wang",
        by_staff=by_staff,
        internal=False,
        text=text,
    )


def answers(text: str) -> TicketQuestionsAnswered:
    return TicketQuestionsAnswered(
        subject=TICKET, time=NOON, revision=5, answers={"product_version": text}, problem=QUESTION
    )


def urge(text: str) -> TicketUrged:
    return TicketUrged(subject=TICKET, time=NOON, revision=5, times=1, comment=text)


def rejection(text: str) -> TicketSolutionRejected:
    return TicketSolutionRejected(subject=TICKET, time=NOON, revision=5, round=2, comment=text)


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        (WORSE, Priority.URGENT),
        ("现在所有人都登录不了了", Priority.URGENT),
        ("問題更嚴重了，現在全部門店都收不了銀", Priority.URGENT),
        ("重启后没问题了，但是现在又不能下单了，客户都在等", Priority.URGENT),
        ("还是不行，导出又报错了", Priority.HIGH),
        ("是的", Priority.NORMAL),
        ("3.2.1", Priority.NORMAL),
        ("截图见附件", Priority.NORMAL),
        ("麻烦尽快处理", Priority.NORMAL),
        ("昨天系统宕机已恢复", Priority.NORMAL),
        ("> nobody can place orders, production is down\nThanks, that is over.", Priority.NORMAL),
        ("如果所有人都登录不了怎么办？", Priority.NORMAL),
        ("Thanks, I will try that tomorrow", Priority.NORMAL),
    ],
)
def test_what_counts_is_a_fault_of_now(text: str, priority: Priority) -> None:
    assert follow_ups.read(text).priority is priority


@pytest.mark.parametrize("said", [message, answers, urge, rejection])
async def test_a_customer_who_says_that_it_is_worse_is_heard(world: World, said: Callable[[str], Event]) -> None:
    await a_senior(world, "e-wu")
    await world.publish(opened(TICKET, QUESTION))
    await world.publish(said(WORSE))
    [changed] = world.published(TriageReclassified)
    assert (changed.priority, changed.was) == (Priority.URGENT, Priority.NORMAL)
    assert "'production is down' indicates that a whole system is down" in " ".join(one.en for one in changed.reasons)
    assert "客户后续反馈情况加重" in " ".join(one.zh for one in changed.reasons)
    [assigned] = world.published(TriageAssigned)
    assert assigned.engineer == "e-wu"


async def test_who_had_it_hands_it_over_to_a_senior(world: World) -> None:
    await a_senior(world, "e-wu")
    await claimed(world)
    await post(world, CHEN, f"/v1/tickets/{TICKET}/work/notes", {"text": "已确认是索引损坏"})
    await world.publish(message())
    assigned = world.published(TriageAssigned)[-1]
    assert (assigned.engineer, assigned.instead_of) == ("e-wu", "e-chen")
    assert "已确认是索引损坏" in assigned.reason


async def test_what_a_person_decided_rises_too_and_once(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    body = {"category": "data", "priority": "normal", "reason": "只有一人"}
    assert (await post(world, LEAD, f"/v1/tickets/{TICKET}/work/classification", body)).status_code == 200
    said = message()
    await world.publish(said)
    item = await triage(world).work.store.get(TICKET)
    assert (item.category.value, item.priority) == ("data", Priority.URGENT)
    body["reason"] = "已绕过"
    await post(world, LEAD, f"/v1/tickets/{TICKET}/work/classification", body)
    await triage(world).diagnosis.message_posted(said)
    assert (await triage(world).work.store.get(TICKET)).priority is Priority.NORMAL


@pytest.mark.parametrize("said", [message("谢谢，已经好了"), message(by_staff=True)])
async def test_nothing_lowers_it_and_staff_do_not_raise_it(world: World, said: TicketMessagePosted) -> None:
    await world.publish(opened(TICKET, CRASH))
    before = await triage(world).work.store.get(TICKET)
    await world.publish(said)
    after = await triage(world).work.store.get(TICKET)
    assert (after.priority, after.version) == (Priority.HIGH, before.version)


async def test_better_answers_do_not_lower_it(world: World) -> None:
    await world.publish(opened(TICKET, OUTAGE))
    await world.publish(answers("请问如何设置打印模板"))
    assert (await triage(world).work.store.get(TICKET)).priority is Priority.URGENT


async def test_a_message_that_reopens_a_ticket_is_heard(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    await world.publish(completed(revision=4))
    await world.publish(message(revision=5))
    assert (await triage(world).work.store.get(TICKET)).priority is Priority.HIGH
    await world.publish(TicketReopened(subject=TICKET, time=NOON, revision=5, round=2, reason=WORSE))
    assert (await triage(world).work.store.get(TICKET)).priority is Priority.URGENT
