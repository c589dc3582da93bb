"""A customer takes back their consent while an engineer is on their screen (P3.1)."""

from datetime import datetime

from shared.events import TicketConsentRevoked, TriageRemoteSessionEnded
from shared.testing import CHEN, WANG, World
from tests.journeys.desk import COMPLETE, Desk

ALLOWED = {"tool": "ToDesk", "scope": "远程桌面，仅限本工单", "purpose": "查看导出设置", "words": "请下午连接"}
SESSION = {"tool": "ToDesk", "purpose": "查看导出设置"}


async def test_a_revocation_ends_the_session_and_tells_the_engineer_before_any_clock_has_moved(
    desk: Desk, world: World
) -> None:
    """By events alone: nothing of it is looked for from time to time."""
    number = await desk.open(COMPLETE)
    await desk.claim(number)
    sessions = f"/v1/tickets/{number}/work/remote-sessions"
    await desk.do(CHEN, "POST", "triage", sessions, SESSION, expect=(409,))
    ticket = await desk.do(WANG, "POST", "intake", f"/v1/tickets/{number}/consents", ALLOWED)
    [consent] = [one["id"] for one in ticket["consents"]]
    await desk.do(CHEN, "POST", "triage", sessions, SESSION)
    await desk.do(WANG, "POST", "intake", f"/v1/tickets/{number}/consents/{consent}/revocation")
    [revoked], [ended] = world.published(TicketConsentRevoked), world.published(TriageRemoteSessionEnded)
    assert (ended.session, ended.cut_off, ended.time) == ("s1", True, revoked.time)
    [session] = (await desk.work(number))["sessions"]
    assert (session["cut_off"], datetime.fromisoformat(session["ended_at"])) == (True, revoked.time)
    told = (await desk.do(CHEN, "GET", "notify", "/v1/notifications"))["items"]
    assert [one["ticket"] for one in told if one["template"] == "consent_revoked"] == [number]
    again = {**SESSION, "purpose": "再看一次"}
    await desk.do(CHEN, "POST", "triage", sessions, again, expect=(409,))
    # What was done until then is still written down.
    record = {"key_steps": ["打开导出设置"], "changes": "无"}
    [session] = (await desk.do(CHEN, "POST", "triage", f"{sessions}/s1/end", record))["sessions"]
    assert (session["key_steps"], session["cut_off"]) == (["打开导出设置"], True)
