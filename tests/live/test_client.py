"""The generated client against the stack that `make up` starts, through its gateway."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.client import generate
from tests.live.crowd import staff_arrives
from tests.live.desk import Desk, eventually

ENGINEER, CUSTOMER = "e-chen", "u-wang"
OPERATIONS = (
    "tickets.open_ticket",
    "tickets.list_tickets",
    "work.read_work",
    "work.add_work_note",
    "queue.claim_work",
    "clocks.read_clocks",
    "notifications.list_notifications",
)

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]


async def test_a_ticket_is_opened_and_worked_on_by_the_generated_client(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(generate(tmp_path)))
    calls = {name.partition(".")[2]: import_module(f"desk_client.api.{name}").asyncio for name in OPERATIONS}
    models, client = import_module("desk_client.models"), import_module("desk_client.client")
    await staff_arrives(desk)

    async def do(who: str, operation: str, *path: str, **sent: Any) -> Any:
        async with client.AuthenticatedClient(base_url=desk.stack.url, token=desk.token(who)) as caller:
            return await calls[operation](*path, client=caller, **sent)

    new = models.NewTicket(title="How do I export a report?", description="I cannot find the menu entry.")
    opened = await do(CUSTOMER, "open_ticket", body=new)
    ticket = opened.ticket

    async def is_known() -> bool:
        work = await do(ENGINEER, "read_work", ticket)
        return not isinstance(work, models.ProblemDetails) and bool(work.queue)

    await eventually(is_known)
    work = await do(ENGINEER, "claim_work", body=models.Claim(ticket=ticket, reason="I know the module"))
    noted = await do(ENGINEER, "add_work_note", ticket, body=models.NewNote(text="Reproduced it"))
    assert (work.ticket, work.assignee, noted.worklog[-1].text) == (ticket, ENGINEER, "Reproduced it")

    async def is_listed() -> bool:
        found = await do("lead", "list_tickets", assignee=ENGINEER)
        return [row.ticket for row in found.items] == [ticket]

    async def is_told() -> bool:
        found = await do(CUSTOMER, "list_notifications", mine=True, ticket=ticket)
        return {"opened", "assigned"} <= {one.template for one in found.items}

    for happened in (is_listed, is_told):
        await eventually(happened)
    clocks = await do(ENGINEER, "read_clocks", ticket)
    assert {one.clock for one in clocks.clocks} >= {"response", "resolution"}
