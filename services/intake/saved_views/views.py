"""What people send and see of saved views."""

from datetime import datetime
from typing import Any, Self

from services.intake.saved_views.domain import SavedView
from services.intake.tickets.filters import TicketFilters
from shared.domain import Invalid
from shared.http import Body, View, example
from shared.terms import OptionalLine, YesOrNo

MAX_SEARCH_BYTES = 4000


class NewView(Body):
    model_config = example(
        name_zh="我的紧急工单", name_en="My urgent tickets", search={"assignee": "me", "priority": "urgent"}
    )

    name_zh: OptionalLine = ""
    """Its name in Chinese; one of the two names is required"""
    name_en: OptionalLine = ""
    """Its name in English"""
    search: TicketFilters
    """What is looked for, and in which order"""
    shared: YesOrNo = False
    """Whether it is the team's; only leads and admins share views"""


class ViewAmendment(Body):
    """A field that is not there stays as it is."""

    model_config = example(name_en="My urgent tickets", shared=True)

    name_zh: OptionalLine | None = None
    """Its name in Chinese; one of the two names is required"""
    name_en: OptionalLine | None = None
    """Its name in English"""
    search: TicketFilters | None = None
    """What is looked for, and in which order"""
    shared: YesOrNo | None = None
    """Whether it is the team's; if it is no more, it is the caller's own"""


class SavedViewView(View):
    """A saved view."""

    id: str
    """Its id"""
    name_zh: str
    """Its name in Chinese; may be empty"""
    name_en: str
    """Its name in English; may be empty"""
    search: dict[str, Any]
    """What is looked for, and in which order: a body for `POST /v1/ticket-searches`"""
    shared: bool
    """Whether it is the team's"""
    owner: str
    """Who created it, as a subject"""
    owner_name: str
    """Their name"""
    count: int | None
    """How many tickets the caller finds with it, counted like `total` of a search; null where they may read none, or
    the index of this replica is not complete yet"""
    created_at: datetime
    """When it was created"""
    changed_at: datetime
    """When it was changed last"""

    @classmethod
    def of(cls, one: SavedView, count: int | None) -> Self:
        return cls.model_validate({**one.model_dump(), "shared": one.is_shared, "count": count})


def stored(search: TicketFilters) -> dict[str, Any]:
    """As it is kept. Raises Invalid."""
    if len(search.model_dump_json(exclude_defaults=True).encode()) > MAX_SEARCH_BYTES:
        raise Invalid(
            f"A view can have at most {MAX_SEARCH_BYTES} bytes",
            f"视图条件不得超过 {MAX_SEARCH_BYTES} 字节",
            "body.search",
        )
    return search.model_dump(mode="json", exclude_defaults=True)
