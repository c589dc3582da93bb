"""Work items built again from the stream: from what others published, and from what triage published itself.

`restore` takes the events of a ticket one after the other, in the order of the stream or in any other, as often as they
come. It publishes nothing and decides nothing anew, and a work item that was lost comes back as it was, but for what
no event says:

* notes in the worklog;
* reasons, confidence and suggestions that triage found when more was known and its diagnosis stayed the same;
* changes without an event, in `version`: it is at least as great as that of the last event, so that the next event is
  newer.

Engineers are not published as a whole. `engineer` gives back who was assigned a ticket: name, address, language, level.
Skills, capacity, who is available, and the keys of claims are lost with their collection: back up `engineer`. What they
hold follows from the work items: `Workload.reconcile` corrects it, at the latest when the service runs.
"""

from dataclasses import dataclass

from services.triage.routing.domain import Engineer, Level
from services.triage.routing.store import Engineers
from services.triage.work import facts
from services.triage.work.activities import ACTIVITIES
from services.triage.work.domain import WorkItem
from services.triage.work.store import WorkItems
from services.triage.work.values import TRIAGE_ORIGIN
from shared.domain import TooEarly
from shared.events import Event, TicketOpened, TriageAssigned

# Every kind of event that a work item is made of.
KINDS: tuple[type[Event], ...] = (*facts.FACTS, *ACTIVITIES)


def restore(item: WorkItem | None, event: Event) -> WorkItem:
    """The work item with this event in it; an `opened` with another id than the one that made it leaves it disputed.

    Raises TooEarly when it builds on something that comes later: give it again then.
    """
    if item is None:
        if not isinstance(event, TicketOpened):
            raise TooEarly(f"{event.kind} of {event.subject} comes before it was opened")
        item = facts.opened(event)
    elif type(event) in facts.FACTS:
        facts.hear(item, event)
    elif activity := ACTIVITIES.get(type(event)):
        activity(item, event)
        item.version = max(item.version, event.revision)
    return item


def engineer(event: TriageAssigned) -> Engineer:
    return Engineer(
        id=event.engineer,
        name=event.engineer_name,
        email=event.engineer_email,
        language=event.engineer_language,
        level=Level.SENIOR if event.senior else Level.ENGINEER,
    )


@dataclass(frozen=True)
class Rebuild:
    """Hears the stream while work items are built again."""

    work: WorkItems
    engineers: Engineers

    async def hear(self, event: Event) -> None:
        """Raises TooEarly."""
        if isinstance(event, TriageAssigned):
            await self.engineers.add(engineer(event), [], TRIAGE_ORIGIN)  # who is known stays as they are
        if await self.work.find(event.subject) is None:
            await self.work.add(restore(None, event), [], event)
            return

        def decide(item: WorkItem) -> list[Event]:
            restore(item, event)
            return []

        await self.work.change(event.subject, decide, event)
