"""Machine clients open tickets for customers and post their words, each once, and do nothing else."""

from typing import Any

import pytest

from shared.events import TicketMessagePosted, TicketOpened
from shared.testing import CHEN, LEAD, WANG, Person, World
from tests.intake.scene import CRASH, opened

PORTAL = Person("svc-portal", ("service",))
OTHER = Person("svc-other", ("service",))
WEI = {"name": "魏强", "company": "华南贸易有限公司", "phone": "+8613800138000"}
NEW: dict[str, Any] = {**CRASH, "channel": "wecom", "customer": WEI, "external_id": "portal-7"}


async def post(world: World, who: Person, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    async with world.as_(who, "intake") as client:
        answer = await client.post(f"/v1/tickets{path}", json=body)
    return answer.status_code, answer.json()


async def test_a_ticket_is_opened_once_for_the_customer_under_the_machines_own_id(world: World) -> None:
    first, ticket = await post(world, PORTAL, "", NEW)
    again, same = await post(world, PORTAL, "", NEW)
    assert (first, again) == (201, 200)
    assert ticket["ticket"] == same["ticket"]
    assert (ticket["channel"], ticket["taken_by"], ticket["contact"]["name"]) == ("wecom", PORTAL.sub, "魏强")
    assert (await post(world, PORTAL, "", {**NEW, "title": "另一个问题"}))[0] == 422
    elsewhere, other = await post(world, OTHER, "", NEW)
    assert elsewhere == 201
    assert other["ticket"] != ticket["ticket"]
    await world.settle()
    assert len(world.published(TicketOpened)) == 2


async def test_what_it_posts_are_the_customers_words_once(world: World) -> None:
    _, ticket = await post(world, PORTAL, "", NEW)
    said = {"text": "换了电脑也一样", "external_id": NEW["external_id"]}
    for _ in range(2):
        status, now = await post(world, PORTAL, f"/{ticket['ticket']}/messages", said)
        assert status == 201
    [message] = now["messages"]
    assert (message["by_staff"], message["name"], message["recorded_by"]) == (False, "魏强", PORTAL.sub)
    assert message["channel"] == "wecom"
    await post(world, PORTAL, f"/{ticket['ticket']}/messages", {**said, "external_id": "m-2", "channel": "email"})
    await world.settle()
    told = [(event.channel, event.by_staff) for event in world.published(TicketMessagePosted)]
    assert told == [("wecom", False), ("email", False)]


@pytest.mark.parametrize(
    ("who", "path", "body"),
    [
        (PORTAL, "", {**NEW, "external_id": ""}),
        (PORTAL, "", {**NEW, "customer": None}),
        (PORTAL, "", {**NEW, "external_id": "x" * 81}),
        (LEAD, "", NEW),
        (WANG, "", {**CRASH, "external_id": "mine"}),
    ],
)
async def test_ids_are_for_machines_which_have_to_name_them(
    world: World, who: Person, path: str, body: dict[str, Any]
) -> None:
    assert (await post(world, who, path, body))[0] == 422
    await world.settle()
    assert world.published(TicketOpened) == []


async def test_a_machine_does_nothing_else(world: World) -> None:
    _, ticket = await post(world, PORTAL, "", NEW)
    number, theirs = ticket["ticket"], (await opened(world))["ticket"]
    said = {"text": "你好", "external_id": "m-1"}
    assert (await post(world, PORTAL, f"/{theirs}/messages", said))[0] == 403
    assert (await post(world, OTHER, f"/{number}/messages", said))[0] == 403
    assert (await post(world, PORTAL, f"/{number}/messages", {**said, "internal": True}))[0] == 403
    assert (await post(world, CHEN, f"/{number}/messages", {"text": "你好", "channel": "email"}))[0] == 422
    for path, body in (
        ("answers", {"answers": {"module": "报表"}}),
        ("closure", {"outcome": "spam", "reason": "x"}),
        ("urges", {}),
        ("verification", {"accepted": True}),
        ("feedback", {"satisfaction": "satisfied"}),
        ("links", {"action": "give_consent"}),
        ("reopening", {"reason": "x"}),
    ):
        assert (await post(world, PORTAL, f"/{number}/{path}", body))[0] in (403, 404, 405), path


async def test_someone_who_is_also_of_the_desk_writes_as_staff(world: World) -> None:
    number = (await opened(world))["ticket"]
    both = Person("e-both", ("engineer", "service"))
    _, ticket = await post(world, both, f"/{number}/messages", {"text": "请升级到 V3.3"})
    assert [one["by_staff"] for one in ticket["messages"]] == [True]


async def test_words_for_a_ticket_that_is_long_over_open_one_that_the_machine_can_post_on(world: World) -> None:
    _, ticket = await post(world, PORTAL, "", NEW)
    async with world.as_(LEAD, "intake") as lead:
        closed = await lead.post(
            f"/v1/tickets/{ticket['ticket']}/closure", json={"outcome": "no_answer", "reason": "x"}
        )
        assert closed.status_code == 200
    await world.settle()
    await world.pass_time(days=15)
    said = {"text": "又出现了", "external_id": "m-9"}
    status, new = await post(world, PORTAL, f"/{ticket['ticket']}/messages", said)
    assert status == 201
    assert (new["ticket"] != ticket["ticket"], new["taken_by"]) == (True, PORTAL.sub)
    status, again = await post(world, PORTAL, f"/{ticket['ticket']}/messages", {**said, "external_id": "m-10"})
    assert (status, again["ticket"]) == (201, new["ticket"])
