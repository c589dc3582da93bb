from datetime import timedelta

from services.triage.routing.domain import Engineer
from shared.domain import Origin
from shared.events import (
    SlaConsultationDue,
    TicketInvitationAnswered,
    TicketSolutionRejected,
    TriageActionDue,
    TriageConsultationCancelled,
    TriageConsultationChanged,
    TriageConsultationConcluded,
    TriageConsultationOpened,
)
from shared.testing import CHEN, LEAD, LIU, World
from tests.triage.builders import TICKET, completed
from tests.triage.scene import ask, claimed, post, triage


async def test_a_lead_holds_a_consultation(world: World) -> None:
    await claimed(world)
    path = f"/v1/tickets/{TICKET}/work/consultation"
    body = {"background": "导出崩溃", "tried": "升级、重装", "stuck_at": "无法复现", "invited": ["研发", "产品"]}
    assert (await post(world, CHEN, path, body)).status_code == 403
    assert (await post(world, LEAD, path, {**body, "invited": []})).status_code == 422
    opened_ = await post(world, LEAD, path, body)
    assert opened_.json()["work"] == "in_consultation"
    assert (await post(world, LEAD, path, body)).status_code == 409
    conclusion = {"conclusions": "内存泄漏", "action_items": ["发补丁"]}
    concluded = await post(world, LEAD, f"{path}/conclusion", conclusion)
    assert concluded.json()["work"] == "at_work"
    assert (await post(world, LEAD, f"{path}/conclusion", conclusion)).status_code == 404
    [consultation] = world.published(TriageConsultationOpened)
    assert consultation.invited == ["研发", "产品"]
    [end] = world.published(TriageConsultationConcluded)
    assert end.action_items == ["发补丁"]


APPOINTMENT = {"starts_at": "2026-03-20T10:00:00+08:00", "ends_at": "2026-03-20T11:00:00+08:00", "place": "A1"}
GAO = {"name": "高伟", "email": "gao@desk.example", "role": "development"}
VERA = {"name": "Vera", "email": "vera@vendor.example", "role": "vendor", "language": "en"}
PATH = f"/v1/tickets/{TICKET}/work/consultation"


async def test_an_engineer_asks_for_one_and_a_lead_prepares_it_from_the_worklog(world: World) -> None:
    await claimed(world)
    step = {"hypothesis": "缓存已满", "step": "清空缓存", "result": "仍崩溃", "minutes": 20}
    await post(world, CHEN, f"/v1/tickets/{TICKET}/work/steps", step)
    asked = (await post(world, CHEN, f"{PATH}/request", {"reason": "无法复现"})).json()
    [called] = asked["consultations"]
    assert (asked["work"], called["cause"], called["invited"]) == ("in_consultation", "engineer", [])
    assert "导出Excel时崩溃" in called["background"]
    assert ("清空缓存 → 仍崩溃" in called["tried"], called["stuck_at"]) == (True, "缓存已满")
    assert (await post(world, CHEN, f"{PATH}/request", {"reason": "无法复现"})).status_code == 409
    body = {"stuck_at": "只在 Win11 出现", "invitees": [GAO, VERA], "appointment": APPOINTMENT}
    [held] = (await post(world, LEAD, PATH, body)).json()["consultations"]
    assert (held["sequence"], held["invited"], held["stuck_at"]) == (1, ["高伟", "Vera"], "只在 Win11 出现")
    assert held["tried"] == called["tried"]
    [changed] = world.published(TriageConsultationChanged)
    assert (changed.sequence, changed.uninvited) == (1, [])
    assert (await post(world, LEAD, PATH, body)).status_code == 409


async def test_a_change_raises_the_sequence_and_says_who_is_not_invited_any_more(world: World) -> None:
    await claimed(world)
    body = {"invitees": [GAO, VERA], "appointment": APPOINTMENT}
    await post(world, LEAD, PATH, body)
    assert (await ask(world, CHEN, "PUT", PATH, body)).status_code == 403
    backwards = {"starts_at": APPOINTMENT["ends_at"], "ends_at": APPOINTMENT["starts_at"]}
    assert (await ask(world, LEAD, "PUT", PATH, {**body, "appointment": backwards})).status_code == 422
    assert (await ask(world, LEAD, "PUT", PATH, {**body, "invitees": [GAO]})).status_code == 200
    [changed] = world.published(TriageConsultationChanged)
    assert (changed.sequence, [one.name for one in changed.uninvited]) == (1, ["Vera"])
    cancelled = (await post(world, LEAD, f"{PATH}/cancellation", {"reason": "已找到原因"})).json()
    assert (cancelled["work"], cancelled["consultations"][0]["cancelled"]) == ("at_work", True)
    [told] = world.published(TriageConsultationCancelled)
    assert (told.sequence, [one.name for one in told.invitees]) == (2, ["高伟"])


async def test_answers_to_invitations_are_kept_and_the_last_one_holds(world: World) -> None:
    await claimed(world)
    await post(world, LEAD, PATH, {"invitees": [GAO], "appointment": APPOINTMENT})
    [held] = (await ask(world, LEAD, "GET", f"/v1/tickets/{TICKET}/work")).json()["consultations"]
    who = held["invitees"][0]["id"]
    for revision, invitee, answer in ((5, who, "tentative"), (6, who, "accepted"), (7, "i-else", "declined")):
        said = {"consultation": "k1", "invitee": invitee, "answer": answer}
        await world.publish(TicketInvitationAnswered(subject=TICKET, time=world.now(), revision=revision, **said))
    [held] = (await ask(world, LEAD, "GET", f"/v1/tickets/{TICKET}/work")).json()["consultations"]
    assert held["answers"] == {who: "accepted"}


async def test_action_items_are_chased_until_they_are_done(world: World) -> None:
    await claimed(world)
    await post(world, LEAD, PATH, {"invited": ["研发"]})
    due = world.now() + timedelta(days=2)
    action = {"text": "增加索引", "owner": LIU.sub, "email": LIU.email, "due_at": due.isoformat()}
    conclusion = {"conclusions": "缺少索引", "minutes": "逐项讨论", "actions": [action]}
    past = {**action, "due_at": world.now().isoformat()}
    assert (await post(world, LEAD, f"{PATH}/conclusion", {**conclusion, "actions": [past]})).status_code == 422
    [held] = (await post(world, LEAD, f"{PATH}/conclusion", conclusion)).json()["consultations"]
    assert (held["minutes"], held["actions"][0]["done_at"]) == ("逐项讨论", None)
    await world.pass_time(days=1, hours=23)
    assert world.published(TriageActionDue) == []
    await world.pass_time(hours=1)
    await world.apps["triage"].state.service.fire([TICKET])  # another replica
    await world.settle()
    assert [one.times for one in world.published(TriageActionDue)] == [1]
    await world.pass_time(days=1)
    assert [one.times for one in world.published(TriageActionDue)] == [1, 2]
    completion = f"{PATH}/actions/k1a1/completion"
    assert (await post(world, LIU, f"{PATH}/actions/k1a9/completion", {})).status_code == 403
    assert (await post(world, LEAD, f"{PATH}/actions/k1a9/completion", {})).status_code == 404
    done = (await post(world, LIU, completion, {"result": "已发布"})).json()["consultations"][0]["actions"][0]
    assert (done["done_by"], done["result"]) == (LIU.sub, "已发布")
    await world.pass_time(days=3)
    assert len(world.published(TriageActionDue)) == 2


async def test_two_modules_call_for_one_and_so_does_sla_once_in_a_round(world: World) -> None:
    await claimed(world)
    work = f"/v1/tickets/{TICKET}/work"
    await post(world, CHEN, f"{work}/knowledge-searches", {})
    await post(world, CHEN, f"{work}/deep-analyses", {"features": "导出崩溃", "modules": ["导出"]})
    assert world.published(TriageConsultationOpened) == []
    await post(world, CHEN, f"{work}/deep-analyses", {"features": "导出崩溃", "modules": ["导出", "打印"]})
    await world.publish(SlaConsultationDue(subject=TICKET, time=world.now(), revision=3, due_at=world.now()))
    [opened] = world.published(TriageConsultationOpened)
    assert (opened.called_by, opened.invited, opened.actor) == ("modules", [], "service:triage")


async def test_who_has_answered_is_asked_again_when_it_is_held_at_another_time(world: World) -> None:
    await claimed(world)
    await post(world, LEAD, PATH, {"invitees": [GAO, VERA], "appointment": APPOINTMENT})
    [held] = (await ask(world, LEAD, "GET", f"/v1/tickets/{TICKET}/work")).json()["consultations"]
    gao, vera = (one["id"] for one in held["invitees"])
    for revision, who in enumerate((gao, vera), start=5):
        said = {"consultation": "k1", "invitee": who, "answer": "accepted"}
        await world.publish(TicketInvitationAnswered(subject=TICKET, time=world.now(), revision=revision, **said))
    louder = {**VERA, "email": VERA["email"].upper()}
    body = {"stuck_at": "另一处", "invitees": [GAO, louder], "appointment": APPOINTMENT}
    [held] = (await ask(world, LEAD, "PUT", PATH, body)).json()["consultations"]
    assert held["answers"] == {gao: "accepted", vera: "accepted"}
    later = {**APPOINTMENT, "ends_at": "2026-03-20T12:00:00+08:00"}
    [held] = (await ask(world, LEAD, "PUT", PATH, {**body, "appointment": later})).json()["consultations"]
    assert held["answers"] == {}
    for revision, who, sequence in ((8, gao, 1), (9, vera, 2)):
        said = {"consultation": "k1", "invitee": who, "answer": "declined", "sequence": sequence}
        await world.publish(TicketInvitationAnswered(subject=TICKET, time=world.now(), revision=revision, **said))
    [held] = (await ask(world, LEAD, "GET", f"/v1/tickets/{TICKET}/work")).json()["consultations"]
    assert held["answers"] == {vera: "declined"}  # the other one answered by the mail of before
    same, moved = world.published(TriageConsultationChanged)
    assert (same.moved_from, same.uninvited, moved.uninvited) == (None, [], [])
    assert moved.moved_from == same.appointment


async def test_what_is_open_when_the_ticket_is_completed_is_concluded_or_cancelled(world: World) -> None:
    await claimed(world)
    liu = Engineer(id=LIU.sub, name="刘洋", email="liu@desk.example", language="en")
    await triage(world).engineers.store.add(liu, [], Origin("test"))
    await post(world, CHEN, f"{PATH}/request", {"reason": "无法复现"})
    await world.publish(TicketSolutionRejected(subject=TICKET, time=world.now(), revision=7, comment="不行", round=2))
    await post(world, LEAD, PATH, {"invitees": [GAO], "appointment": APPOINTMENT})
    await post(world, CHEN, f"{PATH}/request", {"reason": "仍无法复现"})
    await world.publish(completed(revision=9, time=world.now()))
    assert (await post(world, LEAD, PATH, {"invitees": [VERA]})).status_code == 409
    action = {"text": "增加索引", "owner": LIU.sub, "due_at": (world.now() + timedelta(days=2)).isoformat()}
    conclusion = {"conclusions": "缺少索引", "actions": [action]}
    assert (await post(world, CHEN, f"{PATH}/conclusion", conclusion)).status_code == 403
    held = (await post(world, LEAD, f"{PATH}/conclusion", conclusion)).json()["consultations"]
    assert [one["actions"][0]["id"] for one in held if one["actions"]] == [f"k{len(held)}a1"]
    await world.pass_time(days=2)
    [late] = world.published(TriageActionDue)
    assert (late.action.owner, late.action.email, late.action.language) == (LIU.sub, "liu@desk.example", "en")
