from services.notify.contact_tasks.domain import ContactTask
from shared.mongo import Database
from shared.outbox import Sender
from shared.service import Now
from shared.store import Index, NewestFirst, Store


class ContactTasks(Store[ContactTask]):
    kind = ContactTask
    collection = "contact_task"
    indexes = (Index(("state", "created_at")), Index(("ticket", "created_at")), Index(("created_at",)))

    def __init__(self, database: Database, sender: Sender, now: Now) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("created_at", now)
