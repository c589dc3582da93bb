"""Remote assistance: under the customer's consent, with an approved tool, and with a record of what was done (P3.1)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from services.triage.work.activities import record
from services.triage.work.domain import WorkItem
from services.triage.work.values import TRIAGE, Actor
from services.triage.work.worklog import begin_work, finish_work
from shared.domain import Conflict, Invalid, NotFound
from shared.events import Event, TriageRemoteSessionEnded, TriageRemoteSessionStarted
from shared.events.triage_work import ConfigChange
from shared.terms import Text


class RemoteSessionNotFound(NotFound):
    title = Text("Remote session not found", "未找到远程协助会话")


class NoConsent(Conflict):
    title = Text("No valid consent to remote assistance", "没有有效的远程协助授权")


class ToolNotApproved(Invalid):
    title = Text("The remote tool is not approved", "远程协助工具不在许可清单内")


class RecordMissing(Invalid):
    title = Text("A record of the remote session is required", "请提供远程协助记录")


class ChangesMissing(Invalid):
    title = Text("What was changed on the customer's side is required", "请说明对客户侧所做的变更")


def start(
    item: WorkItem, by: Actor, tool: str, purpose: str, approved: Collection[str], now: datetime, scope: str = ""
) -> list[Event]:
    """`scope`: what it needs the customer's consent to; empty: whatever they allow. Raises ToolNotApproved,
    NoConsent."""
    events = begin_work(item, by, now)
    name = next((one for one in approved if one.casefold() == tool.casefold()), None)
    if name is None:
        listed = ", ".join(approved)
        raise ToolNotApproved(
            f"'{tool}' is not one of the approved tools: {listed}", f"“{tool}”不在许可清单内：{listed}"
        )
    in_time = [one for one in item.consents if one.expires_at is None or one.expires_at > now]
    of_tool = [one for one in in_time if one.tool.casefold() in ("", name.casefold())]
    valid = [one for one in of_tool if not scope or one.scope.casefold() == scope.casefold()]
    if of_tool and not valid:
        allowed = ", ".join(dict.fromkeys(one.scope for one in of_tool))
        raise NoConsent(f"The customer's consent is for: {allowed}", f"客户的授权范围为：{allowed}")
    if not valid:
        allowed = ", ".join(dict.fromkeys(one.tool for one in in_time))
        if allowed:
            raise NoConsent(f"The customer allows {allowed} only", f"客户仅授权使用 {allowed}")
        raise NoConsent(
            f"{item.id} has no valid consent; ask the customer for it first",
            f"{item.id} 没有有效的远程协助授权，请先取得客户的书面授权",
        )
    started = TriageRemoteSessionStarted(
        subject=item.id,
        time=now,
        session=f"s{len(item.sessions) + 1}",
        tool=name,
        consent=valid[-1].id,
        purpose=purpose,
        scope=valid[-1].scope,
        until=valid[-1].expires_at,
    )
    return events + record(item, started, by)


def end(
    item: WorkItem,
    by: Actor,
    id: str,
    key_steps: Sequence[str],
    changes: str,
    recording: str,
    now: datetime,
    recording_sha256: str = "",
    config_changes: Sequence[ConfigChange] = (),
) -> list[Event]:
    """With a recording and its hash, or the key steps, and with what was changed, if only to say that nothing was.
    Also when the ticket was completed meanwhile. Raises RemoteSessionNotFound, RecordMissing, ChangesMissing."""
    events = finish_work(item, by, now)
    session = next((one for one in item.sessions if one.id == id), None)
    if session is None:
        raise RemoteSessionNotFound(f"{item.id} has no remote session {id}", f"{item.id} 没有远程协助会话 {id}")
    if session.ended_at and (session.is_recorded or not session.cut_off):
        raise Conflict(f"remote session {id} has already ended", f"远程协助会话 {id} 已结束")
    if not (key_steps or recording):
        raise RecordMissing("`recording` or `key_steps` is required", "请提供录屏或关键步骤")
    if recording and not (recording_sha256 or key_steps):
        raise RecordMissing(
            "the recording's SHA-256 or `key_steps` is required",
            "请提供录屏文件的 SHA-256 校验值，或填写关键步骤",
            "body.recording_sha256",
        )
    if not (changes or config_changes):
        raise ChangesMissing(
            "Say in `changes` what was changed, or that nothing was",
            "请在 `changes` 中说明变更内容；未做变更请填“无”",
            "body.changes",
        )
    for place, one in enumerate(config_changes):
        if not (one.reverted or one.kept_because):
            raise ChangesMissing(
                f"Why does the change of {one.what} stay?",
                f"请说明保留“{one.what}”变更的原因",
                f"body.config_changes.{place}.kept_because",
            )
    ended = TriageRemoteSessionEnded(
        subject=item.id,
        time=now,
        session=id,
        key_steps=list(key_steps),
        changes=changes,
        recording=recording,
        recording_sha256=recording_sha256,
        config_changes=list(config_changes),
    )
    return events + record(item, ended, by)


def running_under(item: WorkItem, consent: str) -> list[str]:
    """Ids of the sessions."""
    return [one.id for one in item.sessions if one.consent == consent and one.ended_at is None]


def running_beyond(item: WorkItem, now: datetime) -> list[str]:
    """Ids of the sessions whose consent was given for a time that is over."""
    return [one.id for one in item.sessions if one.until and one.until <= now and one.ended_at is None]


def cut_off(item: WorkItem, id: str, now: datetime) -> list[Event]:
    """The customer has revoked the consent, or its time is over. What was done is still to be written down."""
    if not any(one.id == id and one.ended_at is None for one in item.sessions):
        return []
    return record(
        item, TriageRemoteSessionEnded(subject=item.id, time=now, session=id, key_steps=[], cut_off=True), TRIAGE
    )
