from datetime import datetime, timedelta

import pytest

from services.triage.work import remote_sessions
from services.triage.work.domain import WorkItem
from services.triage.work.handlers import WorkHandlers
from shared.events import (
    Event,
    TicketConsentRevoked,
    TriageRemoteSessionEnded,
    TriageRemoteSessionStarted,
)
from shared.testing import ADMIN, CHEN, LIU, World
from tests.triage.builders import TICKET, completed
from tests.triage.scene import ask, claimed, consented, post, triage

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
    for _ in range(2):  # pressed twice
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


async def test_a_revocation_ends_what_runs_under_it_and_what_was_done_is_still_written_down(world: World) -> None:
    await claimed(world)
    await consented(world)
    path = f"/v1/tickets/{TICKET}/work/remote-sessions"
    for purpose in ("查看日志", "查看设置"):
        assert (await post(world, CHEN, path, {**SESSION, "purpose": purpose})).status_code == 201
    revoked = TicketConsentRevoked(subject=TICKET, time=world.now(), consent="c-1", revision=9)
    for _ in range(2):
        await world.publish(revoked)
    ended = world.published(TriageRemoteSessionEnded)
    assert [(one.session, one.cut_off, one.actor) for one in ended] == [
        ("s1", True, "service:triage"),
        ("s2", True, "service:triage"),
    ]
    at = world.now()
    await world.pass_time(minutes=5)
    record = {"key_steps": ["打开日志目录"], "changes": "无"}
    answer = await post(world, CHEN, f"{path}/s1/end", record)
    first, second = answer.json()["sessions"]
    assert datetime.fromisoformat(first["ended_at"]) == datetime.fromisoformat(second["ended_at"]) == at
    assert (first["cut_off"], first["key_steps"], second["key_steps"]) == (True, ["打开日志目录"], [])
    assert (await post(world, CHEN, f"{path}/s1/end", {**record, "changes": "有"})).status_code == 409
    assert (await post(world, CHEN, path, SESSION)).status_code == 409


async def test_a_session_ends_with_the_time_for_which_the_consent_was_given(world: World) -> None:
    await claimed(world)
    await consented(world, hours=2)
    await consented(world, consent="c-2", tool="Bihuan Assist")
    path = f"/v1/tickets/{TICKET}/work/remote-sessions"
    for tool in ("ToDesk", "Bihuan Assist"):
        assert (await post(world, CHEN, path, {**SESSION, "tool": tool})).status_code == 201
    at = world.now()
    await world.pass_time(hours=1, minutes=59)
    assert world.published(TriageRemoteSessionEnded) == []
    await world.pass_time(minutes=1)
    await triage(world).fire([TICKET])  # another replica
    await world.settle()
    [ended] = world.published(TriageRemoteSessionEnded)
    assert (ended.session, ended.cut_off, ended.time) == ("s1", True, at + timedelta(hours=2))
    first, second = (await ask(world, CHEN, "GET", f"/v1/tickets/{TICKET}/work")).json()["sessions"]
    assert (first["cut_off"], second["ended_at"], second["until"]) == (True, None, None)
    answer = await post(world, CHEN, f"{path}/s1/end", {"key_steps": ["打开日志目录"], "changes": "无"})
    assert answer.json()["sessions"][0]["key_steps"] == ["打开日志目录"]


async def test_what_ran_when_the_ticket_was_completed_is_written_down_afterwards(world: World) -> None:
    await claimed(world)
    await consented(world)
    path = f"/v1/tickets/{TICKET}/work/remote-sessions"
    await post(world, CHEN, path, SESSION)
    await world.publish(completed(revision=9, time=world.now()))
    record = {"key_steps": ["打开日志目录"], "changes": "无"}
    assert (await post(world, CHEN, path, {**SESSION, "purpose": "再看一次"})).status_code == 409
    assert (await post(world, LIU, f"{path}/s1/end", record)).status_code == 403
    [session] = (await post(world, CHEN, f"{path}/s1/end", record)).json()["sessions"]
    assert session["key_steps"] == ["打开日志目录"]


async def test_a_replica_that_was_killed_after_the_first_of_them_ends_the_others_when_it_hears_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await claimed(world)
    await consented(world)
    path = f"/v1/tickets/{TICKET}/work/remote-sessions"
    for purpose in ("查看日志", "查看设置"):
        await post(world, CHEN, path, {**SESSION, "purpose": purpose})
    work: WorkHandlers = world.apps["triage"].state.service.work
    cut_off = remote_sessions.cut_off

    def killed(item: WorkItem, id: str, now: datetime) -> list[Event]:
        if id == "s2":
            raise ConnectionError
        return cut_off(item, id, now)

    revoked = TicketConsentRevoked(subject=TICKET, time=world.now(), consent="c-1", revision=9)
    with monkeypatch.context() as broken:
        broken.setattr(remote_sessions, "cut_off", killed)
        with pytest.raises(ConnectionError):
            await work.revoke_consent(revoked)
    assert [one.cut_off for one in (await work.store.get(TICKET)).sessions] == [True, False]
    await work.revoke_consent(revoked)
    assert [one.cut_off for one in (await work.store.get(TICKET)).sessions] == [True, True]


async def test_a_consent_for_one_tool_is_for_no_other(world: World) -> None:
    await claimed(world)
    await consented(world, tool="在线协助")
    refused = await post(world, CHEN, f"/v1/tickets/{TICKET}/work/remote-sessions", SESSION)
    assert refused.status_code == 409
    assert "在线协助" in refused.json()["detail"]
    await consented(world, consent="c-2", tool="TODESK")
    started = await post(world, CHEN, f"/v1/tickets/{TICKET}/work/remote-sessions", SESSION)
    assert [one["consent"] for one in started.json()["sessions"]] == ["c-2"]


async def test_what_a_session_leaves_out_is_refused(world: World) -> None:
    await claimed(world)
    await consented(world)
    path = f"/v1/tickets/{TICKET}/work/remote-sessions"
    other = await post(world, CHEN, path, {**SESSION, "scope": "命令行"})
    assert (other.status_code, other.json()["type"]) == (409, "urn:bihuan:problem:no-consent")
    assert "桌面" in other.json()["detail"]
    started = await post(world, CHEN, path, {**SESSION, "scope": "桌面"})
    assert [one["scope"] for one in started.json()["sessions"]] == ["桌面"]
    recorded, kept = {"recording": "nas://r-1.mp4"}, {"what": "堆内存", "before": "2 GB", "after": "4 GB"}
    for body, field in (
        ({**recorded, "changes": "无"}, "body.recording_sha256"),
        ({**recorded, "recording_sha256": "0" * 64}, "body.changes"),
        ({"key_steps": ["查看内存"], "config_changes": [kept]}, "body.config_changes.0.kept_because"),
    ):
        refused = await post(world, CHEN, f"{path}/s1/end", body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    done = {**recorded, "recording_sha256": "0" * 64, "config_changes": [{**kept, "reverted": True}]}
    [session] = (await post(world, CHEN, f"{path}/s1/end", done)).json()["sessions"]
    assert session["config_changes"][0]["reverted"] is True
    assert session["recording_sha256"] == "0" * 64


async def test_an_admin_keeps_the_list_of_tools(world: World) -> None:
    await claimed(world)
    await consented(world)
    known = (await ask(world, CHEN, "GET", "/v1/remote-tools")).json()["items"]
    assert [(one["name"], one["approved"]) for one in known] == [("Bihuan Assist", True), ("ToDesk", True)]
    path = f"/v1/remote-tools/{known[1]['id']}"
    assert (await ask(world, CHEN, "PUT", path, {"name": "ToDesk"})).status_code == 403
    assert (await ask(world, ADMIN, "PUT", path, {"name": "ToDesk", "approved": False})).status_code == 200
    await triage(world).tools.begin()
    refused = await post(world, CHEN, f"/v1/tickets/{TICKET}/work/remote-sessions", SESSION)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:bihuan:problem:tool-not-approved")
    assert (await ask(world, ADMIN, "PUT", "/v1/remote-tools/rustdesk", {"name": "todesk"})).status_code == 200
    assert (await post(world, CHEN, f"/v1/tickets/{TICKET}/work/remote-sessions", SESSION)).status_code == 201
