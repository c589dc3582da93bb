"""Contact tasks: when there is one, who has it, and that it is done."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import count

from services.notify.audiences.domain import Audience
from services.notify.contact_tasks.domain import ContactItem, ContactTask, id_of, opened
from services.notify.contact_tasks.store import ContactTasks
from shared.domain import NotFound, Origin
from shared.events import ContactErased, NotifyContactTaskDone
from shared.service import Now

SELF = Origin.service("notify")


@dataclass(frozen=True)
class ContactTaskHandlers:
    store: ContactTasks
    now: Now

    async def put(self, audience: Audience, item: ContactItem) -> None:
        """Have the customer told this by telephone, once: in the task that is open, or a new one."""
        for number in count():
            task = ContactTask(
                id=id_of(audience.id, number),
                ticket=audience.id,
                name=audience.customer.name,
                phone=audience.customer.phone,
                company=audience.company,
                language=audience.customer.language,
                items=[item],
                created_at=self.now(),
            )
            known = await self.store.add(task, opened(task, self.now()), SELF)
            if known is not task:
                known = await self.store.change(task.id, partial(ContactTask.collect, item=item), SELF)
            if known.includes(item.delivery):
                return

    async def claim(self, id: str, by: Origin) -> ContactTask:
        """Raises NotFound, ContactTaskDone, ClaimedBySomeoneElse."""
        return await self.store.change(id, partial(ContactTask.claim, sub=by.actor, now=self.now()), by)

    async def release(self, id: str, by: Origin) -> ContactTask:
        """Raises NotFound, ContactTaskDone."""
        return await self.store.change(id, ContactTask.release, by)

    async def complete(self, id: str, reached: bool, note: str, by: Origin) -> ContactTask:
        """Raises NotFound, ContactTaskDone, ClaimedBySomeoneElse."""
        done = partial(ContactTask.complete, sub=by.actor, reached=reached, note=note, now=self.now())
        return await self.store.change(id, done, by)

    async def restore_done(self, event: NotifyContactTaskDone) -> None:
        """While a lost database is rebuilt."""
        with suppress(NotFound):  # cleared since
            await self.store.change(event.task, partial(ContactTask.restore_done, event=event), event)

    async def forget(self, event: ContactErased) -> None:
        for ticket in event.tickets:
            for task in await self.store.where({"ticket": ticket}):
                await self.store.change(task.id, ContactTask.forget, event)
