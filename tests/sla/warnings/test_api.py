"""Which clocks are late or will be soon, and who was told: what stands, and nothing that does not."""

from datetime import timedelta
from typing import Any

from services.sla.clocks.domain import TicketClocks
from shared.domain import Origin
from shared.events import Event
from shared.terms import Outcome, Priority, WaitingFor
from shared.testing import AGENT, LEAD, NOON, WANG, World
from tests.sla.builders import TICKET, completed, diagnosed, message, opened, sla_of, tell, waiting
from tests.sla.client import get
from tests.sla.figures.test_api import about, assigned

SECOND, THIRD = "TK-2026-000002", "TK-2026-000003"


async def listed(world: World, more: str = "", **headers: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await get(world, LEAD, f"/v1/warnings{more}", **headers)).json()["items"]
    return found


def standing(items: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(item["ticket"], one["clock"], one["standing"]) for item in items for one in item["clocks"]]


def without_standing(clocks: TicketClocks) -> list[Event]:
    clocks.standing = None
    return []


async def test_what_stands_is_listed_with_who_was_told_and_is_gone_when_it_is_done(world: World) -> None:
    for ticket, priority in ((TICKET, Priority.URGENT), (SECOND, Priority.HIGH)):
        await tell(world, opened(subject=ticket, revision=1))
        await tell(world, about(diagnosed(priority, revision=1), ticket))
    await tell(world, assigned(TICKET))
    assert await listed(world) == []
    for minutes in (30, 30):  # urgent: a response within two hours, a resolution within four
        await world.pass_time(minutes=minutes)
    [soon] = await listed(world)
    assert (soon["ticket"], soon["standing"], soon["engineer"], soon["team"]) == (
        TICKET,
        "at_risk",
        "e-chen",
        "function",
    )
    for minutes in (18, 12, 60):
        await world.pass_time(minutes=minutes)
    assert standing(await listed(world)) == [(TICKET, "response", "breached"), (TICKET, "resolution", "at_risk")]
    [late] = await listed(world, **{"Accept-Language": "zh"})
    response = late["clocks"][0]
    assert (late["label"], response["label"], response["percent"]) == ("已超时，尚未完成", "响应", 150)
    told = [(one["percent"], one["to"], one["urgency"]) for one in response["notices"]]
    assert told == [
        (50, ["assignee"], "quiet"),
        (75, ["assignee"], "normal"),
        (90, ["assignee", "lead"], "normal"),
        (100, ["assignee", "lead"], "urgent"),
        (150, ["lead", "manager"], "urgent"),
    ]
    assert response["notices"][4]["labels"] == ["技术负责人", "管理者（系统管理员）"]
    figures = (await get(world, LEAD, "/v1/figures?open_now=true")).json()["total"]
    assert (figures["late"], figures["at_risk"]) == (1, 0)
    await tell(world, message(NOON + timedelta(hours=3), revision=2))
    assert standing(await listed(world)) == [(TICKET, "resolution", "at_risk")]
    # A wait for the customer pauses a normal one, which is at risk no more; what is missed stays so.
    await world.pass_time(hours=4)
    await tell(world, about(waiting(WaitingFor.CUSTOMER_INFORMATION, world.now(), revision=2), SECOND))
    assert standing(await listed(world)) == [(TICKET, "resolution", "breached"), (SECOND, "response", "at_risk")]
    assert standing(await listed(world, "?standing=at_risk")) == [(SECOND, "response", "at_risk")]
    assert [item["ticket"] for item in await listed(world, "?standing=breached")] == [TICKET]
    await tell(world, about(completed(world.now(), outcome=Outcome.CANCELLED, revision=9), SECOND))
    assert [item["ticket"] for item in await listed(world)] == [TICKET]
    assert (await get(world, AGENT, "/v1/warnings")).status_code == 200
    assert (await get(world, WANG, "/v1/warnings")).status_code == 403
    assert (await get(world, LEAD, "/v1/warnings?standing=maybe")).status_code == 422


async def test_they_are_read_page_by_page_also_those_of_an_older_release(world: World) -> None:
    tickets = [TICKET, SECOND, THIRD]
    for n, ticket in enumerate(tickets):
        at = NOON + timedelta(minutes=n)
        await tell(world, opened(at, ticket, revision=1))
        await tell(world, about(diagnosed(Priority.URGENT, at, revision=1), ticket))
    await world.pass_time(hours=3)
    store = sla_of(world).clocks.store
    for ticket in tickets[:2]:  # as it was written before this list was kept
        await store.change(ticket, without_standing, Origin.service("sla"))
    assert [item["ticket"] for item in await listed(world)] == [THIRD]
    await sla_of(world).clocks.note_standing()
    seen, after = [], ""
    while True:
        page = (await get(world, LEAD, f"/v1/warnings?limit=1{after}")).json()
        seen += [item["ticket"] for item in page["items"]]
        if not page["next"]:
            break
        after = f"&after={page['next']}"
    assert seen == tickets
    [response, _] = page["items"][0]["clocks"]
    # All rungs were reached at once, as after an outage: those of the highest were told with the breach.
    assert [(one["percent"], one["to"]) for one in response["notices"]] == [(100, ["assignee", "lead", "manager"])]
