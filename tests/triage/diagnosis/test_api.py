from shared.events import (
    TriageLogAnalysed,
    TriageReclassified,
)
from shared.terms import Category, Priority
from shared.testing import CHEN, LEAD, LIU, World
from tests.triage.builders import CRASH, TICKET, opened
from tests.triage.scene import ask, claimed, post


async def test_a_person_reclassifies_and_so_confirms(world: World) -> None:
    await claimed(world)
    body = {"category": "data", "priority": "normal", "reason": "数据问题，不急"}
    path = f"/v1/tickets/{TICKET}/work/classification"
    assert (await post(world, LIU, path, body)).status_code == 403
    answer = await post(world, CHEN, path, body)
    assert (answer.json()["category"], answer.json()["queue"], answer.json()["priority"]) == ("data", "data", "normal")
    [changed] = world.published(TriageReclassified)
    assert (changed.category, changed.priority) == (Category.DATA, Priority.NORMAL)
    assert (await post(world, CHEN, path, {**body, "category": "weather"})).status_code == 422


async def test_a_ticket_classified_as_urgent_goes_to_a_senior_at_once(world: World) -> None:
    await ask(world, LEAD, "PUT", "/v1/engineers/e-liu", {"name": "刘洋", "level": "senior"})
    await ask(world, LEAD, "PUT", "/v1/engineers/e-liu/availability", {"available": True})
    await world.publish(opened(TICKET, CRASH))
    body = {"category": "function", "priority": "urgent", "reason": "月结在即"}
    answer = await post(world, CHEN, f"/v1/tickets/{TICKET}/work/classification", body)
    assert answer.json()["assignee"] == "e-liu"
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'


async def test_a_log_is_analysed(world: World) -> None:
    await claimed(world)
    path = f"/v1/tickets/{TICKET}/work/log-analyses"
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
    [analysis] = (await ask(world, CHEN, "GET", f"/v1/tickets/{TICKET}/work")).json()["log_analyses"]
    assert analysis["root_cause"] == "连接泄漏"


async def test_a_log_that_is_too_long_is_refused(world: World) -> None:
    await claimed(world)
    answer = await post(world, CHEN, f"/v1/tickets/{TICKET}/work/log-analyses", {"text": "x" * (256 * 1024 + 1)})
    assert answer.status_code == 422
