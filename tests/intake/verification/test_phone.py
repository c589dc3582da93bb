"""The customer's word on the telephone: recorded by one, confirmed by another, and only then the customer's."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.verification import phone
from shared.events import TicketSolutionAccepted, TicketSolutionRejected
from shared.testing import AGENT, LEAD, LIU, NOON, WANG, ZHAO, Person, World
from tests.intake.scene import asked, say, verified_again

CALL = {"accepted": True, "given_by": "王敏", "phone": "+86 21 5555 0101", "words": "已经解决，谢谢"}
HE = Person("a-he", ("agent",), name="何")


async def record(world: World, ticket: str, who: Person = AGENT, **body: Any) -> Any:
    async with world.as_(who, "intake") as client:
        return await client.post(f"/v1/tickets/{ticket}/phone-verifications", json={**CALL, **body})


async def confirm(world: World, number: str, who: Person, call: str = "p1") -> Any:
    async with world.as_(who, "intake") as client:
        answer = await client.post(f"/v1/tickets/{number}/phone-verifications/{call}/confirmation")
    await world.settle()
    return answer


async def test_a_yes_counts_when_a_second_member_of_staff_has_confirmed_it(world: World) -> None:
    number = await asked(world)
    recorded = (await record(world, number)).json()
    assert (recorded["stage"], recorded["waiting_for"]) == ("customer_verification", "customer_verification")
    await world.settle()
    assert world.published(TicketSolutionAccepted) == []
    world.time += timedelta(hours=2)
    assert (await confirm(world, number, LEAD)).json()["stage"] == "feedback"
    [accepted] = world.published(TicketSolutionAccepted)
    assert (accepted.recorded_by, accepted.confirmed_by, accepted.comment) == ("a-lin", "l-qian", CALL["words"])


async def test_the_record_shows_both_also_to_the_customer(world: World) -> None:
    number = await asked(world)
    await record(world, number)
    await confirm(world, number, HE)
    async with world.as_(WANG, "intake") as wang:
        ticket = (await wang.get(f"/v1/tickets/{number}")).json()
    [call] = ticket["phone_verifications"]
    assert {name: call[name] for name in CALL} == CALL
    assert (call["recorded_by"], call["confirmed_by"]) == ("a-lin", "a-he")
    [round] = ticket["rounds"]
    assert (round["accepted"], round["recorded_by"], round["confirmed_by"]) == (True, "a-lin", "a-he")


async def test_a_no_on_the_telephone_begins_another_round(world: World) -> None:
    number = await asked(world)
    await record(world, number, accepted=False, words="12 万行仍然崩溃")
    assert (await confirm(world, number, LEAD)).json()["round"] == 2
    assert [event.comment for event in world.published(TicketSolutionRejected)] == ["12 万行仍然崩溃"]


async def test_nobody_confirms_what_they_wrote_down_themselves(world: World) -> None:
    number = await asked(world)
    await record(world, number)
    refused = await confirm(world, number, AGENT)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:bihuan:problem:second-person-required")
    assert world.published(TicketSolutionAccepted) == []


async def test_a_call_about_a_round_that_is_over_counts_for_nothing(world: World) -> None:
    number = await asked(world)
    await record(world, number)
    await say(world, number, "verification", accepted=False, comment="仍然崩溃")
    await verified_again(world, number, 2, "重装")
    refused = await confirm(world, number, LEAD)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:bihuan:problem:round-ended")


async def test_a_call_is_confirmed_in_time(world: World) -> None:
    number = await asked(world)
    await record(world, number)
    world.time += phone.CONFIRM_WITHIN + timedelta(seconds=1)
    refused = await confirm(world, number, LEAD)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:bihuan:problem:too-late-to-confirm")


async def test_an_unknown_call_is_not_there(world: World) -> None:
    assert (await confirm(world, await asked(world), LEAD)).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"phone": "no number"}, 422),
        ({"words": ""}, 422),
        ({"given_by": ""}, 422),
        ({"called_at": (NOON + timedelta(hours=1)).isoformat()}, 422),
        ({"called_at": (NOON - timedelta(hours=1)).isoformat()}, 201),
    ],
)
async def test_a_call_says_who_when_and_what(world: World, body: dict[str, Any], status: int) -> None:
    assert (await record(world, await asked(world), **body)).status_code == status


@pytest.mark.parametrize(("who", "status"), [(LIU, 403), (WANG, 403), (ZHAO, 403), (LEAD, 201)])
async def test_agents_and_leads_take_calls(world: World, who: Person, status: int) -> None:
    assert (await record(world, await asked(world), who)).status_code == status


async def test_a_call_is_about_a_solution_that_waits_for_the_customers_word(world: World) -> None:
    number = await asked(world)
    await say(world, number, "verification", accepted=True)
    assert (await record(world, number)).status_code == 409
