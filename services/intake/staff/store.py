from services.intake.staff.domain import StaffMember
from shared.mongo import Database
from shared.outbox import Sender
from shared.service import Now
from shared.store import ByText, Index, Store


class Staff(Store[StaffMember]):
    kind = StaffMember
    has_outbox = False
    indexes = (Index(("name",)),)

    def __init__(self, database: Database, sender: Sender, now: Now) -> None:
        super().__init__(database, sender, now)
        self.by_name = ByText("name")
