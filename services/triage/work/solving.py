"""What an engineer does with a work item that they have: remote sessions, logs, third parties, solutions (P3, P4.1)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from services.triage.diagnosis.domain import confirm
from services.triage.diagnosis.stack_traces import Trace, fingerprints
from services.triage.work.activities import do
from services.triage.work.domain import AT_WORK, NoSuchPart, WorkItem
from services.triage.work.values import Did, Entry, Person, Work, quoted
from shared.domain import Conflict, Invalid
from shared.events import (
    Event,
    Suggestion,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageLogAnalysed,
    TriageRemoteSessionEnded,
    TriageRemoteSessionStarted,
    TriageSolutionFailed,
    TriageSolutionProposed,
    TriageSolutionVerified,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
)
from shared.terms import Text

MOST_EXCEPTIONS = 20


class NoConsent(Conflict):
    title = Text("No valid consent to remote assistance", "没有有效的远程协助同意书")


class NotApproved(Invalid):
    title = Text("The tool is not on the approved list", "远程工具不在许可清单内")


class NoRecord(Invalid):
    title = Text("A remote session leaves a record", "远程协助须留有记录")


class NothingProposed(Conflict):
    title = Text("No solution is proposed in this round", "本轮尚未提出解决方案")


def _begin_work(item: WorkItem, by: Person, now: datetime) -> list[Event]:
    """Whoever works on it agrees with the diagnosis by doing so."""
    item.must_be_theirs(by)
    item.must_have_room()
    return confirm(item, by, now)


# ---- remote assistance (P3.1)


def start_session(
    item: WorkItem, by: Person, tool: str, purpose: str, approved: Collection[str], now: datetime
) -> list[Event]:
    events = _begin_work(item, by, now)
    name = next((one for one in approved if one.casefold() == tool.casefold()), None)
    if name is None:
        listed = ", ".join(approved)
        raise NotApproved(f"'{tool}' is not one of: {listed}", f"“{tool}”不在许可清单内：{listed}")
    valid = [one for one in item.consents if one.expires_at is None or one.expires_at > now]
    if not valid:
        raise NoConsent(
            f"{item.id} has no consent that holds now; ask the customer first",
            f"{item.id} 没有当前有效的同意书，请先征得客户书面同意",
        )
    started = TriageRemoteSessionStarted(
        subject=item.id,
        time=now,
        session=f"s{len(item.sessions) + 1}",
        tool=name,
        consent=valid[-1].id,
        purpose=purpose,
    )
    return events + do(item, started, by)


def end_session(
    item: WorkItem, by: Person, id: str, key_steps: Sequence[str], changes: str, recording: str, now: datetime
) -> list[Event]:
    events = _begin_work(item, by, now)
    session = next((one for one in item.sessions if one.id == id), None)
    if session is None:
        raise NoSuchPart(f"{item.id} has no remote session {id}", f"{item.id} 没有远程会话 {id}")
    if session.ended_at:
        raise Conflict(f"the session {id} has ended already", f"远程会话 {id} 已结束")
    if not (key_steps or recording):
        raise NoRecord("name the recording or the key steps", "请提供录屏或关键步骤")
    ended = TriageRemoteSessionEnded(
        subject=item.id, time=now, session=id, key_steps=list(key_steps), changes=changes, recording=recording
    )
    return events + do(item, ended, by)


# ---- log analysis and third parties (P3.2)


def analyse_log(
    item: WorkItem,
    by: Person,
    id: str,
    found: Sequence[Trace],
    similar: Sequence[Suggestion],
    root_cause: str,
    attachment: str,
    now: datetime,
) -> list[Event]:
    """`id` comes from the content: the same log again replaces its analysis."""
    events = _begin_work(item, by, now)
    analysed = TriageLogAnalysed(
        subject=item.id,
        time=now,
        analysis=id,
        fingerprints=fingerprints(found)[:MOST_EXCEPTIONS],
        exceptions=list(dict.fromkeys(quoted(trace.title) for trace in found))[:MOST_EXCEPTIONS],
        root_cause=root_cause,
        attachment=attachment,
        similar=list(similar),
    )
    return events + do(item, analysed, by)


def engage(item: WorkItem, by: Person, party: str, reason: str, now: datetime) -> list[Event]:
    events = _begin_work(item, by, now)
    if any(one.party == party and one.answered_at is None for one in item.third_parties):
        raise Conflict(f"{party} is at work on {item.id} already", f"{party} 已在协助处理 {item.id}")
    return events + do(item, TriageThirdPartyEngaged(subject=item.id, time=now, party=party, reason=reason), by)


def hear_third_party(item: WorkItem, by: Person, party: str, answer: str, now: datetime) -> list[Event]:
    events = _begin_work(item, by, now)
    if all(one.party != party or one.answered_at for one in item.third_parties):
        raise NoSuchPart(f"{item.id} does not wait for {party}", f"{item.id} 并未等待 {party}")
    return events + do(item, TriageThirdPartyAnswered(subject=item.id, time=now, party=party, answer=answer), by)


# ---- the solution (P4.1)


def propose(item: WorkItem, by: Person, solution: str, root_cause: str, article: str, now: datetime) -> list[Event]:
    events = _begin_work(item, by, now)
    item.must_be(*AT_WORK)
    proposed = TriageSolutionProposed(
        subject=item.id, time=now, round=item.round, solution=solution, root_cause=root_cause, article=article
    )
    return events + do(item, proposed, by)


def verify(item: WorkItem, by: Person, steps: str, result: str, passed: bool, now: datetime) -> list[Event]:
    """The engineer has tried the solution in a test environment; when it works the customer is asked next."""
    events = _begin_work(item, by, now)
    item.must_be(*AT_WORK)
    proposal = next((one for one in item.proposals if one.round == item.round), None)
    if proposal is None:
        raise NothingProposed(
            f"round {item.round} of {item.id} has no solution yet", f"{item.id} 第 {item.round} 轮尚无解决方案"
        )
    if not passed:
        failed = TriageSolutionFailed(subject=item.id, time=now, round=item.round, steps=steps, result=result)
        return events + do(item, failed, by)
    verified = TriageSolutionVerified(
        subject=item.id,
        time=now,
        round=item.round,
        solution=proposal.solution,
        root_cause=proposal.root_cause,
        article=proposal.article,
        steps=steps,
        result=result,
        assignee=item.assignee,
        assignee_name=item.assignee_name,
        category=item.category,
        priority=item.priority,
    )
    return events + do(item, verified, by)


def note(item: WorkItem, by: Person, text: str, now: datetime) -> list[Event]:
    """Of notes nobody is told."""
    events = _begin_work(item, by, now)
    item.log(Entry(id=f"{item.version + 1:08d}/{Did.NOTED}", at=now, by=by.sub, did=Did.NOTED, text=text))
    return events


# ---- expert consultation (P3.4)


def consult(
    item: WorkItem, by: Person, background: str, tried: str, stuck_at: str, invited: Sequence[str], now: datetime
) -> list[Event]:
    events = _begin_work(item, by, now)
    item.must_be(Work.AT_WORK)
    opened = TriageConsultationOpened(
        subject=item.id,
        time=now,
        background=background,
        tried=tried,
        stuck_at=stuck_at,
        invited=list(invited),
        round=item.round,
    )
    return events + do(item, opened, by)


def conclude(item: WorkItem, by: Person, conclusions: str, action_items: Sequence[str], now: datetime) -> list[Event]:
    events = _begin_work(item, by, now)
    if all(one.concluded_at for one in item.consultations):
        raise NoSuchPart(f"{item.id} is in no consultation", f"{item.id} 没有进行中的会诊")
    concluded = TriageConsultationConcluded(
        subject=item.id, time=now, conclusions=conclusions, action_items=list(action_items)
    )
    return events + do(item, concluded, by)
