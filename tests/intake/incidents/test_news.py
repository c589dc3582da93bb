"""What customers read on their tickets about an incident."""

from typing import Any

from shared.events import BothLanguages, IncidentTicketAdded, IncidentUpdated, TicketMessagePosted
from shared.testing import LEAD, NOON, WANG, ZHAO, World
from tests.intake.scene import completed, opened


async def messages(world: World, number: str) -> list[dict[str, Any]]:
    async with world.as_(LEAD, "intake") as client:
        found: list[dict[str, Any]] = (await client.get(f"/v1/tickets/{number}")).json()["messages"]
    return found


def added(number: str, **more: Any) -> IncidentTicketAdded:
    return IncidentTicketAdded(subject=number, time=NOON, revision=2, incident="IN-1", customers=3, **more)


def news(*numbers: str) -> IncidentUpdated:
    return IncidentUpdated(
        subject="IN-1",
        time=NOON,
        revision=3,
        actor="l-qian",
        author_name="钱磊",
        update="IN-1.1",
        internal=False,
        text=BothLanguages(zh="已定位原因", en="The cause is found"),
        tickets=list(numbers),
    )


async def test_that_the_problem_is_known_is_said_once_in_their_language(world: World) -> None:
    chinese, english = (await opened(world))["ticket"], (await opened(world, ZHAO))["ticket"]
    known = BothLanguages(zh="请走备用通道", en="Please use the other channel")
    for number in (chinese, english, chinese):
        await world.publish(added(number, workaround=known).model_copy(update={"id": f"e-{number}"}))
    [zh], [en] = await messages(world, chinese), await messages(world, english)
    assert "已知故障（编号 IN-1）" in zh["text"]
    assert "请走备用通道" in zh["text"]
    assert "known problem" in en["text"]
    assert "Please use the other channel" in en["text"]
    assert (zh["by_staff"], zh["internal"]) == (True, False)
    told = world.published(TicketMessagePosted)
    assert {(one.broadcast, one.automatic) for one in told} == {("IN-1.known", True)}


async def test_news_stand_on_each_ticket_and_their_customer_reads_them(world: World) -> None:
    mine, theirs = (await opened(world))["ticket"], (await opened(world, ZHAO))["ticket"]
    for _ in range(2):
        await world.publish(news(mine, theirs, "TK-2026-999999").model_copy(update={"id": "e-news"}))
    async with world.as_(WANG, "intake") as wang:
        [read] = (await wang.get(f"/v1/tickets/{mine}")).json()["messages"]
    assert (read["text"], read["name"]) == ("已定位原因", "钱磊")
    assert [one["text"] for one in await messages(world, theirs)] == ["The cause is found"]
    told = world.published(TicketMessagePosted)
    assert {(one.broadcast, one.automatic, one.actor) for one in told} == {("IN-1.1", False, "l-qian")}


async def test_a_ticket_that_is_over_is_left_alone(world: World) -> None:
    number = await completed(world)
    before = await messages(world, number)
    await world.publish(added(number))
    await world.publish(news(number))
    assert await messages(world, number) == before
