"""Tickets of teams that dispatch go to whoever has room, in the order of the queue; others are pulled."""

import asyncio
from datetime import timedelta

from services.triage.routing.dispatch import AT_ONCE
from services.triage.routing.duty import Shifts
from services.triage.routing.skills import Skill, SkillKind
from shared.events import TriageAssigned
from shared.testing import CHEN, LEAD, NOON, World
from tests.bench.samples import work_items
from tests.triage.builders import CRASH, QUESTION, SECOND, THIRD, TICKET, completed, opened, problem
from tests.triage.routing.replicas import arrive, enter, given_to, replica
from tests.triage.scene import ask, held_by, post, triage


async def dispatching(world: World, team: str = "default") -> None:
    body = {"name": "服务台", "dispatch": "push"}
    assert (await ask(world, LEAD, "PUT", f"/v1/teams/{team}", body)).status_code == 200


async def test_a_ticket_waits_to_be_claimed_unless_its_team_dispatches(world: World) -> None:
    await enter(world)
    await world.publish(opened(TICKET, CRASH))
    assert world.published(TriageAssigned) == []
    await dispatching(world)
    await world.publish(opened(SECOND, CRASH, NOON + timedelta(minutes=1)))
    told = world.published(TriageAssigned)
    assert [(one.subject, one.engineer, one.rule) for one in told] == [
        (TICKET, "e-chen", "dispatched"),
        (SECOND, "e-chen", "dispatched"),
    ]
    assert [(one.engineer, one.open) for one in told[1].candidates] == [("e-chen", 1)]


async def test_first_come_first_served_and_no_limit_exceeded_by_two_replicas_at_once(world: World) -> None:
    await dispatching(world)
    numbers = await arrive(world, 9)
    await enter(world, capacity=3)
    await enter(world, "e-liu", capacity=2)
    here, there = triage(world), replica(world)
    await asyncio.gather(*(service.routing.dispatch.run() for service in (here, there, here, there)))
    await world.settle()
    assert (len(await given_to(world)), len(await given_to(world, "e-liu"))) == (3, 2)
    assert sorted(await given_to(world) + await given_to(world, "e-liu")) == numbers[:5]
    assert len(world.published(TriageAssigned)) == 5
    assert await held_by(world) == await given_to(world)


async def test_who_has_room_again_gets_the_next(world: World) -> None:
    await dispatching(world)
    await enter(world, capacity=1)
    numbers = await arrive(world, 2)
    assert await given_to(world) == numbers[:1]
    await world.publish(completed(ticket=numbers[0]))
    assert await given_to(world) == numbers[1:]


async def test_nobody_gets_a_ticket_off_shift(world: World) -> None:
    await dispatching(world)
    noon_to_two = Shifts.model_validate({"weekly": [[{"start": "14:00", "end": "16:00"}]] * 7})
    await enter(world, shifts=noon_to_two)  # it is noon in Shanghai
    await arrive(world, 1)
    refused = await post(world, CHEN, "/v1/queue/claims", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "off-duty")
    assert await given_to(world) == []
    await world.pass_time(hours=2)
    assert await given_to(world) == [TICKET]


async def test_who_gives_a_ticket_back_does_not_get_it_again_while_others_can_do_it(world: World) -> None:
    await dispatching(world)
    await enter(world)
    await enter(world, "e-liu", capacity=1, held={"TK-9": 1})
    await arrive(world, 1)
    assert await given_to(world) == [TICKET]
    await post(world, CHEN, f"/v1/tickets/{TICKET}/work/release", {"reason": "缺少权限"})
    await triage(world).routing.dispatch.run()
    assert await given_to(world) == []


async def test_a_normal_ticket_that_has_waited_long_comes_before_high_ones_that_come_later(world: World) -> None:
    """Nothing starves: after 16 hours no high one overtakes it any more."""
    await world.publish(opened(TICKET, QUESTION))
    await world.publish(opened(SECOND, CRASH, NOON + timedelta(hours=15)))
    await world.publish(opened(THIRD, CRASH, NOON + timedelta(hours=17)))
    rows = (await ask(world, LEAD, "GET", "/v1/queue")).json()["items"]
    assert [row["ticket"] for row in rows] == [SECOND, TICKET, THIRD]


async def test_what_an_older_release_sorted_by_priority_alone_is_sorted_anew_at_the_start(world: World) -> None:
    await world.publish(opened(TICKET, QUESTION))
    work = triage(world).work.store
    await work._docs.update_one({"_id": TICKET}, {"$set": {"pressing": "2 2026-04-01T00:00:00.000000 x"}})
    await work.survey_queue()
    [row], _ = await work.queue_page({})
    assert row["pressing"] == (await work.get(TICKET)).queue_key()


async def test_tickets_are_dispatched_that_wait_behind_many_that_are_claimed_or_fit_nobody(world: World) -> None:
    await dispatching(world)
    many = work_items(AT_ONCE + 50, AT_ONCE + 50, world.now())
    for doc in many[: AT_ONCE // 2]:
        doc["team"] = "t-of-those-who-claim"
    for doc in many[AT_ONCE // 2 :]:
        doc.pop("team")  # as older releases wrote them
    await world.runtimes["triage"].database["workitem"].insert_many(many)
    await enter(world, skills=[Skill(kind=SkillKind.MODULE, name="冷门模块")])
    await world.publish(opened(TICKET, problem("怎么用", "请问如何操作", module="冷门模块")))
    assert await given_to(world) == [TICKET]
    await enter(world, "e-liu", capacity=2)
    await triage(world).routing.dispatch.run()
    assert await given_to(world, "e-liu") == [doc["_id"] for doc in many[AT_ONCE // 2 : AT_ONCE // 2 + 2]]
