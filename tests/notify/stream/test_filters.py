"""Which events somebody wants to follow."""

import pytest

from shared.testing import LEAD, VIEWER, WANG, ZHAO, World
from tests.notify.samples import ASKED, BREACHED, TICKET, assigned, opened
from tests.notify.stream.client import following, limit, publish

OTHER = "TK-2026-000002"


async def test_by_kind(world: World, url: str) -> None:
    async with following(world, url, LEAD, query="events=sla.*&events=ticket.questions_asked") as stream:
        await publish(world, opened(), assigned(), ASKED, BREACHED)
        assert await stream.kinds(2) == ["ticket.questions_asked", "sla.breached"]


async def test_by_ticket_and_company(world: World, url: str) -> None:
    async with (
        following(world, url, LEAD, query=f"ticket={OTHER}") as of_ticket,
        following(world, url, LEAD, query=f"company={WANG.company}") as of_company,
    ):
        await publish(world, opened(ZHAO, ticket=OTHER), opened(WANG), BREACHED, opened(ZHAO, ticket="TK-2026-000003"))
        await publish(world, ASKED.model_copy(update={"subject": OTHER, "id": "another"}))
        assert [(one["event"], one["subject"]) for one in await of_ticket.events(2)] == [
            ("ticket.opened", OTHER),
            ("ticket.questions_asked", OTHER),
        ]
        assert [(one["event"], one["subject"]) for one in await of_company.events(2)] == [
            ("ticket.opened", TICKET),
            ("sla.breached", TICKET),
        ]


async def test_a_filter_opens_nothing_that_is_closed(world: World, url: str) -> None:
    """The sign of life comes behind what was left out."""
    limit(world, heartbeat_seconds=0.2)
    async with (
        following(world, url, VIEWER, query="company=North%20Securities") as company,
        following(world, url, WANG, query=f"ticket={OTHER}") as ticket,
    ):
        await publish(world, opened(ZHAO, ticket=OTHER))
        for stream in (company, ticket):
            while (block := await stream.block())["id"] != "1":
                assert "data" not in block
            assert block == {"": "heartbeat", "id": "1"}


async def test_what_is_left_out_moves_the_place_on(world: World, url: str) -> None:
    async with following(world, url, LEAD, query="events=sla.*", after=0) as stream:
        await publish(world, opened(), assigned(), BREACHED)
        [event] = await stream.events(1)
    assert event["place"] == 3


@pytest.mark.parametrize("query", ["events=nothing.*", "events=ticket.nothing", "events=a", "ticket=a%20b", "wrong=1"])
async def test_what_is_no_filter_is_refused(world: World, query: str) -> None:
    async with world.as_(LEAD, "notify") as lead:
        assert (await lead.get(f"/v1/events?{query}")).status_code == 422
