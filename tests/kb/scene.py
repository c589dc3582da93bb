"""Tickets as kb receives them, and the service that receives them."""

from datetime import datetime, timedelta
from functools import partial

from services.kb.app import Kb
from services.kb.articles.domain import Article
from shared.domain import Origin
from shared.events import (
    FoundCases,
    KbArticleDrafted,
    Problem,
    SearchCases,
    SolutionRound,
    TicketCompleted,
    TicketReopened,
)
from shared.terms import Category
from shared.testing import NOON, WANG, World
from tests.servers import app_factory

TICKET = "TK-2026-000001"
OPENED_AT = NOON - timedelta(hours=3)
PROBLEM = Problem(
    title="V3.2 在 Win11 导出 Excel 时闪退",
    description="点击导出按钮后程序直接退出",
    product="进销存",
    product_version="V3.2",
    error_text="System.OutOfMemoryException",
)


def completed(
    subject: str = TICKET,
    time: datetime = NOON,
    problem: Problem = PROBLEM,
    solution: str = "升级到 3.2.1",
    article: str = "",
    accepted: bool = True,
    fingerprints: tuple[str, ...] = ("f-export",),
    revision: int = 11,
) -> TicketCompleted:
    return TicketCompleted(
        subject=subject,
        time=time,
        revision=revision,
        problem=problem,
        customer="华东贸易",
        category=Category.FUNCTION,
        assignee="e-chen",
        rounds=[SolutionRound(round=1, solution=solution, accepted=accepted, article=article, verified_by="e-liu")],
        fingerprints=list(fingerprints),
        opened_at=OPENED_AT,
    )


def reopened(
    subject: str = TICKET,
    time: datetime = NOON + timedelta(minutes=1),
    revision: int = 12,
    opened_at: datetime | None = OPENED_AT,
) -> TicketReopened:
    return TicketReopened(
        subject=subject, time=time, revision=revision, reason="又闪退了", round=2, opened_at=opened_at
    )


async def a_ticket(world: World, number: int = 1) -> str:
    """One that intake, which is started for it, knows by the `number`-th number of the year."""
    await world.start(app_factory("intake"))
    async with world.as_(WANG, "intake") as wang:
        for _ in range(number):
            answer = await wang.post("/v1/tickets", json={"title": f"{_} 批量打印卡住", "description": "没有反应"})
    await world.settle()
    ticket: str = answer.json()["ticket"]
    return ticket


def kb_of(world: World) -> Kb:
    kb: Kb = world.apps["kb"].state.service
    return kb


async def ask(world: World, text: str, *fingerprints: str, limit: int = 5) -> FoundCases:
    assert world._bus
    await indexed(world)
    return await world._bus.ask(
        "kb.search", SearchCases(text=text, fingerprints=list(fingerprints), limit=limit), FoundCases, within=2.0
    )


async def indexed(world: World, replica: str = "kb") -> None:
    """All that was changed is in the index of this replica."""
    kb: Kb = world.apps[replica].state.service
    await kb.search.catalog.follower.refresh()


async def publish(world: World, id: str) -> None:
    articles, by = kb_of(world).articles, Origin("k-he")
    await articles.change(id, partial(Article.approve, by="k-he", now=world.now()), by)
    await articles.change(id, partial(Article.publish, now=world.now()), by)


async def published_article(world: World, event: TicketCompleted | None = None) -> str:
    """The id of an article drafted from a ticket and published."""
    await world.publish(event or completed())
    id = world.published(KbArticleDrafted)[-1].subject
    await publish(world, id)
    return id
