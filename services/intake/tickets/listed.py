"""Which tickets a list has: what is asked for in its address, and what that comes to for whoever asks."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from services.intake.tickets.filters import MYSELF, TicketFilters, wanted_of
from services.intake.tickets.handlers import TicketHandlers
from shared.auth import Scope
from shared.category_keys import CategoryKey
from shared.http import Caller
from shared.search import Wanted
from shared.terms import SUBJECT_LENGTH, Id, Known, Moment, Priority, Stage, Status, WaitingFor

FIELDS = ("stage", "waiting_for", "category", "priority", "company", "assignee")


@dataclass(frozen=True)
class ListFilters:
    status: Annotated[Status | None, Query(description="Only tickets with this status")] = None
    stage: Annotated[Known[Stage] | None, Query(description="Only tickets at this stage")] = None
    waiting_for: Annotated[Known[WaitingFor] | None, Query(description="Only tickets that wait for this")] = None
    category: Annotated[CategoryKey | None, Query(description="Only this kind of problem")] = None
    priority: Annotated[Known[Priority] | None, Query(description="Only tickets with this priority")] = None
    customer: Annotated[Id | None, Query(description="Only of this customer, by id, and all merged into it")] = None
    company: Annotated[str | None, Query(max_length=200, description="Only of this company")] = None
    assignee: Annotated[
        str | None,
        Query(max_length=SUBJECT_LENGTH, description="Only of this engineer; `me` is oneself; empty: of nobody"),
    ] = None
    opened_after: Annotated[Moment | None, Query(description="Only tickets opened then or later")] = None
    opened_before: Annotated[Moment | None, Query(description="Only tickets opened earlier")] = None

    @property
    def opened(self) -> tuple[datetime | None, datetime | None]:
        return self.opened_after, self.opened_before

    async def wanted(self, tickets: TicketHandlers, caller: Caller, permission: str) -> dict[str, str | list[str]]:
        """Values, or lists of them, by field: of the tickets with which the caller may do this."""
        asked = {name: getattr(self, name) for name in FIELDS}
        wanted: dict[str, str | list[str]] = {name: str(value) for name, value in asked.items() if value is not None}
        if self.assignee == MYSELF:
            wanted["assignee"] = caller.sub
        if self.status:
            wanted["stage"] = [one.value for one in Stage if one.status is self.status and self.stage in (None, one)]
        if self.customer:
            wanted["customer"] = await tickets.customers.ids_of(self.customer)
        scope = caller.scope_of(permission)
        own_company = caller.principal.company  # nobody's company is no company that anybody shares
        if scope is Scope.COMPANY and own_company:
            wanted["company"] = own_company if self.company in (None, own_company) else []
        elif scope is not Scope.ALL:
            wanted["contact.sub"] = caller.sub
        return wanted

    async def searched(self, tickets: TicketHandlers, caller: Caller) -> Wanted:
        """The same, of the tickets that the caller may read, as the index is asked for it."""
        found = await wanted_of(TicketFilters.model_construct(**asdict(self)), caller, tickets)
        assert found  # no words are looked for
        return found
