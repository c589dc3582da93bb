from collections.abc import Callable
from datetime import datetime

from services.sla.training.domain import Agenda
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import NewestFirst, Store


class Agendas(Store[Agenda]):
    kind = Agenda

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("proposed_at", now)
