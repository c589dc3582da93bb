"""Work items built again from the stream: from what others told, and from what triage told itself.

`restore` takes the events of a ticket one after the other, in the order of the stream, or in any other, as often as
they come. Nobody is told anything by it, nothing is decided anew, and a work item that was lost comes back as it was,
but for what no event tells:

* notes in the worklog;
* reasons, confidence and suggestions that triage found when more was known and its diagnosis stayed the same;
* changes that were never told, in `version`: it is at least as great as when anything was told last, so that what is
  told next is newer.

Engineers are not told about as a whole. `engineer` gives back who was given a ticket: name, address, language, level.
Skills, limits, who is available, and the keys of claims are lost with their collection: back up `engineer`. What they
hold follows from the work items: `Loads.mend` puts it right, at the latest when the service runs.

A ticket of which it was never told how it was diagnosed (`is_whole` is false) belongs to `Triage.begin`, which decides.
"""

from dataclasses import dataclass

from services.triage.routing.domain import Engineer, Level
from services.triage.routing.store import Engineers
from services.triage.work import facts
from services.triage.work.activities import DEEDS, DIAGNOSIS
from services.triage.work.domain import WorkItem
from services.triage.work.store import WorkItems
from shared.domain import Origin, TooEarly
from shared.events import Event, TicketOpened, TriageAssigned

OWN = Origin.service("triage")
# Every kind of event that a work item is made of.
NEEDED: tuple[type[Event], ...] = (*facts.FACTS, *DEEDS)


def restore(item: WorkItem | None, event: Event) -> WorkItem:
    """The work item with this event in it; an `opened` with another id than the one that made it leaves it disputed.

    Raises TooEarly when it builds on something that comes later: give it again then.
    """
    if item is None:
        if not isinstance(event, TicketOpened):
            raise TooEarly(f"{event.kind} of {event.subject} comes before it was opened")
        item = facts.begin(event)
    elif type(event) in facts.FACTS:
        facts.hear(item, event)
    elif deed := DEEDS.get(type(event)):
        deed(item, event)
        item.version = max(item.version, event.revision)
    return item


def is_whole(item: WorkItem) -> bool:
    return DIAGNOSIS in item.revisions


def engineer(before: Engineer | None, event: TriageAssigned) -> Engineer:
    """Whoever is known stays as they are."""
    if before:
        return before
    return Engineer(
        id=event.engineer,
        name=event.engineer_name,
        email=event.engineer_email,
        language=event.engineer_language,
        level=Level.SENIOR if event.senior else Level.ENGINEER,
    )


@dataclass(frozen=True)
class Restoring:
    """Hears the stream while work items are built again."""

    work: WorkItems
    engineers: Engineers

    async def hear(self, event: Event) -> None:
        """Raises TooEarly."""
        if isinstance(event, TriageAssigned):
            known = await self.engineers.find(event.engineer)
            if known is None:
                await self.engineers.add(engineer(None, event), [], OWN)
        if await self.work.find(event.subject) is None:
            await self.work.add(restore(None, event), [], event)
            return
        await self.work.change(event.subject, lambda item: self._restored(item, event), event)

    def _restored(self, item: WorkItem, event: Event) -> list[Event]:
        restore(item, event)
        return []
