from shared.events import (
    TicketSolutionRejected,
    TriageSolutionFailed,
    TriageSolutionProposed,
    TriageSolutionVerified,
)
from shared.testing import CHEN, World
from tests.triage.builders import TICKET
from tests.triage.scene import VERIFICATION, ask, claimed, investigated, post

SOLUTION = {"solution": "升级到 V3.2.1", "root_cause": "空指针", "article": "KB-7"}


async def test_only_a_proposed_solution_can_be_verified(world: World) -> None:
    await claimed(world)
    await investigated(world)
    path = f"/v1/tickets/{TICKET}/work/verifications"
    early = await post(world, CHEN, path, {**VERIFICATION, "passed": True})
    assert (early.status_code, early.json()["type"]) == (409, "urn:bihuan:problem:no-solution")
    assert (await post(world, CHEN, f"/v1/tickets/{TICKET}/work/solutions", SOLUTION)).status_code == 201
    failed = await post(world, CHEN, path, {**VERIFICATION, "passed": False})
    assert failed.json()["work"] == "at_work"
    passed = await post(world, CHEN, path, {**VERIFICATION, "passed": True})
    assert passed.json()["work"] == "verified"
    assert len(passed.json()["proposals"][0]["verifications"]) == 2
    assert (await post(world, CHEN, path, {**VERIFICATION, "passed": True})).status_code == 409
    [proposed] = world.published(TriageSolutionProposed)
    [_] = world.published(TriageSolutionFailed)
    [verified] = world.published(TriageSolutionVerified)
    assert (verified.round, verified.solution, verified.article) == (1, proposed.solution, "KB-7")
    assert (verified.assignee, verified.assignee_name) == (CHEN.sub, CHEN.name)
    item = (await ask(world, CHEN, "GET", f"/v1/tickets/{TICKET}/work")).json()
    assert (verified.category, verified.priority) == (item["category"], item["priority"])


async def test_the_customers_no_begins_another_round(world: World) -> None:
    await claimed(world)
    await investigated(world)
    solutions, verifications = f"/v1/tickets/{TICKET}/work/solutions", f"/v1/tickets/{TICKET}/work/verifications"
    await post(world, CHEN, solutions, SOLUTION)
    await post(world, CHEN, verifications, {**VERIFICATION, "passed": True})
    await world.publish(TicketSolutionRejected(subject=TICKET, time=world.now(), round=2, comment="还是崩溃"))
    assert (await post(world, CHEN, verifications, {**VERIFICATION, "passed": True})).status_code == 409
    await post(world, CHEN, solutions, {"solution": "回退到 V3.1"})
    answer = await post(world, CHEN, verifications, {**VERIFICATION, "passed": True})
    assert [(one["round"], one["solution"]) for one in answer.json()["proposals"]] == [
        (1, "升级到 V3.2.1"),
        (2, "回退到 V3.1"),
    ]
    assert [one.round for one in world.published(TriageSolutionVerified)] == [1, 2]


async def test_a_repeated_key_proposes_once(world: World) -> None:
    await claimed(world)
    await investigated(world)
    for _ in range(2):
        answer = await post(world, CHEN, f"/v1/tickets/{TICKET}/work/solutions", SOLUTION, **{"Idempotency-Key": "k-2"})
        assert answer.status_code == 201
    assert len(world.published(TriageSolutionProposed)) == 1
