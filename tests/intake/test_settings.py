"""How long intake waits is the operator's to say; every way to the same end waits as long."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.intake.app import create_app
from services.intake.settings import IntakeSettings
from services.intake.tickets.closing import REOPEN_WITHIN
from services.intake.verification.domain import FEEDBACK_WAIT
from services.intake.verification.phone import CONFIRM_WITHIN
from shared.events import TicketCompleted
from shared.testing import LEAD, WANG, Servers, World, running
from tests.intake.links.test_pages import link, press
from tests.intake.scene import asked, completed, say
from tests.intake.verification.test_phone import confirm, record

A_SECOND = timedelta(seconds=1)


@pytest.fixture
async def world(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    for name, value in (("FEEDBACK_DAYS", 30), ("REOPEN_DAYS", 2), ("CONFIRM_HOURS", 3)):
        monkeypatch.setenv(f"BIHUAN_{name}", str(value))
    async with running(servers, create_app) as world:
        yield world


def test_unless_told_otherwise_the_waits_are_those_of_the_domain() -> None:
    settings = IntakeSettings()
    known = (settings.feedback_wait, settings.reopen_within, settings.confirm_within)
    assert known == (FEEDBACK_WAIT, REOPEN_WITHIN, CONFIRM_WITHIN)


@pytest.mark.parametrize("name", ["FEEDBACK_DAYS", "REOPEN_DAYS", "CONFIRM_HOURS"])
@pytest.mark.parametrize("value", ["0", "-1", "4000", "1.5", "a week", ""])
def test_a_wait_without_sense_ends_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"BIHUAN_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        IntakeSettings()


async def by_themselves(world: World, number: str) -> None:
    await say(world, number, "verification", accepted=True)


async def by_link(world: World, number: str) -> None:
    assert (await press(world, link(number, "accept_solution"), comment="")).is_success


async def by_telephone(world: World, number: str) -> None:
    await record(world, number)
    assert (await confirm(world, number, LEAD)).is_success


@pytest.mark.parametrize("accept", [by_themselves, by_link, by_telephone])
async def test_a_rating_is_waited_for_however_the_solution_was_accepted(world: World, accept: Any) -> None:
    number = await asked(world)
    await accept(world, number)
    await world.pass_time(seconds=(timedelta(days=30) - A_SECOND).total_seconds())
    assert world.published(TicketCompleted) == []
    await world.pass_time(seconds=1)
    assert len(world.published(TicketCompleted)) == 1


@pytest.mark.parametrize(("path", "body"), [("reopening", {"reason": "又崩溃了"}), ("messages", {"text": "又崩溃了"})])
async def test_a_ticket_is_reopened_until_then_and_not_later(world: World, path: str, body: dict[str, str]) -> None:
    first = await completed(world)
    world.time += timedelta(days=2)
    async with world.as_(WANG, "intake") as wang:
        in_time = (await wang.post(f"/v1/tickets/{first}/{path}", json=body)).json()
    assert (in_time["ticket"], in_time["round"]) == (first, 2)

    second = await completed(world)
    world.time += timedelta(days=2) + A_SECOND
    async with world.as_(WANG, "intake", **{"Accept-Language": "en"}) as wang:
        late = await wang.post(f"/v1/tickets/{second}/{path}", json=body)
    if path == "messages":
        assert late.json()["linked"][0] == second
    else:
        assert (late.status_code, "within 2 days" in late.json()["detail"]) == (409, True)


async def test_a_call_is_confirmed_until_then_and_not_later(world: World) -> None:
    number = await asked(world)
    await record(world, number)
    world.time += timedelta(hours=3) + A_SECOND
    late = await confirm(world, number, LEAD)
    assert (late.status_code, " 3 " in late.json()["detail"]) == (409, True)
    world.time -= A_SECOND
    assert (await confirm(world, number, LEAD)).is_success
