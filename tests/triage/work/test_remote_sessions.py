from shared.events import (
    TicketConsentRevoked,
    TriageRemoteSessionEnded,
    TriageRemoteSessionStarted,
)
from shared.testing import CHEN, LIU, World
from tests.triage.builders import TICKET
from tests.triage.scene import claimed, consented, post

SESSION = {"tool": "todesk", "purpose": "查看导出日志"}


async def test_no_remote_session_without_consent(world: World) -> None:
    await claimed(world)
    path = f"/v1/tickets/{TICKET}/work/remote-sessions"
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
    path = f"/v1/tickets/{TICKET}/work/remote-sessions"
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
