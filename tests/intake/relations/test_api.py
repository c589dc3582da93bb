"""Relations between tickets of a running intake."""

import asyncio

import pytest

from services.intake.relations.domain import MAX_RELATIONS, relate
from services.intake.tickets.domain import LimitReached
from shared.domain import Origin
from shared.events import RelationKind, TicketRelated
from shared.terms import Stage
from shared.testing import AGENT, LEAD, NOON, VIEWER, WANG, ZHAO, World
from tests.intake.merging.test_api import COLLEAGUE, ask
from tests.intake.samples import at
from tests.intake.scene import opened


async def say(world: World, one: str, kind: str, other: str, expect: int = 201) -> None:
    body = {"relation": kind, "ticket": other, "reason": "升级之后"}
    await ask(world, AGENT, "POST", f"{one}/relations", body, expect)


async def shown(world: World, ticket: str) -> list[tuple[str, str]]:
    found = await ask(world, LEAD, "GET", f"{ticket}/relations")
    return [(one["relation"], one["ticket"]) for one in found["items"]]


async def three(world: World) -> list[str]:
    return [(await opened(world, who))["ticket"] for who in (WANG, COLLEAGUE, ZHAO)]


async def test_both_tickets_show_it_and_it_is_removed_on_either(world: World) -> None:
    one, other, _ = await three(world)
    await say(world, one, "causes", other)
    await say(world, one, "causes", other)
    await say(world, other, "caused_by", one)
    assert await shown(world, one) == [("causes", other)]
    assert await shown(world, other) == [("caused_by", one)]
    assert len(world.published(TicketRelated)) == 1
    await ask(world, AGENT, "DELETE", f"{other}/relations/caused_by:{one}?reason=误会")
    assert await shown(world, one) == await shown(world, other) == []
    await ask(world, AGENT, "DELETE", f"{other}/relations/caused_by:{one}", expect=404)
    await ask(world, AGENT, "DELETE", f"{other}/relations/nonsense", expect=404)
    await say(world, other, "caused_by", one)
    assert await shown(world, one) == [("causes", other)]


async def test_no_circles_and_none_to_itself(world: World) -> None:
    one, other, third = await three(world)
    await say(world, one, "causes", one, 422)
    await say(world, one, "duplicate_of", other, 422)
    await say(world, one, "causes", other)
    await say(world, third, "caused_by", other)
    await say(world, third, "causes", one, 409)
    await say(world, one, "caused_by", third, 409)
    await say(world, third, "follows", one)
    await say(world, one, "related", "TK-2026-999999", 404)
    assert sorted(await shown(world, one)) == [("causes", other), ("followed_by", third)]
    assert sorted(await shown(world, third)) == [("caused_by", other), ("follows", one)]


async def test_two_who_close_a_circle_at_once_leave_none(world: World) -> None:
    one, other, _ = await three(world)
    relations = world.apps["intake"].state.service.relations
    await asyncio.gather(
        *(
            relations.add(a, RelationKind.CAUSES, b, "同时", Origin("a-lin"), lambda _: None)
            for a, b in ((one, other), (other, one))
        ),
        return_exceptions=True,
    )
    await world.settle()
    assert len(await shown(world, one)) <= 1
    assert len(await shown(world, one)) == len(await shown(world, other))


async def test_customers_see_relations_to_tickets_that_they_may_read(world: World) -> None:
    one, other, foreign = await three(world)
    await say(world, one, "related", other)
    await say(world, one, "related", foreign)
    assert (await ask(world, WANG, "GET", f"{one}/relations"))["items"] == []
    [seen] = (await ask(world, VIEWER, "GET", f"{one}/relations"))["items"]
    assert (seen["ticket"], seen["reason"], seen["by"]) == (other, "", "")
    await ask(world, ZHAO, "GET", f"{one}/relations", expect=404)


async def test_what_is_heard_late_and_twice_changes_nothing(world: World) -> None:
    one, other, _ = await three(world)
    await say(world, one, "follows", other)
    await ask(world, AGENT, "DELETE", f"{one}/relations/follows:{other}")
    said, removed = world.published(TicketRelated)
    for event in (removed, said, said):
        await world.apps["intake"].state.service.relations.hear(event)
    assert await shown(world, other) == []


def test_their_number_is_bounded() -> None:
    ticket = at(Stage.HANDLING)
    for n in range(MAX_RELATIONS):
        relate(ticket, RelationKind.RELATED, f"TK-2026-{n + 10:06d}", "x", "a-lin", NOON)
    with pytest.raises(LimitReached):
        relate(ticket, RelationKind.RELATED, "TK-2026-999999", "x", "a-lin", NOON)
