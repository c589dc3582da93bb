"""Of an incident everybody is told once, however many tickets it has."""

from datetime import timedelta

from services.notify.deliveries.domain import Delivery
from shared.events import IncidentTicketAdded, IncidentTicketRemoved, SlaBreached, TriageAlarmRaised
from shared.terms import ClockKind
from shared.testing import LIU, NOON, WANG, ZHAO, World
from tests.notify.conftest import notify_of
from tests.notify.samples import INCIDENT, PROPOSED, opened, posted

NUMBERS = [f"TK-2026-00000{n}" for n in (1, 2, 3)]


async def told_to(world: World, recipient: str) -> list[Delivery]:
    return await notify_of(world).deliveries.store.where({"recipient": recipient}, "created_at")


async def templates_to(world: World, recipient: str) -> list[str]:
    return sorted(one.template for one in await told_to(world, recipient))


async def in_one_incident(world: World) -> None:
    for number, who in zip(NUMBERS, (WANG, WANG, ZHAO), strict=True):
        await world.publish(opened(who, number))
        await world.publish(IncidentTicketAdded(subject=number, time=NOON, revision=2, incident="IN-1", customers=2))


def breached(number: str, clock: ClockKind = ClockKind.RESPONSE) -> SlaBreached:
    return SlaBreached(subject=number, time=NOON, clock=clock, due_at=NOON)


async def test_leads_and_who_is_on_call_are_told_once(world: World) -> None:
    for event in (PROPOSED, INCIDENT, INCIDENT):
        await world.publish(event)
    assert await templates_to(world, "role:lead") == ["incident_opened", "incident_proposed"]
    assert await templates_to(world, LIU.sub) == ["incident_opened"]
    [told] = await told_to(world, LIU.sub)
    assert "群发故障 IN-2026-000001 已确认：涉及 3 家客户、4 个工单" in told.words["zh"].text


async def test_news_on_several_tickets_reach_a_customer_once(world: World) -> None:
    await in_one_incident(world)
    for number in NUMBERS:
        told = posted("已定位原因", LIU, by_staff=True)
        await world.publish(told.model_copy(update={"subject": number, "broadcast": "IN-1.1", "id": f"m-{number}"}))
    assert (await templates_to(world, WANG.sub)).count("reply") == 1
    assert (await templates_to(world, ZHAO.sub)).count("reply") == 1


async def test_tickets_that_breach_together_page_once(world: World) -> None:
    await in_one_incident(world)
    for number in NUMBERS:
        await world.publish(breached(number))
        await world.publish(TriageAlarmRaised(subject=number, time=NOON, assignee="", times=1, next_at=NOON))
    await world.publish(breached(NUMBERS[0], ClockKind.RESOLUTION))
    assert (await templates_to(world, "role:lead")).count("clock_breached") == 2
    assert (await templates_to(world, "role:lead")).count("alarm") == 1


async def test_a_ticket_that_was_taken_out_pages_for_itself(world: World) -> None:
    await in_one_incident(world)
    gone = IncidentTicketRemoved(
        subject=NUMBERS[2], time=NOON + timedelta(minutes=1), revision=3, incident="IN-1", reason="x"
    )
    await world.publish(gone)
    late = IncidentTicketAdded(subject=NUMBERS[2], time=NOON, revision=2, incident="IN-1")
    await world.publish(late)
    for number in NUMBERS:
        await world.publish(breached(number))
    assert (await templates_to(world, "role:lead")).count("clock_breached") == 2
