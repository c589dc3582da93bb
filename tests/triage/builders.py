"""Tickets as customers tell of them, and work items as they come to be."""

from datetime import datetime, timedelta
from typing import Any

from services.triage.diagnosis import domain as diagnosing
from services.triage.diagnosis.classifier import classify
from services.triage.routing import assignment
from services.triage.routing.candidates import AssignmentRule, choice_of
from services.triage.routing.domain import Engineer, Level, Reservation
from services.triage.work import facts, knowledge
from services.triage.work.domain import WorkItem
from services.triage.work.values import Actor
from shared.events import Contact, Event, Problem, TicketCompleted, TicketOpened
from shared.terms import Channel
from shared.testing import NOON


def problem(title: str, description: str = "", **facts: Any) -> Problem:
    return Problem(title=title, description=description, **facts)


CRASH = problem("导出Excel时崩溃", "V3.2 在Win11导出Excel时崩溃，点击导出按钮后没反应", product="报表中心")
OUTAGE = problem("交易系统无法下单", "早上九点起全部用户无法下单，业务中断", product="交易系统")
QUESTION = problem("请问如何设置打印模板", "想了解在哪里修改模板")


def opened(ticket: str, what: Problem, time: datetime = NOON) -> TicketOpened:
    return TicketOpened(
        id=f"opened-{ticket}",
        subject=ticket,
        time=time,
        revision=1,
        problem=what,
        customer="u-wang",
        company="华东贸易有限公司",
        contact=Contact(name="王敏", sub="u-wang", email="wang@huadong.example"),
        channel=Channel.ONLINE,
        taken_by="a-lin",
    )


TICKET, SECOND, THIRD = "TK-2026-000001", "TK-2026-000002", "TK-2026-000003"
CHEN = Engineer(id="e-chen", name="陈宇")
LIU = Engineer(id="e-liu", name="刘洋", level=Level.SENIOR)
BY_CHEN, BY_LIU, BY_LEAD = Actor("e-chen", "陈宇"), Actor("e-liu", "刘洋"), Actor("l-qian", "钱磊", is_lead=True)


def an_item(what: Problem = CRASH, ticket: str = TICKET, time: datetime = NOON) -> WorkItem:
    item = facts.opened(opened(ticket, what, time))
    diagnosing.diagnose(item, classify(what), NOON)
    return stored(item)


def with_room(engineer: Engineer, item: WorkItem) -> Engineer:
    """Capacity for it is reserved with them, as before each assignment."""
    one = engineer.model_copy(deep=True)
    one.reserve(Reservation(ticket=item.id, version=item.version + 1, at=NOON, made_by="x"), item.is_urgent)
    return one


def urgently(item: WorkItem, to: Engineer, now: datetime = NOON) -> list[Event]:
    """Given to them by triage, to be acknowledged within a quarter of an hour."""
    choice = choice_of(AssignmentRule.SENIOR, [to], item)
    return assignment.assign_urgent(item, with_room(to, item), choice, now + timedelta(minutes=15), now)


def at_work(what: Problem = CRASH) -> WorkItem:
    item = an_item(what)
    assignment.claim(item, with_room(CHEN, item), "", NOON)
    return stored(item)


def stored(item: WorkItem) -> WorkItem:
    """As after a write."""
    item.version += 1
    return item


def completed(revision: int = 8, time: datetime = NOON, ticket: str = TICKET, what: Problem = CRASH) -> TicketCompleted:
    return TicketCompleted(
        subject=ticket, time=time, revision=revision, problem=what, customer="u-wang", opened_at=NOON
    )


def done(item: WorkItem) -> WorkItem:
    facts.completed(item, completed())
    return stored(item)


def tried(steps: str, result: str) -> tuple[str, str, str, str, list[str]]:
    """Environment, steps, expected, actual, evidence."""
    return "测试环境", steps, "导出成功", result, ["f-1"]


def searched(item: WorkItem, by: Actor = BY_CHEN) -> WorkItem:
    """kb was away."""
    knowledge.search(item, by, "导出崩溃", None, NOON)
    return stored(item)
