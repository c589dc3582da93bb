import pytest

from shared.events import (
    TriageAssigned,
    TriageDiagnosisConfirmed,
)
from shared.testing import AGENT, CHEN, LEAD, LIU, WANG, Person, World
from tests.triage.builders import CRASH, QUESTION, SECOND, TICKET, opened, problem
from tests.triage.scene import ask, claimed, post


async def test_a_claim_takes_the_first_that_fits(world: World) -> None:
    await world.publish(opened(TICKET, QUESTION))
    await world.publish(opened(SECOND, problem("崩溃", "Win11 安装")))  # a doubtful category, which the claim confirms
    answer = await post(world, CHEN, "/v1/queue/claims", {})
    assert answer.json()["ticket"] == SECOND
    assert (answer.json()["assignee"], answer.json()["work"], answer.json()["confirmed"]) == (
        "e-chen",
        "at_work",
        True,
    )
    [assigned] = world.published(TriageAssigned)
    assert (assigned.engineer, assigned.engineer_name, assigned.by) == ("e-chen", "陈宇", "e-chen")
    [confirmed] = world.published(TriageDiagnosisConfirmed)
    assert confirmed.confirmed_by == "e-chen"
    [chen] = (await ask(world, LEAD, "GET", "/v1/engineers")).json()["items"]
    assert (chen["id"], chen["open"], chen["tickets"]) == ("e-chen", 1, [SECOND])


async def test_a_claim_looks_at_skills(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    await world.publish(opened(SECOND, QUESTION))
    body = {"name": "陈宇", "skills": [{"kind": "category", "name": "operation"}]}
    assert (await ask(world, LEAD, "PUT", "/v1/engineers/e-chen", body)).status_code == 200
    assert (await post(world, CHEN, "/v1/queue/claims", {})).json()["ticket"] == SECOND
    nothing = await post(world, CHEN, "/v1/queue/claims", {})
    assert nothing.status_code == 404
    assert nothing.json()["type"] == "urn:bihuan:problem:queue-empty"


async def test_a_repeated_claim_gives_the_same_ticket(world: World) -> None:
    for number in (TICKET, SECOND):
        await world.publish(opened(number, CRASH))
    key = {"Idempotency-Key": "k-1"}
    first = await post(world, CHEN, "/v1/queue/claims", {}, **key)
    again = await post(world, CHEN, "/v1/queue/claims", {}, **key)
    assert first.json()["ticket"] == again.json()["ticket"] == TICKET
    assert len(world.published(TriageAssigned)) == 1
    other = await post(world, CHEN, "/v1/queue/claims", {"reason": "x"}, **key)
    assert other.status_code == 422


async def test_out_of_order_needs_a_reason(world: World) -> None:
    for number in (TICKET, SECOND):
        await world.publish(opened(number, CRASH))
    refused = await post(world, CHEN, "/v1/queue/claims", {"ticket": SECOND})
    assert refused.status_code == 409
    assert TICKET in refused.json()["detail"]
    taken = await post(world, CHEN, "/v1/queue/claims", {"ticket": SECOND, "reason": "客户正在电话中"})
    assert taken.json()["assignee"] == "e-chen"
    assert taken.json()["worklog"][-1]["text"] == "客户正在电话中"
    head = await post(world, LIU, "/v1/queue/claims", {"ticket": TICKET})
    assert head.json()["assignee"] == "e-liu"


async def test_the_head_of_its_own_queue_needs_no_reason(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    await world.publish(opened(SECOND, QUESTION))
    answer = await post(world, CHEN, "/v1/queue/claims", {"ticket": SECOND})
    assert answer.json()["assignee"] == "e-chen"


async def test_what_somebody_has_cannot_be_claimed(world: World) -> None:
    await claimed(world)
    refused = await post(world, LIU, "/v1/queue/claims", {"ticket": TICKET})
    assert refused.status_code == 409
    assert refused.json()["title"] == "Already assigned"
    again = await post(world, CHEN, "/v1/queue/claims", {"ticket": TICKET})
    assert again.status_code == 200
    assert len(world.published(TriageAssigned)) == 1


@pytest.mark.parametrize(
    ("who", "body", "status"),
    [
        (AGENT, {}, 403),
        (WANG, {}, 403),
        (CHEN, {}, 404),
        (CHEN, {"ticket": "TK-2026-999999"}, 404),
        (CHEN, {"tiket": TICKET}, 422),
        (CHEN, {"ticket": "no such/number"}, 422),
    ],
)
async def test_claims_that_are_refused(world: World, who: Person, body: dict[str, str], status: int) -> None:
    assert (await post(world, who, "/v1/queue/claims", body)).status_code == status
