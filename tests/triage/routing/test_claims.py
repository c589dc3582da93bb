import asyncio

import pytest

from services.triage.app import Triage
from services.triage.routing.domain import Engineer, LimitReached
from services.triage.routing.queue_head import FIRST_PAGE
from services.triage.routing.skills import Skill, SkillKind
from shared.domain import Origin
from shared.events import (
    TriageAssigned,
    TriageDiagnosisConfirmed,
)
from shared.testing import AGENT, CHEN, LEAD, LIU, WANG, Person, World
from tests.bench.samples import work_items
from tests.triage.builders import BY_LEAD, CRASH, QUESTION, SECOND, TICKET, opened, problem
from tests.triage.routing.replicas import arrive, enter, given_to, replica
from tests.triage.scene import ask, claimed, held_by, post, triage


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


async def test_those_who_ask_at_once_take_the_first_tickets_each_another(world: World) -> None:
    numbers = await arrive(world, 14)
    engineers = [await enter(world, f"e-{n}") for n in range(10)]
    full = await enter(world, "e-full", capacity=1)
    here, there = triage(world), replica(world)
    await here.claims.claim(numbers[-1], full, "test", Origin("e-full"))

    async def claim(service: Triage, engineer: Engineer) -> str:
        try:
            return (await service.claims.claim_next(engineer, Origin(engineer.id))).id
        except LimitReached:
            return ""

    services = [here, there] * 5
    asked = [claim(service, one) for service, one in zip(services, engineers, strict=True)]
    given = await asyncio.gather(*asked, claim(here, full), claim(there, full))
    assert sorted(given) == ["", "", *numbers[:10]]
    await world.settle()
    assert [await given_to(world, one.id) for one in engineers] == [[ticket] for ticket in given[:10]]
    assert [await held_by(world, one.id) for one in engineers] == [[ticket] for ticket in given[:10]]


async def test_a_ticket_that_came_back_is_the_first_again(world: World) -> None:
    chen = await enter(world)
    [first, second] = await arrive(world, 2)
    service = triage(world)
    for _ in range(2):
        assert (await service.claims.claim_next(chen, Origin("e-chen"))).id == first
        await service.routing.release(first, "x", BY_LEAD, Origin("l-qian"))
    await service.claims.claim_next(chen, Origin("e-chen"))
    assert (await service.claims.claim_next(chen, Origin("e-chen"))).id == second


async def test_what_fits_is_found_however_many_others_come_before(world: World) -> None:
    service = triage(world)
    database = world.runtimes["triage"].database
    await database["workitem"].insert_many(work_items(FIRST_PAGE + 20, FIRST_PAGE + 20, world.now()))
    await world.publish(opened(TICKET, problem("怎么用", "请问如何操作", module="冷门模块")))
    chen = await enter(world, skills=[Skill(kind=SkillKind.MODULE, name="冷门模块")])
    assert (await service.claims.claim_next(chen, Origin("e-chen"))).id == TICKET
