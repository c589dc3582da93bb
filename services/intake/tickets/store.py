from collections.abc import Callable
from datetime import datetime

from services.intake.tickets.domain import Ticket
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, NewestFirst, Store

SHOWN = (
    "problem.title",
    "stage",
    "waiting_for",
    "category",
    "priority",
    "customer",
    "customer_name",
    "assignee_name",
    "opened_at",
)


class Tickets(Store[Ticket]):
    kind = Ticket
    unique = ("_keys",)
    indexes = (
        Index(("opened_at",)),
        Index(("contact.sub", "opened_at")),
        Index(("company", "opened_at")),
    )

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("opened_at", now)
