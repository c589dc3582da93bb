"""A ticket is transferred, escalated to another team, or handed over when somebody leaves."""

from functools import partial

from services.triage.routing.domain import Engineer, HandOver
from shared.domain import Origin
from shared.events import TriageAssigned, TriageEscalated, TriageReleased
from shared.testing import CHEN, LEAD, LIU, World
from tests.triage.builders import CRASH, OUTAGE, SECOND, TICKET, opened
from tests.triage.routing.replicas import arrive, enter, given_to
from tests.triage.scene import a_senior, ask, claimed, held_by, post, triage

WORK = f"/v1/tickets/{TICKET}/work"


async def test_a_ticket_is_transferred_with_a_note_by_who_has_it_alone(world: World) -> None:
    await enter(world)
    await enter(world, "e-liu", capacity=1)
    await claimed(world)
    body = {"engineer": "e-liu", "note": "日志已上传"}
    assert (await post(world, LIU, f"{WORK}/transfer", body)).status_code == 403
    moved = await post(world, CHEN, f"{WORK}/transfer", body, **{"Idempotency-Key": "k"})
    assert (moved.status_code, moved.json()["assignee"], moved.json()["last_assignee"]) == (200, "e-liu", "e-chen")
    told = world.published(TriageAssigned)[-1]
    assert (told.rule, told.reason, told.instead_of) == ("transferred", "日志已上传", "e-chen")
    assert (await held_by(world), await held_by(world, "e-liu")) == ([], [TICKET])
    again = await post(world, CHEN, f"{WORK}/transfer", body, **{"Idempotency-Key": "k"})
    assert (again.status_code, len(world.published(TriageAssigned))) == (200, 2)
    await world.publish(opened(SECOND, CRASH))
    await post(world, CHEN, "/v1/queue/claims", {})
    full = await post(world, CHEN, f"/v1/tickets/{SECOND}/work/transfer", body)
    assert (full.status_code, full.json()["code"]) == (409, "limit-reached")
    assert (
        await post(world, CHEN, f"/v1/tickets/{SECOND}/work/transfer", {**body, "engineer": "e-x"})
    ).status_code == 404


async def test_a_ticket_is_escalated_into_the_queue_of_another_team(world: World) -> None:
    await enter(world)
    await claimed(world)
    body = {"team": "dba", "reason": "需要修复数据库"}
    assert (await post(world, CHEN, f"{WORK}/escalation", body)).status_code == 404
    assert (await ask(world, LEAD, "PUT", "/v1/teams/dba", {"name": "数据库组"})).status_code == 200
    await enter(world, "e-liu", teams=["dba"])
    await enter(world, "e-zhou", teams=["erp"])
    assert (await post(world, LIU, f"{WORK}/escalation", body)).status_code == 403
    gone = await post(world, CHEN, f"{WORK}/escalation", body)
    assert (gone.json()["team"], gone.json()["assignee"]) == ("dba", "")
    [told], [released] = world.published(TriageEscalated), world.published(TriageReleased)
    assert (told.team, told.team_name, told.engineer, released.engineer) == ("dba", "数据库组", "e-chen", "e-chen")
    assert await held_by(world) == []
    service = triage(world)
    nothing = await post(world, CHEN, f"{WORK}/escalation", body)
    assert (nothing.status_code, len(world.published(TriageEscalated))) == (200, 1)
    erp = await service.engineers.store.get("e-zhou")
    assert not erp.is_in("dba")
    taken = await post(world, LIU, "/v1/queue/claims", {})
    assert (taken.json()["ticket"], taken.json()["assignee"]) == (TICKET, "e-liu")


async def test_an_urgent_ticket_that_is_escalated_goes_to_a_senior_of_that_team_at_once(world: World) -> None:
    await ask(world, LEAD, "PUT", "/v1/teams/dba", {"name": "数据库组"})
    await a_senior(world, "e-wu")
    await world.publish(opened(TICKET, OUTAGE))
    senior = {"level": "senior", "teams": ["dba"], "name": "刘洋"}
    assert (await ask(world, LEAD, "PUT", "/v1/engineers/e-liu", senior)).json()["teams"] == ["dba"]
    await ask(world, LIU, "PUT", "/v1/engineers/e-liu/availability", {"available": True})
    moved = await post(world, LEAD, f"{WORK}/escalation", {"team": "dba", "reason": "数据库"})
    assert (moved.json()["team"], moved.json()["assignee"]) == ("dba", "e-liu")
    assert await held_by(world, "e-wu") == []


async def test_who_leaves_hands_over_as_much_as_there_is_room_for(world: World) -> None:
    chen = await enter(world)
    await enter(world, "e-liu", capacity=1)
    numbers = await arrive(world, 3)
    for number in numbers:
        await triage(world).claims.claim(number, chen, "test", Origin("e-chen"))
    body = {"reason": "离职", "to": "e-liu"}
    path = "/v1/engineers/e-chen/deactivation"
    assert (await post(world, CHEN, path, body)).status_code == 403
    assert (await post(world, LEAD, path, {**body, "to": "e-none"})).status_code == 422
    stale = await post(world, LEAD, path, body, **{"If-Match": '"1"'})
    assert stale.status_code == 412
    done = (await post(world, LEAD, path, body)).json()
    assert (done["active"], done["available"], done["tickets"]) == (False, False, [])
    assert await given_to(world, "e-liu") == numbers[:1]
    assert [one.subject for one in world.published(TriageReleased)] == numbers[1:]
    assert {(one.reason, one.actor) for one in world.published(TriageReleased)} == {("离职", "l-qian")}
    refused = await post(world, CHEN, "/v1/queue/claims", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "deactivated")
    back = {"available": True}
    assert (await ask(world, LEAD, "PUT", "/v1/engineers/e-chen/availability", back)).status_code == 409
    assert (await post(world, LEAD, "/v1/engineers/e-chen/activation", None)).json()["active"]
    assert (await ask(world, LEAD, "PUT", "/v1/engineers/e-chen/availability", back)).status_code == 200


async def test_a_hand_over_that_a_crash_cut_short_is_finished_by_time(world: World) -> None:
    await enter(world)
    await claimed(world)
    said = HandOver(to="", reason="离职", by="l-qian", by_name="钱磊", at=world.now())
    await triage(world).engineers.store.change("e-chen", partial(Engineer.deactivate, hand_over=said), Origin("l-qian"))
    assert await given_to(world) == [TICKET]
    await world.pass_time(minutes=6)
    assert (await given_to(world), await held_by(world)) == ([], [])
