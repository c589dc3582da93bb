"""Facts of tickets in every order, twice, late: case and article are the same in the end."""

import asyncio
import json
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from services.kb.app import Kb
from services.kb.articles.ids import article_id
from shared.events import Event, KbArticleDrafted, KbArticleReused, TicketCompleted, TicketReopened
from shared.testing import NOON, World
from tests.kb.scene import completed, kb_of, publish, reopened

FIRST, AGAIN, SECOND = 11, 12, 20
EARLIER = NOON - timedelta(minutes=3)  # by the clock of the host of the last event


def story(ticket: str) -> list[Event]:
    return [
        completed(ticket, revision=FIRST),
        reopened(ticket, revision=AGAIN),
        completed(ticket, revision=SECOND, solution="升级到 3.2.2", time=EARLIER),
    ]


async def hear(kb: Kb, *events: Event) -> None:
    for number, event in enumerate(events):
        await _hear(kb, event.model_copy(update={"id": f"{event.subject}-{event.revision}-{number}"}))


async def _hear(kb: Kb, event: Event) -> None:
    if isinstance(event, TicketCompleted):
        await kb.cases.archive(event)
    elif isinstance(event, TicketReopened):
        await kb.cases.reopen(event)


async def known(kb: Kb, ticket: str) -> list[Any]:
    """All that is known of a ticket, its number and the count of changes apart: the case, then the article."""
    both = (await kb.cases.store.get(ticket), await kb.articles.store.get(article_id(ticket)))
    return [json.loads(one.model_dump_json(exclude={"version"}).replace(ticket, "?")) for one in both]


def number(n: int) -> str:
    return f"TK-2026-{n:06d}"


@pytest.mark.parametrize("received", [2, 3])
async def test_facts_in_any_order_and_twice_end_in_the_same_case_and_article(world: World, received: int) -> None:
    kb = kb_of(world)
    ends = []
    for n, order in enumerate(permutations(range(received)), 1):
        facts = story(number(n))
        events = [facts[at] for at in order]
        await hear(kb, *events, *(events if n % 2 else reversed(events)))
        ends.append(await known(kb, number(n)))
    assert all(end == ends[0] for end in ends), ends
    assert ends[0][0]["state"] == ("reopened" if received == 2 else "archived")


@pytest.mark.parametrize("order", list(permutations([1, 2, 2])))
async def test_in_any_order_after_an_article_was_published(world: World, order: tuple[int, ...]) -> None:
    kb, [first, *later] = kb_of(world), story(number(1))
    await hear(kb, first)
    await publish(world, article_id(number(1)))
    await hear(kb, *(later[at - 1] for at in order))
    article = await kb.articles.store.get(article_id(number(1)))
    assert (article.state, article.live, article.reason) == ("draft", None, "又闪退了")
    assert [one.content.solution for one in article.revisions] == ["升级到 3.2.1", "升级到 3.2.2"]
    await hear(kb, first, *later)
    assert (await kb.articles.store.get(article.id)).revisions == article.revisions


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_reuse_is_recorded_in_whatever_order_the_tickets_are_received(
    world: World, order: tuple[int, ...]
) -> None:
    kb, article = kb_of(world), article_id(number(1))
    facts = [completed(number(1)), *(completed(number(n), article=article, revision=8 + n) for n in (2, 3))]
    await hear(kb, *(facts[at] for at in order), *facts)
    known = await kb.articles.store.get(article)
    assert ([one.ticket for one in known.reuses], known.reuse_count) == ([number(2), number(3)], 2)
    assert [(await kb.cases.store.get(number(n))).article for n in (1, 2, 3)] == [article] * 3
    await world.settle()
    assert len(world.published(KbArticleReused)) == 2
    assert {event.subject for event in world.published(KbArticleDrafted)} == {article}


async def test_two_replicas_that_receive_at_the_same_time_end_in_agreement(world: World) -> None:
    kb = kb_of(world)
    tickets = [number(n) for n in range(1, 13)]
    await asyncio.gather(*(hear(kb, event) for ticket in tickets for event in story(ticket)))
    ends = [await known(kb, ticket) for ticket in tickets]
    assert all(end == ends[0] for end in ends), ends


async def test_a_database_rebuilt_from_the_same_facts_has_the_same_ids_and_contents(world: World) -> None:
    kb = kb_of(world)
    facts = [event for n in range(1, 9) for event in (story(number(n)) if n % 3 else story(number(n))[:1])]
    facts += [completed(number(20 + n), article=article_id(number(n)), revision=30) for n in range(1, 5)]
    ends = []
    for turn in range(2):
        for docs in (kb.articles.store._docs, kb.cases.store._docs):
            await docs.delete_many({})
        for event in reversed(facts) if turn else facts:
            await _hear(kb, event.model_copy(update={"id": f"{event.subject}/{event.revision}"}))
        ends.append(
            [
                one.model_dump(exclude={"version"})
                for store in (kb.articles.store, kb.cases.store)
                for one in await store.where({}, "_id")
            ]
        )
    assert ends[0] == ends[1]
    assert len(ends[0]) == 8 + 12
