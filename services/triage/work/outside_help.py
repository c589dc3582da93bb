"""What a work item keeps of the third parties that were asked about it, and of their answers."""

from services.triage.work.domain import WorkItem
from services.triage.work.values import Activity, ThirdParty, WorklogEntry
from shared.domain import TooEarly
from shared.events import TriageThirdPartyAnswered, TriageThirdPartyEngaged, TriageThirdPartyOverdue


def engaged(item: WorkItem, event: TriageThirdPartyEngaged) -> None:
    if item.log(WorklogEntry.of_activity(event, Activity.THIRD_PARTY_ENGAGED, event.reason, party=event.party)):
        asked = ThirdParty(
            party=event.party,
            reason=event.reason,
            engaged_at=event.time,
            id=event.engagement,
            third_party=event.third_party,
            contact=event.contact,
            email=event.email,
            language=event.language,
            title=event.title,
            attachments=event.attachments,
            shown_customer=event.customer,
            due_at=event.due_at,
        )
        item.third_parties = sorted([*item.third_parties, asked], key=lambda one: one.engaged_at)


def answered(item: WorkItem, event: TriageThirdPartyAnswered) -> None:
    """Raises TooEarly."""
    entry = WorklogEntry.of_activity(event, Activity.THIRD_PARTY_ANSWERED, event.answer, party=event.party)
    if entry in item.worklog:
        return
    asked = waiting_for(item, event.party)
    if asked is None:
        raise TooEarly(f"{event.party} answers about {item.id}, that it was asked has not been heard")
    asked.answer, asked.answered_at, asked.answer_attachments = event.answer, event.time, event.attachments
    item.log(entry)


def overdue(item: WorkItem, event: TriageThirdPartyOverdue) -> None:
    """Raises TooEarly."""
    asked = next((one for one in item.third_parties if one.id == event.engagement), None)
    if asked is None:
        raise TooEarly(f"{event.party} is late about {item.id}, that it was asked has not been heard")
    asked.overdue_told = True
    item.log(WorklogEntry.of_activity(event, Activity.THIRD_PARTY_OVERDUE, party=event.party))


def waiting_for(item: WorkItem, party: str) -> ThirdParty | None:
    return next((one for one in item.third_parties if one.party == party and one.answered_at is None), None)
