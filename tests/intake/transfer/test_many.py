"""Many tickets at once: few statements for them, and events that the bus has room for."""

from services.intake.transfer.domain import MAX_ROWS, in_events
from shared.events import Contact, ImportPartTaken, TicketSummary
from shared.store import EVENT_BYTES as MOST_BYTES
from shared.terms import Channel
from shared.testing import NOON, World
from tests.intake.transfer.scene import ask, begun, finished, lines, row


async def test_customers_of_a_part_are_changed_together_and_each_has_their_history(world: World) -> None:
    rows = [row(str(n), company=f"第{n % 60}贸易", opened_at=f"2020-01-01T{n % 24:02d}:00:00Z") for n in range(300)]
    for _ in range(2):  # the second time all customers are there
        id, _ = await begun(world, lines(*rows[:150]), lines(*rows[150:]))
        await finished(world, id, 2)
        rows = [{**one, "external_id": f"again {one['external_id']}"} for one in rows]
    assert [len(event.tickets) for event in world.published(ImportPartTaken)] == [150] * 4
    customers = world.apps["intake"].state.service.customers.store
    found = await customers.where({})
    assert len(found) == 60
    numbers = [row["ticket"] for row in (await ask(world, "GET", f"/{id}/parts/2"))["rows"]]
    for one in found:
        assert set(numbers) & {ticket.number for ticket in one.tickets}


def test_an_event_has_room_on_the_bus() -> None:
    long = "错" * 200
    contact = Contact(name=long, email="", phone=long, language="zh")
    known = {"customer": "C-1", "customer_name": long, "company": long, "contact": contact, "title": long}
    moments = {"opened_at": NOON, "completed_at": NOON}
    named = {"ticket": "TK-2020-000001", "external_id": long, "number": long, "channel": Channel.ONLINE}
    one = TicketSummary.model_validate({**known, **moments, **named, "product": long, "product_version": long})
    small = one.model_copy(update={"title": "x", "company": "", "customer_name": "", "product": "", "number": "1"})
    many = [*[one] * 400, *[small] * 600]
    found = list(in_events(many))
    assert [ticket for some in found for ticket in some] == many
    assert max(map(len, found)) <= MAX_ROWS
    events = [ImportPartTaken(subject="IM-1", time=NOON, imported_from="x", part=1, tickets=some) for some in found]
    assert max(len(event.model_dump_json().encode()) for event in events) < MOST_BYTES
    assert len(found) < 10
