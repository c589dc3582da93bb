"""Tickets of several customers about one fault."""

from datetime import datetime, timedelta
from typing import Any

from services.triage.incidents.domain import Incident
from shared.events import Contact, Problem, TicketOpened
from shared.terms import Channel
from shared.testing import NOON, World
from tests.triage.scene import triage

TEXTS = (
    "从今天上午开始交易系统无法提交委托，点击下单一直转圈，最后提示网络超时，营业部全部受影响",
    "您好，交易系统今天上午开始提交不了委托，点击下单一直转圈，最后提示网络超时，我们营业部全部受影响，请尽快处理",
    "交易系统今天上午开始无法提交委托，点击下单之后一直转圈最后提示网络超时，几个营业部全部受影响，谢谢",
    "麻烦看一下：上午开始交易系统无法提交委托，点击下单一直转圈，提示网络超时，营业部全部受影响",
)


def number(n: int) -> str:
    return f"TK-2026-{n:06}"


def reported(n: int, customer: str, at: datetime = NOON, **facts: Any) -> TicketOpened:
    known = {"title": "报错", "description": "见截图", **facts}  # too short to be like anything
    return TicketOpened(
        id=f"opened-{n}",
        subject=number(n),
        time=at,
        revision=1,
        problem=Problem(**known),
        customer=f"u-{n}",
        company=customer,
        contact=Contact(name=customer, sub=f"u-{n}", email=f"u{n}@customer.example"),
        channel=Channel.ONLINE,
        taken_by="a-lin",
    )


def coded(n: int, customer: str, at: datetime = NOON, code: str = "ORA-12170") -> TicketOpened:
    return reported(n, customer, at, product="交易系统", error_text=f"提示 {code}: TNS 连接超时")


async def report_three(world: World) -> None:
    for n, customer in enumerate(("甲公司", "乙公司", "丙公司"), start=1):
        await world.publish(coded(n, customer, world.now() + timedelta(minutes=n)))


async def all_incidents(world: World) -> list[Incident]:
    return await triage(world).incidents.watch.incidents.where({}, sort="proposed_at")
