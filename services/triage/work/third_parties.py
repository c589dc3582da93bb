"""Third parties: the team of another system, or a vendor, is asked and answers (P3.2)."""

from datetime import datetime

from services.triage.work.activities import record
from services.triage.work.domain import WorkItem
from services.triage.work.values import Actor
from services.triage.work.worklog import begin_work
from shared.domain import Conflict, NotFound
from shared.events import Event, TriageThirdPartyAnswered, TriageThirdPartyEngaged
from shared.terms import Text


class ThirdPartyNotEngaged(NotFound):
    title = Text("The third party is not engaged", "未在等待该第三方答复")


def engage(item: WorkItem, by: Actor, party: str, reason: str, now: datetime) -> list[Event]:
    events = begin_work(item, by, now)
    if any(one.party == party and one.answered_at is None for one in item.third_parties):
        raise Conflict(f"{party} is already engaged on {item.id}", f"{party} 已在协助处理 {item.id}")
    return events + record(item, TriageThirdPartyEngaged(subject=item.id, time=now, party=party, reason=reason), by)


def record_reply(item: WorkItem, by: Actor, party: str, answer: str, now: datetime) -> list[Event]:
    events = begin_work(item, by, now)
    if all(one.party != party or one.answered_at for one in item.third_parties):
        raise ThirdPartyNotEngaged(f"{item.id} is not waiting for {party}", f"{item.id} 没有在等待 {party} 答复")
    return events + record(item, TriageThirdPartyAnswered(subject=item.id, time=now, party=party, answer=answer), by)
