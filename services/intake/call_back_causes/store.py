from typing import Any

from services.intake.call_back_causes.domain import CallBackCause
from shared.mongo import Database
from shared.outbox import Sender
from shared.service import Now
from shared.store import ByText, Index, Store


class CallBackCauses(Store[CallBackCause]):
    """No two documents have one of `keys` in common."""

    kind = CallBackCause
    has_outbox = False
    indexes = (Index(("keys",), unique=True), Index(("order",)), Index(("active", "order")))

    def __init__(self, database: Database, sender: Sender, now: Now) -> None:
        super().__init__(database, sender, now)
        self.by_name = ByText("order")

    def _dump(self, cause: CallBackCause) -> dict[str, Any]:
        return {**super()._dump(cause), "keys": cause.keys, "order": cause.order}
