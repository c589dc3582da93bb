"""Tickets as customers tell of them."""

from datetime import datetime
from typing import Any

from shared.events import Contact, Problem, TicketOpened
from shared.terms import Channel
from shared.testing import NOON


def problem(title: str, description: str = "", **facts: Any) -> Problem:
    return Problem(title=title, description=description, **facts)


CRASH = problem("导出Excel时崩溃", "V3.2 在Win11导出Excel时崩溃，点击导出按钮后没反应", product="报表中心")
OUTAGE = problem("交易系统无法下单", "早上九点起全部用户无法下单，业务中断", product="交易系统")
QUESTION = problem("请问如何设置打印模板", "想了解在哪里修改模板")


def opened(ticket: str, what: Problem, time: datetime = NOON) -> TicketOpened:
    return TicketOpened(
        subject=ticket,
        time=time,
        problem=what,
        customer="u-wang",
        company="华东贸易有限公司",
        contact=Contact(name="王敏", sub="u-wang", email="wang@huadong.example"),
        channel=Channel.ONLINE,
        taken_by="a-lin",
    )
