from typing import Any

from services.intake.forms.domain import TicketForm
from shared.mongo import Database
from shared.outbox import Sender
from shared.service import Now
from shared.store import ByText, Index, Store


class TicketForms(Store[TicketForm]):
    """No two documents have one `scope`."""

    kind = TicketForm
    has_outbox = False
    indexes = (Index(("scope",), unique=True), Index(("product", "scope")))

    def __init__(self, database: Database, sender: Sender, now: Now) -> None:
        super().__init__(database, sender, now)
        self.by_scope = ByText("scope")

    def _dump(self, form: TicketForm) -> dict[str, Any]:
        return {**super()._dump(form), "scope": form.scope}
