"""What people may do with tickets, and what they are refused."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from services.triage.app import Triage, create_app
from shared.events import (
    TicketCompleted,
    TicketConsentGiven,
    TicketConsentRevoked,
    TicketSolutionRejected,
    TriageAssigned,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageDiagnosisConfirmed,
    TriageLogAnalysed,
    TriageReclassified,
    TriageReleased,
    TriageRemoteSessionEnded,
    TriageRemoteSessionStarted,
    TriageSolutionFailed,
    TriageSolutionProposed,
    TriageSolutionVerified,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
)
from shared.terms import Category, Priority, Stage
from shared.testing import ADMIN, AGENT, AUDITOR, CHEN, LEAD, LIU, NOON, WANG, Person, Servers, World, running
from tests.triage.builders import CRASH, OUTAGE, QUESTION, opened, problem

TICKET = "TK-2026-000001"
SECOND = "TK-2026-000002"
THIRD = "TK-2026-000003"


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


async def ask(world: World, who: Person | None, method: str, path: str, body: Any = None, **headers: str) -> Any:
    async with world.as_(who, "triage", **headers) as client:
        answer: httpx2.Response = await client.request(method, path, json=body)
    await world.settle()
    return answer


async def post(world: World, who: Person | None, path: str, body: Any, **headers: str) -> Any:
    return await ask(world, who, "POST", path, body, **headers)


async def claimed(world: World, who: Person = CHEN, ticket: str = TICKET) -> None:
    await world.publish(opened(ticket, CRASH))
    answer = await post(world, who, "/queue/claims", {"ticket": ticket, "reason": "test"})
    assert answer.status_code == 200


async def consented(world: World, hours: float | None = None) -> None:
    expires_at = world.now() + timedelta(hours=hours) if hours else None
    await world.publish(
        TicketConsentGiven(
            subject=TICKET,
            time=world.now(),
            consent="c-1",
            scope="桌面",
            given_by="王敏",
            words="同意远程",
            expires_at=expires_at,
        )
    )


# ---- the queue


async def test_the_queue_shows_the_most_pressing_first(world: World) -> None:
    await world.publish(opened(TICKET, QUESTION))
    await world.publish(opened(SECOND, CRASH, NOON + timedelta(minutes=1)))
    await world.publish(opened(THIRD, OUTAGE, NOON + timedelta(minutes=2)))
    answer = await ask(world, AGENT, "GET", "/queue")
    rows = answer.json()["items"]
    assert [row["ticket"] for row in rows] == [THIRD, SECOND, TICKET]
    assert rows[1] == {
        "ticket": SECOND,
        "title": CRASH.title,
        "customer": "u-wang",
        "company": "华东贸易有限公司",
        "category": "function",
        "priority": "high",
        "queue": "function",
        "work": "queued",
        "stage": "diagnosis",
        "status": "pending",
        "assignee": "",
        "assignee_name": "",
        "next_due": None,
        "breached": False,
        "consultation_due": False,
        "waiting_for": "none",
        "opened_at": "2026-03-02T04:01:00Z",
        "disputed": False,
    }


async def test_the_queue_is_read_in_pages_and_by_filters(world: World) -> None:
    for number in range(1, 6):
        await world.publish(opened(f"TK-2026-00000{number}", CRASH if number % 2 else QUESTION))
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        answer = await ask(world, CHEN, "GET", f"/queue?limit=2&after={after}")
        seen += [row["ticket"] for row in answer.json()["items"]]
        after = answer.json()["next"]
    assert [number[-1] for number in seen] == ["1", "3", "5", "2", "4"]
    await post(world, CHEN, "/queue/claims", {})
    mine = await ask(world, CHEN, "GET", "/queue?assignee=e-chen&queue=function&waiting_for=none")
    assert [row["ticket"] for row in mine.json()["items"]] == [TICKET]
    free = await ask(world, CHEN, "GET", "/queue?assignee=&queue=operation")
    assert [row["ticket"][-1] for row in free.json()["items"]] == ["2", "4"]
    wrong = await ask(world, CHEN, "GET", "/queue?queue=nonsense")
    assert wrong.status_code == 422


@pytest.mark.parametrize(("who", "status"), [(None, 401), (WANG, 403), (ADMIN, 403), (AUDITOR, 200)])
async def test_the_queue_is_for_staff(world: World, who: Person | None, status: int) -> None:
    assert (await ask(world, who, "GET", "/queue")).status_code == status


# ---- who takes what


async def test_a_claim_takes_the_most_pressing_that_fits(world: World) -> None:
    await world.publish(opened(TICKET, QUESTION))
    await world.publish(opened(SECOND, CRASH))
    answer = await post(world, CHEN, "/queue/claims", {})
    assert answer.json()["id"] == SECOND
    assert (answer.json()["assignee"], answer.json()["stage"], answer.json()["confirmed"]) == (
        "e-chen",
        "handling",
        True,
    )
    [assigned] = world.published(TriageAssigned)
    assert (assigned.engineer, assigned.engineer_name, assigned.by) == ("e-chen", "陈宇", "e-chen")
    [confirmed] = world.published(TriageDiagnosisConfirmed)
    assert confirmed.confirmed_by == "e-chen"
    [chen] = (await ask(world, LEAD, "GET", "/engineers")).json()
    assert (chen["id"], chen["open"], chen["tickets"]) == ("e-chen", 1, [SECOND])


async def test_a_claim_looks_at_skills(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    await world.publish(opened(SECOND, QUESTION))
    body = {"name": "陈宇", "skills": ["operation"]}
    assert (await ask(world, LEAD, "PUT", "/engineers/e-chen", body)).status_code == 200
    assert (await post(world, CHEN, "/queue/claims", {})).json()["id"] == SECOND
    nothing = await post(world, CHEN, "/queue/claims", {})
    assert nothing.status_code == 404
    assert nothing.json()["type"] == "urn:bihuan:problem:queue-empty"


async def test_a_repeated_claim_gives_the_same_ticket(world: World) -> None:
    for number in (TICKET, SECOND):
        await world.publish(opened(number, CRASH))
    key = {"Idempotency-Key": "k-1"}
    first = await post(world, CHEN, "/queue/claims", {}, **key)
    again = await post(world, CHEN, "/queue/claims", {}, **key)
    assert first.json()["id"] == again.json()["id"] == TICKET
    assert len(world.published(TriageAssigned)) == 1
    other = await post(world, CHEN, "/queue/claims", {"reason": "x"}, **key)
    assert other.status_code == 422


async def test_out_of_turn_needs_a_reason(world: World) -> None:
    for number in (TICKET, SECOND):
        await world.publish(opened(number, CRASH))
    refused = await post(world, CHEN, "/queue/claims", {"ticket": SECOND})
    assert refused.status_code == 409
    assert TICKET in refused.json()["detail"]
    taken = await post(world, CHEN, "/queue/claims", {"ticket": SECOND, "reason": "客户正在电话中"})
    assert taken.json()["assignee"] == "e-chen"
    assert taken.json()["worklog"][-1]["text"] == "客户正在电话中"
    head = await post(world, LIU, "/queue/claims", {"ticket": TICKET})
    assert head.json()["assignee"] == "e-liu"


async def test_the_head_of_its_own_queue_needs_no_reason(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    await world.publish(opened(SECOND, QUESTION))
    answer = await post(world, CHEN, "/queue/claims", {"ticket": SECOND})
    assert answer.json()["assignee"] == "e-chen"


async def test_what_somebody_has_cannot_be_claimed(world: World) -> None:
    await claimed(world)
    refused = await post(world, LIU, "/queue/claims", {"ticket": TICKET})
    assert refused.status_code == 409
    assert refused.json()["title"] == "Somebody else has it"
    again = await post(world, CHEN, "/queue/claims", {"ticket": TICKET})
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
    assert (await post(world, who, "/queue/claims", body)).status_code == status


async def test_a_lead_gives_a_ticket_to_another_engineer(world: World) -> None:
    await claimed(world)
    await ask(world, LEAD, "PUT", "/engineers/e-liu", {"name": "刘洋", "level": "senior"})
    body = {"engineer": "e-liu", "reason": "陈宇休假"}
    assert (await post(world, CHEN, f"/tickets/{TICKET}/assignment", body)).status_code == 403
    answer = await post(world, LEAD, f"/tickets/{TICKET}/assignment", body)
    assert answer.json()["assignee"] == "e-liu"
    assigned = world.published(TriageAssigned)[-1]
    assert (assigned.engineer, assigned.instead_of, assigned.by, assigned.senior) == ("e-liu", "e-chen", "l-qian", True)
    everybody = (await ask(world, LEAD, "GET", "/engineers")).json()
    assert {one["id"]: one["open"] for one in everybody} == {"e-chen": 0, "e-liu": 1}
    nobody = await post(world, LEAD, f"/tickets/{TICKET}/assignment", {"engineer": "e-nobody", "reason": "x"})
    assert nobody.status_code == 404


async def test_a_released_ticket_is_back_in_the_queue(world: World) -> None:
    await claimed(world)
    path, body = f"/tickets/{TICKET}/release", {"reason": "需要数据库专家"}
    assert (await post(world, LIU, path, body)).status_code == 403
    answer = await post(world, CHEN, path, body)
    assert (answer.json()["assignee"], answer.json()["stage"]) == ("", "diagnosis")
    [released] = world.published(TriageReleased)
    assert (released.engineer, released.reason) == ("e-chen", "需要数据库专家")
    [chen] = (await ask(world, LEAD, "GET", "/engineers")).json()
    assert chen["open"] == 0


async def test_a_released_urgent_ticket_goes_to_another_senior(world: World) -> None:
    for who in (CHEN, LIU):
        await ask(world, LEAD, "PUT", f"/engineers/{who.sub}", {"name": who.name, "level": "senior"})
        await ask(world, who, "PUT", f"/engineers/{who.sub}/availability", {"available": True})
    await world.publish(opened(TICKET, OUTAGE))
    [assigned] = world.published(TriageAssigned)
    before, after = (CHEN, LIU) if assigned.engineer == "e-chen" else (LIU, CHEN)
    answer = await post(world, before, f"/tickets/{TICKET}/release", {"reason": "下班"})
    assert answer.json()["assignee"] == after.sub


async def test_a_stale_if_match_is_refused(world: World) -> None:
    await claimed(world)
    seen = await ask(world, CHEN, "GET", f"/tickets/{TICKET}")
    tag = seen.headers["etag"]
    path = f"/tickets/{TICKET}/worklog"
    first = await post(world, CHEN, path, {"text": "看过日志"}, **{"If-Match": tag})
    assert first.status_code == 201
    assert first.headers["etag"] != tag
    stale = await post(world, CHEN, path, {"text": "再看一次"}, **{"If-Match": tag})
    assert stale.status_code == 412


async def test_an_unknown_ticket_is_not_found(world: World) -> None:
    assert (await ask(world, CHEN, "GET", "/tickets/TK-2026-000404")).status_code == 404
    assert (await ask(world, WANG, "GET", "/tickets/TK-2026-000404")).status_code == 403


async def test_a_work_item_shows_its_status_and_both_languages(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    shown = (await ask(world, AUDITOR, "GET", f"/tickets/{TICKET}")).json()
    assert (shown["status"], shown["stage"], shown["channel"]) == ("pending", "diagnosis", "online")
    assert all(reason["en"] and reason["zh"] for reason in shown["reasons"])


# ---- classification


async def test_a_person_reclassifies_and_so_confirms(world: World) -> None:
    await claimed(world)
    body = {"category": "data", "priority": "normal", "reason": "数据问题，不急"}
    path = f"/tickets/{TICKET}/classification"
    assert (await post(world, LIU, path, body)).status_code == 403
    answer = await post(world, CHEN, path, body)
    assert (answer.json()["category"], answer.json()["queue"], answer.json()["priority"]) == ("data", "data", "normal")
    [changed] = world.published(TriageReclassified)
    assert (changed.category, changed.priority) == (Category.DATA, Priority.NORMAL)
    assert (await post(world, CHEN, path, {**body, "category": "weather"})).status_code == 422


async def test_a_ticket_classified_as_urgent_goes_to_a_senior_at_once(world: World) -> None:
    await ask(world, LEAD, "PUT", "/engineers/e-liu", {"name": "刘洋", "level": "senior"})
    await ask(world, LEAD, "PUT", "/engineers/e-liu/availability", {"available": True})
    await world.publish(opened(TICKET, CRASH))
    body = {"category": "function", "priority": "urgent", "reason": "月结在即"}
    answer = await post(world, CHEN, f"/tickets/{TICKET}/classification", body)
    assert answer.json()["assignee"] == "e-liu"
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'


# ---- remote assistance


SESSION = {"tool": "todesk", "purpose": "查看导出日志"}


async def test_no_remote_session_without_consent(world: World) -> None:
    await claimed(world)
    path = f"/tickets/{TICKET}/remote-sessions"
    refused = await post(world, CHEN, path, SESSION)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:bihuan:problem:no-consent")
    await consented(world, hours=1)
    await world.pass_time(hours=2)
    assert (await post(world, CHEN, path, SESSION)).status_code == 409
    await consented(world)
    await world.publish(TicketConsentRevoked(subject=TICKET, time=world.now(), consent="c-1"))
    assert (await post(world, CHEN, path, SESSION)).status_code == 409
    assert world.published(TriageRemoteSessionStarted) == []


async def test_a_remote_session_under_consent_leaves_a_record(world: World) -> None:
    await claimed(world)
    await consented(world, hours=8)
    path = f"/tickets/{TICKET}/remote-sessions"
    assert (await post(world, CHEN, path, {**SESSION, "tool": "AnyDesk"})).status_code == 422
    assert (await post(world, LIU, path, SESSION)).status_code == 403
    started = await post(world, CHEN, path, SESSION)
    assert started.status_code == 201
    [session] = started.json()["sessions"]
    assert (session["tool"], session["consent"]) == ("ToDesk", "c-1")
    end = f"{path}/{session['id']}/end"
    assert (await post(world, CHEN, end, {"changes": "无"})).status_code == 422
    ended = await post(world, CHEN, end, {"key_steps": ["打开日志目录", "复制日志"], "changes": "无"})
    assert ended.json()["sessions"][0]["key_steps"] == ["打开日志目录", "复制日志"]
    assert (await post(world, CHEN, end, {"recording": "r-1"})).status_code == 409
    assert (await post(world, CHEN, f"{path}/s9/end", {"recording": "r-1"})).status_code == 404
    assert len(world.published(TriageRemoteSessionStarted)) == 1
    assert len(world.published(TriageRemoteSessionEnded)) == 1


# ---- logs and third parties


async def test_a_log_is_analysed(world: World) -> None:
    await claimed(world)
    path = f"/tickets/{TICKET}/log-analyses"
    log = "ERROR\njava.lang.IllegalStateException: no pool\n\tat com.acme.Order.create(Order.java:12)\n"
    answer = await post(world, CHEN, path, {"text": log, "root_cause": "连接池过小"})
    assert answer.status_code == 201
    [trace] = answer.json()["traces"]
    assert (trace["language"], trace["type"]) == ("java", "java.lang.IllegalStateException")
    assert answer.json()["analysis"]["fingerprints"] == [trace["fingerprint"]]
    [analysed] = world.published(TriageLogAnalysed)
    assert analysed.exceptions == ["java.lang.IllegalStateException: no pool"]
    assert analysed.fingerprints == [trace["fingerprint"]]
    await post(world, CHEN, path, {"text": log, "root_cause": "连接泄漏"})
    [analysis] = (await ask(world, CHEN, "GET", f"/tickets/{TICKET}")).json()["log_analyses"]
    assert analysis["root_cause"] == "连接泄漏"


async def test_a_log_that_is_too_long_is_refused(world: World) -> None:
    await claimed(world)
    answer = await post(world, CHEN, f"/tickets/{TICKET}/log-analyses", {"text": "x" * (256 * 1024 + 1)})
    assert answer.status_code == 422


async def test_a_third_party_is_brought_in_and_answers(world: World) -> None:
    await claimed(world)
    path = f"/tickets/{TICKET}/third-parties"
    body = {"party": "数据库厂商", "reason": "连接数异常"}
    assert (await post(world, CHEN, path, body)).status_code == 201
    assert (await post(world, CHEN, path, body)).status_code == 409
    answer = {"party": "数据库厂商", "answer": "升级驱动"}
    done = await post(world, CHEN, f"{path}/answer", answer)
    assert done.json()["third_parties"][0]["answer"] == "升级驱动"
    assert (await post(world, CHEN, f"{path}/answer", answer)).status_code == 404
    assert len(world.published(TriageThirdPartyEngaged)) == len(world.published(TriageThirdPartyAnswered)) == 1


# ---- the solution


SOLUTION = {"solution": "升级到 V3.2.1", "root_cause": "空指针", "article": "KB-7"}
VERIFICATION = {"steps": "在测试环境导出", "result": "成功"}


async def test_only_a_proposed_solution_can_be_verified(world: World) -> None:
    await claimed(world)
    path = f"/tickets/{TICKET}/verifications"
    early = await post(world, CHEN, path, {**VERIFICATION, "passed": True})
    assert (early.status_code, early.json()["type"]) == (409, "urn:bihuan:problem:no-solution")
    assert (await post(world, CHEN, f"/tickets/{TICKET}/solutions", SOLUTION)).status_code == 201
    failed = await post(world, CHEN, path, {**VERIFICATION, "passed": False})
    assert failed.json()["stage"] == "handling"
    passed = await post(world, CHEN, path, {**VERIFICATION, "passed": True})
    assert passed.json()["stage"] == "customer_verification"
    assert len(passed.json()["proposals"][0]["verifications"]) == 2
    assert (await post(world, CHEN, path, {**VERIFICATION, "passed": True})).status_code == 409
    [proposed] = world.published(TriageSolutionProposed)
    [_] = world.published(TriageSolutionFailed)
    [verified] = world.published(TriageSolutionVerified)
    assert (verified.round, verified.solution, verified.article) == (1, proposed.solution, "KB-7")
    assert (verified.assignee, verified.assignee_name) == (CHEN.sub, CHEN.name)
    item = (await ask(world, CHEN, "GET", f"/tickets/{TICKET}")).json()
    assert (verified.category, verified.priority) == (item["category"], item["priority"])


async def test_the_customers_no_begins_another_round(world: World) -> None:
    await claimed(world)
    solutions, verifications = f"/tickets/{TICKET}/solutions", f"/tickets/{TICKET}/verifications"
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
    for _ in range(2):
        answer = await post(world, CHEN, f"/tickets/{TICKET}/solutions", SOLUTION, **{"Idempotency-Key": "k-2"})
        assert answer.status_code == 201
    assert len(world.published(TriageSolutionProposed)) == 1


async def test_a_note_sent_twice_is_written_once(world: World) -> None:
    await claimed(world)
    for _ in range(2):
        answer = await post(world, CHEN, f"/tickets/{TICKET}/worklog", {"text": "已联系客户"})
    assert [entry["text"] for entry in answer.json()["worklog"] if entry["did"] == "noted"] == ["已联系客户"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("remote-sessions", SESSION),
        ("log-analyses", {"text": "x"}),
        ("third-parties", {"party": "厂商", "reason": "x"}),
        ("solutions", SOLUTION),
        ("verifications", {**VERIFICATION, "passed": True}),
        ("worklog", {"text": "x"}),
        ("release", {"reason": "x"}),
        ("classification", {"category": "data", "priority": "high", "reason": "x"}),
    ],
)
async def test_nothing_is_done_on_a_completed_ticket(world: World, path: str, body: dict[str, Any]) -> None:
    await claimed(world)
    assert (await post(world, AGENT, f"/tickets/{TICKET}/{path}", body)).status_code == 403
    await world.publish(
        TicketCompleted(subject=TICKET, time=world.now(), problem=CRASH, customer="u-wang", opened_at=NOON)
    )
    refused = await post(world, CHEN, f"/tickets/{TICKET}/{path}", body)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:bihuan:problem:closed")


# ---- consultation


async def test_a_lead_holds_a_consultation(world: World) -> None:
    await claimed(world)
    path = f"/tickets/{TICKET}/consultation"
    body = {"background": "导出崩溃", "tried": "升级、重装", "stuck_at": "无法复现", "invited": ["研发", "产品"]}
    assert (await post(world, CHEN, path, body)).status_code == 403
    assert (await post(world, LEAD, path, {**body, "invited": []})).status_code == 422
    opened_ = await post(world, LEAD, path, body)
    assert opened_.json()["stage"] == Stage.CONSULTATION.value
    assert (await post(world, LEAD, path, body)).status_code == 409
    conclusion = {"conclusions": "内存泄漏", "action_items": ["发补丁"]}
    concluded = await post(world, LEAD, f"{path}/conclusion", conclusion)
    assert concluded.json()["stage"] == Stage.HANDLING.value
    assert (await post(world, LEAD, f"{path}/conclusion", conclusion)).status_code == 404
    [consultation] = world.published(TriageConsultationOpened)
    assert consultation.invited == ["研发", "产品"]
    [end] = world.published(TriageConsultationConcluded)
    assert end.action_items == ["发补丁"]


# ---- engineers


async def test_engineers_are_entered_by_a_lead_and_say_themselves_when_they_are_there(world: World) -> None:
    body = {"name": "刘洋", "email": "liu@desk.example", "level": "senior", "skills": ["data"], "capacity": 5}
    assert (await ask(world, CHEN, "PUT", "/engineers/e-liu", body)).status_code == 403
    assert (await ask(world, ADMIN, "PUT", "/engineers/e-liu", body)).json()["level"] == "senior"
    assert (await ask(world, ADMIN, "PUT", "/engineers/e-liu", {**body, "capacity": 0})).status_code == 422
    there = {"available": True}
    assert (await ask(world, CHEN, "PUT", "/engineers/e-liu/availability", there)).status_code == 403
    assert (await ask(world, LIU, "PUT", "/engineers/e-liu/availability", there)).json()["available"]
    assert (await ask(world, CHEN, "PUT", "/engineers/e-chen/availability", there)).json()["name"] == "陈宇"
    assert (await ask(world, LEAD, "PUT", "/engineers/e-none/availability", there)).status_code == 404
    names = [one["id"] for one in (await ask(world, AGENT, "GET", "/engineers")).json()]
    assert names == ["e-liu", "e-chen"]
    assert (await ask(world, WANG, "GET", "/engineers")).status_code == 403


# ---- how the database finds it


async def test_every_list_is_found_by_an_index(world: World) -> None:
    service: Triage = world.apps["triage"].state.service
    work, engineers = service.work.store, service.engineers.store
    for number in range(1, 31):
        await world.publish(opened(f"TK-2026-0000{number:02}", problem("页面报错", f"第 {number} 次")))
    filters: list[dict[str, str]] = [
        {},
        {"queue": "function"},
        {"assignee": ""},
    ]
    plans = [await work.explain({**wanted, "pressing": {"$gte": "1", "$lte": "9"}}) for wanted in filters]
    plans.append(await engineers.explain({"level": "senior", "available": True}))
    assert all("COLLSCAN" not in str(plan) and "IXSCAN" in str(plan) for plan in plans)
